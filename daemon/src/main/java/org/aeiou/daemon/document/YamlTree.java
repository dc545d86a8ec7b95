package org.aeiou.daemon.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML into a tree that knows the line of everything in it, which Jackson's own tree does
 * not.
 */
public final class YamlTree {
  private static final int MAX_DEPTH = 50;

  /** The largest file, in bytes: ten times what ten thousand systems of version 3 need. */
  public static final int MAX_SIZE = 64 << 20;

  /**
   * The longest line, in characters. The time for an unquoted value grows with the square of its
   * length, so that one of 64 MiB would take ten minutes.
   */
  private static final int MAX_LINE = 8 << 20;

  /** In characters; a long text is copied once for each of these. */
  private static final int BUFFER_SIZE = 256 << 10;

  private static final YAMLFactory FACTORY =
      YAMLFactory.builder()
          .loadSettings(
              LoadSettings.builder().setCodePointLimit(MAX_SIZE).setBufferSize(BUFFER_SIZE).build())
          // Told here, with both lines.
          .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(MAX_SIZE)
                  .build())
          .build();

  private final YAMLParser parser;
  private final Problems problems;

  private YamlTree(YAMLParser parser, Problems problems) {
    this.parser = parser;
    this.problems = problems;
  }

  /** The tree of a file; null if it holds none, which is then a problem. */
  public static YamlNode parse(String text, Problems problems) {
    int tooLong = tooLongLine(text);
    if (tooLong > 0) {
      problems.add(
          tooLong, "", "the line is too long; expected at most " + MAX_LINE + " characters");
      return null;
    }
    try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), text)) {
      YamlTree tree = new YamlTree(parser, problems);
      if (parser.nextToken() == null || parser.currentToken() == JsonToken.VALUE_NULL) {
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
      report(e, line, text, problems);
      return null;
    }
  }

  /**
   * Says what is wrong without quoting the file, as the libraries' own messages do: there may be
   * secrets in it.
   */
  private static void report(JacksonException e, int line, String text, Problems problems) {
    if (e instanceof StreamConstraintsException) {
      problems.add(line, "", "this is nested deeper than " + MAX_DEPTH + " levels");
    } else if (e.getCause() instanceof MarkedYamlEngineException marked) {
      NotYaml wrong = NotYaml.of(marked);
      problems.add(wrong.line(), "", "this is not YAML: " + wrong.what());
    } else if (e.getCause() instanceof ReaderException unreadable) {
      problems.add(
          lineOf(unreadable.getPosition(), text),
          "",
          String.format(
              "this is not YAML: the character U+%04X is not allowed", unreadable.getCodePoint()));
    } else {
      problems.add(
          line, "", "this is not YAML: expected 'KEY: VALUE', with a simple text as the key");
    }
  }

  private static int lineOf(int codePoints, String text) {
    return 1 + (int) text.codePoints().limit(codePoints).filter(point -> point == '\n').count();
  }

  /** The number of the first line that is too long, or 0. */
  private static int tooLongLine(String text) {
    int line = 1;
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (end - start > MAX_LINE) {
        return line;
      }
      line++;
      start = end + 1;
    }
    return text.length() - start > MAX_LINE ? line : 0;
  }

  private YamlNode node(String path) {
    int line = line();
    JsonToken token = parser.currentToken();
    if (parser.isCurrentAlias()) {
      problems.add(line, path, "aliases ('*name') are not supported; write the value again");
      return new YamlNode.Scalar(line, null);
    }
    if (token == null) {
      // What Jackson makes of a tag that does not fit its value, as in '!!int +'.
      problems.add(line, path, "is not a value of its tag ('!…'); expected none");
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
      String shortened = Problems.shortened(key);
      String keyPath = path.isEmpty() ? shortened : path + "." + shortened;
      parser.nextToken();
      YamlNode value = node(keyPath);
      YamlNode.Entry earlier = entries.putIfAbsent(key, new YamlNode.Entry(keyLine, value));
      if (earlier != null) {
        // A key without a value may be a secret that got there by a slip, as in {pass:secret}.
        boolean none = value instanceof YamlNode.Scalar scalar && scalar.text() == null;
        problems.add(
            keyLine,
            none ? path : keyPath,
            (none ? "has a key twice" : "is there twice")
                + "; the first is in line "
                + earlier.line());
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
}
