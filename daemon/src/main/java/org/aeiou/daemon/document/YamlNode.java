package org.aeiou.daemon.document;

import java.util.List;
import java.util.Map;

/** A piece of YAML that knows where it stands. */
public sealed interface YamlNode {
  /** The line it begins in, from 1. */
  int line();

  /** What it is, in words, for messages. */
  String kind();

  /** A value without parts; {@code text} is null for YAML's null. */
  record Scalar(int line, String text) implements YamlNode {
    @Override
    public String kind() {
      return text == null ? "nothing" : "a single value";
    }
  }

  /** Keys and values. */
  record Mapping(int line, Map<String, Entry> entries) implements YamlNode {
    @Override
    public String kind() {
      return "keys and values";
    }
  }

  /** A list. */
  record Sequence(int line, List<YamlNode> items) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A key's line and its value. */
  record Entry(int line, YamlNode value) {}
}
