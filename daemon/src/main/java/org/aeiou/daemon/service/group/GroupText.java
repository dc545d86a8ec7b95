package org.aeiou.daemon.service.group;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.List;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.tree.GroupFile;

/**
 * A whole attribute group as text; each value in it reads as its own file does.
 *
 * <p>A {@code .table} has a line for each row, and one with the names of the columns before them.
 * Between cells is a tab; a tab, a line end and a backslash in a cell are {@code \t}, {@code \n}
 * and {@code \\}, as in the text format of PostgreSQL's COPY. What a row does not have is an empty
 * cell.
 *
 * <p>A {@code .json} is an object (RFC 8259): the rows by name, or of scalars the attributes.
 * Numbers are numbers, however large; a label is a string, as all other text is. What a row does
 * not have is left out.
 */
public final class GroupText {
  /** The column of the rows' names. */
  private static final String NAME = "name";

  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private final List<Attribute> attributes;
  private final Charset charset;
  private final StringBuilder out = new StringBuilder(4096);

  private GroupText(List<Attribute> attributes, Charset charset) {
    this.attributes = attributes;
    this.charset = charset;
  }

  /**
   * What the file holds.
   *
   * @param walked the answer to its question
   */
  public static byte[] of(GroupFile file, Value.Rows walked, Charset charset) {
    GroupText text = new GroupText(file.attributes(), charset);
    List<GroupFile.Row> rows = file.rows(walked, charset);
    if (file.format() == GroupFile.Format.TABLE) {
      text.putTable(rows);
    } else if (file.group() instanceof AttributeGroup.Table) {
      text.putObjects(rows);
    } else {
      // A system without any of the scalars has none of these rows.
      text.putObject(rows.isEmpty() ? new Value[0] : rows.get(0).values());
      text.out.append('\n');
    }
    return text.out.toString().getBytes(UTF_8);
  }

  private String text(int column, Value value) {
    return new String(attributes.get(column).syntax().render(value, charset), UTF_8);
  }

  private void putTable(List<GroupFile.Row> rows) {
    out.append(NAME);
    for (Attribute attribute : attributes) {
      out.append('\t').append(attribute.name());
    }
    out.append('\n');
    for (GroupFile.Row row : rows) {
      putEscaped(row.name(), false);
      for (int i = 0; i < row.values().length; i++) {
        out.append('\t');
        if (row.values()[i] != null) {
          putEscaped(text(i, row.values()[i]), false);
        }
      }
      out.append('\n');
    }
  }

  private void putObjects(List<GroupFile.Row> rows) {
    out.append('{');
    String before = "\n";
    for (GroupFile.Row row : rows) {
      out.append(before);
      putString(row.name());
      out.append(": ");
      putObject(row.values());
      before = ",\n";
    }
    out.append(rows.isEmpty() ? "}\n" : "\n}\n");
  }

  private void putObject(Value[] values) {
    out.append('{');
    String before = "";
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        out.append(before);
        putString(attributes.get(i).name());
        out.append(": ");
        putValue(i, values[i]);
        before = ", ";
      }
    }
    out.append('}');
  }

  private void putValue(int column, Value value) {
    String text = text(column, value);
    if (isNumber(attributes.get(column), value, text)) {
      out.append(text);
    } else {
      putString(text);
    }
  }

  /**
   * Whether a value is a number in JSON. A text that says a number stays a text; a number with a
   * label is that label.
   *
   * @param text what the value reads as
   */
  public static boolean isNumber(Attribute attribute, Value value, String text) {
    return mayBeNumber(attribute, value) && JSON_NUMBER.matcher(text).matches();
  }

  private static boolean mayBeNumber(Attribute attribute, Value value) {
    if (value instanceof Value.Numeric numeric) {
      return !attribute.syntax().labels().containsKey(numeric.number());
    }
    return value instanceof Derived
        || (value instanceof Value.Octets octets && octets.type() == Value.OctetsType.OPAQUE);
  }

  private void putString(String text) {
    out.append('"');
    putEscaped(text, true);
    out.append('"');
  }

  private void putEscaped(String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '"' -> out.append(quoted ? "\\\"" : "\"");
        default -> {
          if (quoted && c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
  }
}
