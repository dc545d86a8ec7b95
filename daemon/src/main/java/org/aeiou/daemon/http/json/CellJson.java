package org.aeiou.daemon.http.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes cells as JSON (RFC 8259), on one line each. Any thread. */
public final class CellJson {
  /** The one of the whole room: making one takes a while. */
  public static final JsonFactory JSON = new JsonFactory();

  /** The largest integer below which a JavaScript number is exact. */
  private static final long MOST_EXACT = 1L << 53;

  /** Digits that are exact whatever they are. */
  private static final int EXACT_DIGITS = 15;

  private CellJson() {}

  /** A cell of a stream: keys in short, those without a value left out. */
  public static byte[] inShort(String path, Shown shown) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("p", path);
      json.writeStringField("s", shown.state().word());
      putValue(json, "v", shown);
      putMillis(json, "t", shown.takenMillis());
      putMillis(json, "c", shown.changedMillis());
      putMillis(json, "ttl", shown.ttlMillis());
      if (shown.error() != null) {
        json.writeStringField("e", shown.error());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it is written to memory
    }
    return bytes.toByteArray();
  }

  /** The value: a number if JavaScript has that very number, else a text. */
  public static void putValue(JsonGenerator json, String key, Shown shown) throws IOException {
    if (shown.value() == null) {
      return;
    }
    json.writeFieldName(key);
    if (shown.isNumber() && isExact(shown.value())) {
      json.writeNumber(shown.value());
    } else {
      json.writeString(shown.value());
    }
  }

  /** A time or a duration; left out if it is not known. */
  public static void putMillis(JsonGenerator json, String key, long millis) throws IOException {
    if (millis != 0) {
      json.writeNumberField(key, millis);
    }
  }

  /** Fractions are as exact as they were measured, or more. */
  private static boolean isExact(String number) {
    if (number.length() <= EXACT_DIGITS || number.indexOf('.') >= 0 || number.indexOf('e') >= 0) {
      return true;
    }
    try {
      return Math.abs(Long.parseLong(number)) <= MOST_EXACT;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
