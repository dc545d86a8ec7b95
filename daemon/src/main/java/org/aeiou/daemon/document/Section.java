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
 * A mapping that is being read: hands out the values of the keys that are known, and at the end
 * names those that are not.
 */
public final class Section {
  private final String path;
  private final Map<String, YamlNode.Entry> entries;
  private final int line;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  /** Keys that belong into other sections. */
  private final List<Elsewhere> elsewhere = new ArrayList<>(2);

  /** Whether it is something else than keys and values, which was told. */
  private final boolean isWrong;

  private boolean hasWrongValues;

  private Section(
      String path,
      int line,
      Map<String, YamlNode.Entry> entries,
      boolean isWrong,
      Problems problems) {
    this.path = path;
    this.line = line;
    this.entries = entries;
    this.isWrong = isWrong;
    this.problems = problems;
  }

  /** Reads a node as a section; nothing, or something that is none, is an empty one. */
  public static Section of(YamlNode node, String path, Problems problems) {
    return of(node, node.line(), path, problems);
  }

  private static Section of(YamlNode node, int line, String path, Problems problems) {
    if (node instanceof YamlNode.Mapping mapping) {
      return new Section(path, line, mapping.entries(), false, problems);
    }
    boolean isWrong = !(node instanceof YamlNode.Scalar scalar && scalar.text() == null);
    if (isWrong) {
      problems.add(
          node.line(),
          path,
          "is " + node.kind() + "; expected keys and values, as in 'KEY: VALUE'");
    }
    return new Section(path, line, Map.of(), isWrong, problems);
  }

  public boolean has(String key) {
    known.add(key);
    return entries.containsKey(key);
  }

  public int lineOf(String key) {
    YamlNode.Entry entry = entries.get(key);
    return entry == null ? line : entry.line();
  }

  public String pathOf(String key) {
    String shortened = Problems.shortened(key);
    return path.isEmpty() ? shortened : path + "." + shortened;
  }

  public Collection<String> keys() {
    return entries.keySet();
  }

  /** The section below a key; empty if the key is not there. */
  public Section section(String key) {
    known.add(key);
    YamlNode.Entry entry = entries.get(key);
    return entry == null
        ? new Section(pathOf(key), line, Map.of(), false, problems)
        : of(entry.value(), entry.line(), pathOf(key), problems);
  }

  /** As {@link #section(String)}; a single value stands for a section with the key {@code only}. */
  public Section section(String key, String only) {
    YamlNode.Entry entry = entries.get(key);
    if (entry != null && entry.value() instanceof YamlNode.Scalar scalar && scalar.text() != null) {
      known.add(key);
      return new Section(pathOf(key), entry.line(), Map.of(only, entry), false, problems);
    }
    return section(key);
  }

  /** Says that a key is missing, unless something was said that explains it. */
  public void needs(String key, String expected) {
    known.add(key);
    if (isWrong || entries.containsKey(key)) {
      return;
    }
    if (entries.keySet().stream().noneMatch(other -> key.equals(meant(other)))) {
      problem(key, "is missing; " + expected);
    }
  }

  /** The known key that an unknown one was meant to be, or null. */
  private String meant(String key) {
    if (known.contains(key)) {
      return null;
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
    entries.forEach(
        (key, entry) -> {
          if (entry.value() instanceof YamlNode.Mapping mapping
              && mapping.entries().containsKey(holding)) {
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
    YamlNode.Entry entry = entries.get(key);
    if (entry == null) {
      return otherwise;
    }
    if (!(entry.value() instanceof YamlNode.Scalar scalar) || scalar.text() == null) {
      problem(key, "is " + entry.value().kind() + "; expected a single value");
      return otherwise;
    }
    try {
      return parse.apply(scalar.text());
    } catch (IllegalArgumentException e) {
      problem(key, e.getMessage());
      hasWrongValues = true;
      return otherwise;
    }
  }

  /** Whether {@link #value} could not read the value of a key. */
  public boolean hasWrongValues() {
    return hasWrongValues;
  }

  /** The values of a list of texts, or the one text; empty if the key is not there. */
  public List<YamlNode.Scalar> texts(String key) {
    known.add(key);
    YamlNode.Entry entry = entries.get(key);
    List<YamlNode.Scalar> texts = new ArrayList<>();
    if (entry == null) {
      return texts;
    }
    if (entry.value() instanceof YamlNode.Scalar scalar && scalar.text() != null) {
      texts.add(scalar);
      return texts;
    }
    if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
      problem(key, "is " + entry.value().kind() + "; expected a list");
      return texts;
    }
    for (YamlNode item : sequence.items()) {
      if (item instanceof YamlNode.Scalar scalar && scalar.text() != null) {
        texts.add(scalar);
      } else {
        problem(item, key, "holds " + item.kind() + "; expected texts");
      }
    }
    return texts;
  }

  public void problem(String key, String message) {
    problems.add(lineOf(key), pathOf(key), message);
  }

  /** The same for an item of a list. */
  public void problem(YamlNode item, String key, String message) {
    problems.add(item.line(), pathOf(key), message);
  }

  /** Says which keys nobody asked for. */
  public void done() {
    for (String key : entries.keySet()) {
      if (known.contains(key) || saidThatASpaceIsMissing(key, false)) {
        continue;
      }
      String where = whereItBelongs(key);
      if (where != null) {
        problem(key, "is not a key here; it belongs below '" + where + "'");
      } else {
        problem(key, "is not a key here; expected " + expected(Spelling.nearest(key, known)));
      }
    }
  }

  /**
   * As {@link #done}, where secrets are: names only keys that look like known ones. Others may be
   * secrets that got there by a slip, as in {@code {community secret}}.
   */
  public void doneWithSecrets() {
    for (String key : entries.keySet()) {
      if (known.contains(key) || saidThatASpaceIsMissing(key, true)) {
        continue;
      }
      String nearest = Spelling.nearest(key, known);
      problems.add(
          lineOf(key),
          nearest == null ? path : pathOf(key),
          (nearest == null
                  ? "has a key that is not known; expected "
                  : "is not a key here; expected ")
              + expected(nearest));
    }
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
    spaceIsMissing(key, onlyIfKnown && !known.contains(before) ? path : pathOf(before));
    return true;
  }

  private void spaceIsMissing(String key, String where) {
    problems.add(lineOf(key), where, "has no space behind the colon; expected 'KEY: VALUE'");
  }

  /** Says so of a key that holds a colon. */
  public void spaceIsMissing(String key) {
    spaceIsMissing(key, pathOf(key.substring(0, key.indexOf(':'))));
  }

  private String expected(String nearest) {
    return (nearest == null ? "" : "'" + nearest + "', or ") + "one of " + String.join(", ", known);
  }
}
