package org.aeiou.daemon.document;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Keys with their values that are being read: hands out the values of the keys that are known, and
 * at the end names the others.
 */
public final class Section {
  private final YamlNode node;
  private final Map<String, YamlNode> values;
  private final Set<String> known = new LinkedHashSet<>();

  /** Keys that belong into other sections. */
  private final List<Elsewhere> elsewhere = new ArrayList<>(2);

  private boolean hasWrongValues;

  private Section(YamlNode node) {
    this.node = node;
    this.values = node.isNothing() ? Map.of() : node.asMap();
  }

  /** Reads a node as a section; nothing, or something that is none, is an empty one. */
  public static Section of(YamlNode node) {
    return new Section(node);
  }

  public boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  public int lineOf(String key) {
    YamlNode value = values.get(key);
    return value == null ? node.line() : value.line();
  }

  public Collection<String> keys() {
    return values.keySet();
  }

  /** The section below a key; empty if the key is not there. */
  public Section section(String key) {
    known.add(key);
    YamlNode value = values.get(key);
    return new Section(value == null ? node.nothing(key, node.line(), "") : value);
  }

  /** As {@link #section(String)}; a single value stands for a section with the key {@code only}. */
  public Section section(String key, String only) {
    YamlNode value = values.get(key);
    if (value == null || value.text() == null || value.isNothing()) {
      return section(key);
    }
    known.add(key);
    YamlNode section = node.keys(key, value.line());
    section.map().put(only, section.value(only, value.line(), value.text()));
    return new Section(section);
  }

  /**
   * The sections of a list, or the one section; a single value stands for a section with the key
   * {@code only}. Empty if the key is not there.
   */
  public List<Section> sections(String key, String only) {
    known.add(key);
    YamlNode value = values.get(key);
    if (value == null) {
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    for (YamlNode item : value.list() == null ? List.of(value) : value.list()) {
      if (item.text() == null || item.isNothing()) {
        sections.add(new Section(item));
      } else {
        YamlNode section = node.keys(key, item.line());
        section.map().put(only, section.value(only, item.line(), item.text()));
        sections.add(new Section(section));
      }
    }
    return sections;
  }

  /** Says that a key is missing, unless something was said that explains it. */
  public void needs(String key, String expected) {
    known.add(key);
    boolean isSection = node.isNothing() || node.map() != null;
    if (isSection && values.keySet().stream().noneMatch(other -> key.equals(meant(other)))) {
      problem(key, "is missing; " + expected);
    }
  }

  /** The known key that another is, or was meant to be; null if it was meant to be none. */
  private String meant(String key) {
    if (known.contains(key)) {
      return key;
    }
    int colon = key.indexOf(':');
    String before = colon < 0 ? key : key.substring(0, colon);
    return known.contains(before) ? before : Spelling.nearest(key, known);
  }

  /** The keys that were asked for. */
  public Set<String> known() {
    return Collections.unmodifiableSet(known);
  }

  /** Keys that are for another section: {@link #done} says where they belong. */
  private record Elsewhere(Set<String> keys, String where) {}

  /** From now on these keys, where they are not known here, are told to belong into a section. */
  public void belong(Set<String> keys, String where) {
    elsewhere.add(new Elsewhere(keys, where));
  }

  /** The same for every key that has a section with the key {@code holding}. */
  public void sectionsWithBelong(String holding, String where) {
    Set<String> keys = new LinkedHashSet<>();
    values.forEach(
        (key, value) -> {
          if (value.map() != null && value.map().containsKey(holding)) {
            keys.add(key);
          }
        });
    belong(keys, where);
  }

  private String whereItBelongs(String key) {
    for (Elsewhere other : elsewhere) {
      if (other.keys.contains(key)) {
        return other.where;
      }
    }
    return null;
  }

  /**
   * The value of a key, as {@code parse} reads it.
   *
   * @param parse reads the text; throws IllegalArgumentException with a message that says what was
   *     expected
   * @return the value; {@code otherwise} if the key is not there or its value is wrong, which is
   *     then a problem
   */
  public <T> T value(String key, T otherwise, Function<String, T> parse) {
    known.add(key);
    YamlNode value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value.isNothing()) {
      value.problem("is nothing; expected a single value");
      return otherwise;
    }
    String text = value.asText();
    if (text == null) {
      return otherwise;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      value.problem(e.getMessage());
      hasWrongValues = true;
      return otherwise;
    }
  }

  /** The same for a number within bounds, both included. */
  public int number(String key, int otherwise, int least, int most) {
    return value(key, otherwise, text -> Texts.number(text, least, most));
  }

  /** Whether {@link #value} could not read the value of a key. */
  public boolean hasWrongValues() {
    return hasWrongValues;
  }

  /** The values of a list of texts, or the one text; empty if the key is not there. */
  public List<YamlNode> texts(String key) {
    known.add(key);
    YamlNode value = values.get(key);
    if (value != null && value.isNothing()) {
      value.problem("is nothing; expected a list");
      return List.of();
    }
    return value == null ? List.of() : value.asTexts();
  }

  public void problem(String key, String message) {
    node.problem(lineOf(key), node.pathOf(key), message);
  }

  /** Says which keys are not known. */
  public void done() {
    for (String key : values.keySet()) {
      if (known.contains(key) || saidThatASpaceIsMissing(key, false)) {
        continue;
      }
      String where = whereItBelongs(key);
      problem(
          key,
          "is not a key here; "
              + (where == null ? expected(key) : "it belongs below '" + where + "'"));
    }
  }

  /**
   * As {@link #done}, where secrets are: names only keys that look like known ones. Others may be
   * secrets that got there by a slip, as in {@code {community secret}}.
   */
  public void doneWithSecrets() {
    for (String key : values.keySet()) {
      if (known.contains(key) || saidThatASpaceIsMissing(key, true)) {
        continue;
      }
      if (Spelling.nearest(key, known) == null) {
        node.problem(lineOf(key), node.path(), "has a key that is not known; " + expected(key));
      } else {
        problem(key, "is not a key here; " + expected(key));
      }
    }
  }

  private String expected(String key) {
    return "expected " + Spelling.meant(key, known) + "one of " + String.join(", ", known);
  }

  /**
   * In {@code {pass:…}} YAML takes the value for a part of the key. As it may be a secret, only
   * what stands before the colon is named.
   */
  private boolean saidThatASpaceIsMissing(String key, boolean onlyIfKnown) {
    int colon = key.indexOf(':');
    if (colon < 0) {
      return false;
    }
    String before = key.substring(0, colon);
    spaceIsMissing(key, onlyIfKnown && !known.contains(before) ? node.path() : node.pathOf(before));
    return true;
  }

  private void spaceIsMissing(String key, String where) {
    node.problem(lineOf(key), where, "has no space behind the colon; expected 'KEY: VALUE'");
  }

  /** Says so of a key that holds a colon. */
  public void spaceIsMissing(String key) {
    spaceIsMissing(key, node.pathOf(key.substring(0, key.indexOf(':'))));
  }
}
