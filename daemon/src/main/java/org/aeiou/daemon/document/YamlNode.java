package org.aeiou.daemon.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A place in a document: a single value, a list, or keys with their values; and where it was
 * written. What is wrong with it goes to the problems of its file, so that documents can be laid
 * over each other before anything asks what they mean.
 */
public final class YamlNode {
  private final Problems problems;
  private final YamlNode parent;
  private final String key;
  private final int line;
  private final String text;
  private final boolean nothing;
  private final List<YamlNode> list;
  private final Map<String, YamlNode> map;

  private YamlNode(
      Problems problems,
      YamlNode parent,
      String key,
      int line,
      String text,
      boolean nothing,
      List<YamlNode> list,
      Map<String, YamlNode> map) {
    this.problems = problems;
    this.parent = parent;
    this.key = key;
    this.line = line;
    this.text = text;
    this.nothing = nothing;
    this.list = list;
    this.map = map;
  }

  /** Keys and values that no file holds yet, for files to be laid over. */
  public static YamlNode empty() {
    return top(new Problems("")).keys("", 1);
  }

  /** What documents begin below; it is not a part of them. */
  static YamlNode top(Problems problems) {
    return new YamlNode(problems, null, "", 0, null, false, null, null);
  }

  /** A single value at a key of this one, or in a list there. */
  YamlNode value(String key, int line, String text) {
    return new YamlNode(problems, this, key, line, text, false, null, null);
  }

  /** A key without a value, or YAML's null. */
  YamlNode nothing(String key, int line, String text) {
    return new YamlNode(problems, this, key, line, text, true, null, null);
  }

  YamlNode list(String key, int line) {
    return new YamlNode(problems, this, key, line, null, false, new ArrayList<>(), null);
  }

  YamlNode keys(String key, int line) {
    return new YamlNode(problems, this, key, line, null, false, null, new LinkedHashMap<>());
  }

  /** The value as it is written, empty if there is nothing; null if this is no single value. */
  public String text() {
    return text;
  }

  /** Whether there is a key and no value, or YAML's null. */
  public boolean isNothing() {
    return nothing;
  }

  /** What is in the list, or null if this is none. */
  public List<YamlNode> list() {
    return list;
  }

  /** The values by their keys, in the order written, or null if this has none. */
  public Map<String, YamlNode> map() {
    return map;
  }

  /** The key that leads here; empty at the top. */
  public String key() {
    return key;
  }

  /** Where its key stands, or where it begins if it has none; counted from 1. */
  public int line() {
    return line;
  }

  /** What it is, in words, for messages. */
  public String kind() {
    return map != null
        ? "keys and values"
        : list != null ? "a list" : nothing ? "nothing" : "a single value";
  }

  /** The keys from the top to here, as in {@code systems.core1.address}, each not too long. */
  public String path() {
    return parent == null ? "" : parent.pathOf(key);
  }

  String pathOf(String below) {
    String above = path();
    String shortened = Problems.shortened(below);
    return above.isEmpty() ? shortened : above + "." + shortened;
  }

  /** Says that something is wrong here. */
  public void problem(String message) {
    problem(line, path(), message);
  }

  void problem(int at, String path, String message) {
    problems.add(at, path, message);
  }

  /** The value, or null if this is no single value, which is told. */
  public String asText() {
    if (text == null) {
      problem("is " + kind() + "; expected a single value");
    }
    return text;
  }

  /** The single value at a key; null if there is none, or something else, which is told. */
  public String text(String at) {
    YamlNode value = map.get(at);
    return value == null ? null : value.asText();
  }

  /** The keys and values; none if this is something else, which is told. */
  public Map<String, YamlNode> asMap() {
    if (map == null) {
      problem("is " + kind() + "; expected keys and values, as in 'KEY: VALUE'");
      return Map.of();
    }
    return map;
  }

  /** The keys and values at a key; none if it is not there, or holds something else. */
  public Map<String, YamlNode> map(String at) {
    YamlNode value = map.get(at);
    return value == null ? Map.of() : value.asMap();
  }

  /** The values of a list, or the one value; those that are something else are told. */
  public List<YamlNode> asTexts() {
    if (text != null) {
      return List.of(this);
    }
    if (list == null) {
      problem("is " + kind() + "; expected a list");
      return List.of();
    }
    List<YamlNode> texts = new ArrayList<>(list.size());
    for (YamlNode item : list) {
      if (item.text == null || item.nothing) {
        item.problem("holds " + item.kind() + "; expected texts");
      } else {
        texts.add(item);
      }
    }
    return texts;
  }

  /** The same of what is at a key; none if it is not there. */
  public List<YamlNode> texts(String at) {
    YamlNode value = map.get(at);
    return value == null ? List.of() : value.asTexts();
  }

  /** Tells of every key that is not known. */
  public void onlyKeys(Set<String> known) {
    for (YamlNode value : map.values()) {
      if (!known.contains(value.key)) {
        value.problem(
            "is not a key here; expected "
                + Spelling.meant(value.key, known)
                + "one of "
                + Spelling.choice(known.stream().sorted()));
      }
    }
  }

  /**
   * Lays later keys and values over these: what has keys on both sides is merged, everything else
   * replaces what was here. A key with nothing behind it takes away no keys.
   *
   * @param whole the key of what is replaced even then, as its order is its meaning
   */
  public void mergeFrom(YamlNode later, String whole) {
    later.map.forEach(
        (name, theirs) -> {
          YamlNode ours = map.get(name);
          boolean areMaps = ours != null && ours.map != null && !name.equals(whole);
          if (areMaps && theirs.map != null) {
            ours.mergeFrom(theirs, whole);
          } else if (!areMaps || !theirs.nothing) {
            map.put(name, theirs);
          }
        });
  }

  /** Leaves no other keys here than these; that there are none at all is a problem. */
  public void retain(Set<String> keys) {
    if (!asMap().isEmpty()) {
      map.keySet().retainAll(keys);
    }
  }

  /** Whether both were written in one file. */
  boolean isInFileOf(YamlNode other) {
    return problems == other.problems;
  }

  /**
   * Adds what another document has at a key to what this one has there. A key that is in both is
   * told, and the first of them stays.
   */
  public void join(String at, YamlNode other) {
    YamlNode theirs = other.map.get(at);
    YamlNode ours = map.get(at);
    if (theirs == null || theirs.nothing) {
      return;
    }
    if (ours == null || ours.nothing) {
      map.put(at, theirs);
      return;
    }
    if (ours.map != null) {
      theirs
          .asMap()
          .forEach(
              (name, value) -> {
                YamlNode first = ours.map.putIfAbsent(name, value);
                if (first != null) {
                  value.problem(
                      "is there twice; the first is in " + first.problems.placeOf(first.line));
                }
              });
    }
  }
}
