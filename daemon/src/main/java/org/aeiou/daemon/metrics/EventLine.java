package org.aeiou.daemon.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * Writes an event as one line: a JSON object (RFC 8259) that begins with time (RFC 3339), level,
 * event, system and message.
 *
 * <p>What agents and clients send may be in it: control characters are escaped, also those of C1
 * and the other ends of lines of Unicode; half of a surrogate pair becomes U+FFFD. So a line stays
 * a line in any terminal and any reader. What is too long is cut.
 */
final class EventLine {
  /** A line has no more octets than this, with its newline. */
  static final int MOST_OCTETS = 4096;

  private static final int MOST_MESSAGE = 1000;
  private static final int MOST_TEXT = 255;

  /** Lists and maps of more entries than this are cut, and so are those that nest deeper. */
  private static final int MOST_ENTRIES = 32;

  private static final int DEEPEST = 3;
  private static final char CUT = '…';

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final StringBuilder out = new StringBuilder(256);

  private EventLine() {}

  /** The line, with its newline. */
  static byte[] of(long millis, Event event) {
    EventLine line = new EventLine();
    line.out.append("{\"time\":\"").append(TIME.format(Instant.ofEpochMilli(millis))).append('"');
    line.putField("level", event.level().name().toLowerCase(Locale.ROOT));
    line.putField("event", event.kind().written());
    if (event.system() != null) {
      line.putField("system", event.system());
    }
    line.out.append(",\"message\":");
    line.putText(event.message(), MOST_MESSAGE);
    int bare = line.out.length();
    event.fields().forEach(line::putField);
    byte[] octets = line.end();
    if (octets.length > MOST_OCTETS) {
      // Without its fields it fits: each of its texts is cut.
      line.out.setLength(bare);
      line.putField("cut", true);
      octets = line.end();
    }
    return octets;
  }

  /** A value of a field by itself. */
  static String json(Object value) {
    EventLine line = new EventLine();
    line.putValue(value, 0);
    return line.out.toString();
  }

  private byte[] end() {
    return out.append("}\n").toString().getBytes(UTF_8);
  }

  private void putField(String key, Object value) {
    out.append(',');
    putText(key, MOST_TEXT);
    out.append(':');
    putValue(value, 0);
  }

  private void putValue(Object value, int depth) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long) {
      out.append(value);
    } else if (value instanceof Map<?, ?> map && depth < DEEPEST) {
      out.append('{');
      int[] count = {0};
      map.forEach(
          (key, entry) -> {
            if (count[0]++ < MOST_ENTRIES) {
              out.append(count[0] == 1 ? "" : ",");
              putText(String.valueOf(key), MOST_TEXT);
              out.append(':');
              putValue(entry, depth + 1);
            }
          });
      out.append('}');
    } else if (value instanceof Iterable<?> list && depth < DEEPEST) {
      out.append('[');
      int count = 0;
      for (Object entry : list) {
        if (count++ < MOST_ENTRIES) {
          out.append(count == 1 ? "" : ",");
          putValue(entry, depth + 1);
        }
      }
      out.append(']');
    } else if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      out.append(number);
    } else {
      putText(String.valueOf(value), MOST_TEXT);
    }
  }

  private void putText(String text, int most) {
    out.append('"');
    int length = Math.min(text.length(), most);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      boolean isPair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (isPair) {
            out.append(c).append(text.charAt(++i));
          } else if (Character.isSurrogate(c)) {
            out.append('\ufffd');
          } else if (isEscaped(c)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    if (text.length() > length) {
      out.append(CUT);
    }
    out.append('"');
  }

  /** What is no character on a line: a control, another end of a line, no character at all. */
  private static boolean isEscaped(char c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || c >= '\ufffe';
  }
}
