package org.aeiou.daemon.document;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes YAML: sections as blocks, and what is small in one line. Texts have quotes where this or
 * another reader would take them for something else. For one thread.
 */
public final class YamlWriter {
  /** No blank, nothing that YAML gives a meaning to, and no colon at the end. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._/:-]*[A-Za-z0-9_])?");

  /** What YAML 1.1 or 1.2 reads as something else than text. */
  private static final Pattern MISTAKEN =
      Pattern.compile(
          "(?i)null|true|false|yes|no|on|off|y|n"
              + "|0[xob][0-9a-f_]+"
              + "|[0-9][0-9_]*(\\.[0-9_]*)?(e[0-9]+)?"
              + "|[0-9]+(:[0-9]+)+(\\.[0-9]*)?"
              + "|[0-9]{4}-[0-9-]+");

  private final StringBuilder text = new StringBuilder();
  private int depth;

  public YamlWriter comment(String comment) {
    return line("# " + comment.replaceAll("\\p{Cntrl}", "?"));
  }

  /** Begins a section: what follows is below the key, until {@link #end}. */
  public YamlWriter begin(String key) {
    line(written(key) + ":");
    depth++;
    return this;
  }

  public YamlWriter end() {
    depth--;
    return this;
  }

  /**
   * Writes a key and its value in one line.
   *
   * @param value a number, a truth value, a list or a map of such values in their order, or any
   *     other object, written as its text
   */
  public YamlWriter put(String key, Object value) {
    return line(written(key) + ": " + written(value));
  }

  private YamlWriter line(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
    return this;
  }

  private static String written(Object value) {
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> written(entry.getKey()) + ": " + written(entry.getValue()))
          .collect(joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(YamlWriter::written).collect(joining(", ", "[", "]"));
    }
    String text = value.toString();
    return PLAIN.matcher(text).matches() && !MISTAKEN.matcher(text).matches() ? text : quoted(text);
  }

  /** A double-quoted scalar. */
  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** The document. */
  @Override
  public String toString() {
    return text.toString();
  }
}
