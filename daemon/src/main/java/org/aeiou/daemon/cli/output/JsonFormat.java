package org.aeiou.daemon.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A JSON object a line (RFC 8259): {@code path} and {@code value}, or {@code error} and {@code
 * reason}. A number is a number, however large; a label is a string, as all other text is.
 */
public final class JsonFormat implements Format {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  /** The fact that says how a value is written: number, octets, identifier. */
  private static final String SYNTAX = "syntax";

  private final PrintWriter out;
  private final List<String> wanted;

  /**
   * Prints to {@code out}.
   *
   * @param wanted facts
   */
  public JsonFormat(PrintWriter out, List<String> wanted) {
    this.out = out;
    this.wanted = wanted;
  }

  @Override
  public void add(Item item) {
    add(item, Map.of());
  }

  /** Prints what came of a path, with some more texts before it. */
  public void add(Item item, Map<String, String> before) {
    out.print(
        line(
            json -> {
              for (Map.Entry<String, String> more : before.entrySet()) {
                json.writeStringField(more.getKey(), more.getValue());
              }
              json.writeStringField("path", item.path());
              if (item.text() != null) {
                json.writeFieldName("value");
                value(json, item);
              }
              if (item.absent() || item.hasFailed()) {
                json.writeStringField("reason", item.reasonWord());
                json.writeStringField("error", item.message());
              }
              for (String name : wanted) {
                fact(json, name, item.facts().get(name));
              }
            }));
  }

  /** Writes the fields of an object. */
  public interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /** An object on a line. */
  public static String line(Fields fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter throws none
    }
    return text.append('\n').toString();
  }

  /** Writes a value as what it is. */
  public static void value(JsonGenerator json, Item item) throws IOException {
    String syntax = item.facts().get(SYNTAX);
    // What is worked out from counters has no syntax, and is a number.
    boolean mayBeNumber = syntax == null ? !item.facts().isEmpty() : syntax.equals("number");
    if (mayBeNumber && NUMBER.matcher(item.text()).matches()) {
      json.writeNumber(item.text());
    } else {
      json.writeString(item.text());
    }
  }

  private static void fact(JsonGenerator json, String name, String fact) throws IOException {
    if (fact != null && name.endsWith("_ms") && NUMBER.matcher(fact).matches()) {
      json.writeFieldName(name);
      json.writeNumber(fact);
    } else if (fact != null) {
      json.writeStringField(name, fact);
    }
  }
}
