package org.aeiou.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML into a tree that knows the line of everything in it, which Jackson's own tree does
 * not.
 */
final class YamlTree {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_CHARACTERS = 64 << 20;

  private static final YAMLFactory FACTORY =
      YAMLFactory.builder()
          .loadSettings(LoadSettings.builder().setCodePointLimit(MAX_CHARACTERS).build())
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final YAMLParser parser;
  private final Problems problems;

  private YamlTree(YAMLParser parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /** The tree of a file; null if it holds none, which is then a problem. */
  static YamlNode parse(String text, Problems problems) {
    try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), text)) {
      YamlTree tree = new YamlTree(parser, problems);
      if (parser.nextToken() == null) {
        problems.add(1, "", "the file is empty; expected at least 'systems:'");
        return null;
      }
      YamlNode root = tree.node("");
      if (parser.nextToken() != null) {
        problems.add(tree.line(), "", "a second document begins here; expected one");
      }
      return root;
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      problems.add(line, "", "this is not YAML: " + firstLine(e.getOriginalMessage()));
      return null;
    }
  }

  private YamlNode node(String path) {
    int line = line();
    JsonToken token = parser.currentToken();
    if (parser.isCurrentAlias()) {
      problems.add(line, path, "aliases ('*name') are not supported; write the value again");
      return new YamlNode.Scalar(line, null);
    }
    return switch (token) {
      case START_OBJECT -> mapping(line, path);
      case START_ARRAY -> sequence(line, path);
      case VALUE_NULL -> new YamlNode.Scalar(line, null);
      default -> new YamlNode.Scalar(line, parser.getString());
    };
  }

  private YamlNode mapping(int line, String path) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      int keyLine = line();
      String key = parser.currentName();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      parser.nextToken();
      YamlNode value = node(keyPath);
      YamlNode.Entry earlier = entries.putIfAbsent(key, new YamlNode.Entry(keyLine, value));
      if (earlier != null) {
        problems.add(keyLine, keyPath, "is there twice; the first is in line " + earlier.line());
      }
    }
    return new YamlNode.Mapping(line, entries);
  }

  private YamlNode sequence(int line, String path) {
    List<YamlNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(path));
    }
    return new YamlNode.Sequence(line, items);
  }

  private int line() {
    return Math.max(1, ((JsonParser) parser).currentTokenLocation().getLineNr());
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("").strip();
  }
}
