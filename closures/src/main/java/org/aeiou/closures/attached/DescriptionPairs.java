package org.aeiou.closures.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * What is known of an attribute, as pairs of name and value with a NUL behind each: what depends on
 * the time is put in.
 */
final class DescriptionPairs {
  private static final String FRESH = "fresh";
  private static final String STALE = "stale";

  private DescriptionPairs() {}

  /** The pairs by now. */
  static byte[] by(byte[] pairs, long ageMillis, long ttlMillis, boolean isFresh) {
    ByteArrayOutputStream now = new ByteArrayOutputStream(pairs.length + Long.BYTES);
    int at = 0;
    while (at < pairs.length) {
      int middle = end(pairs, at);
      int end = end(pairs, middle + 1);
      now.write(pairs, at, middle + 1 - at);
      byte[] value =
          switch (new String(pairs, at, middle - at, UTF_8)) {
            case "age_ms" -> Long.toString(ageMillis).getBytes(UTF_8);
            case "ttl_ms" -> Long.toString(ttlMillis).getBytes(UTF_8);
            case "state" -> (isFresh ? FRESH : STALE).getBytes(UTF_8);
            default -> null;
          };
      if (value == null) {
        now.write(pairs, middle + 1, end - middle - 1);
      } else {
        now.writeBytes(value);
      }
      now.write(0);
      at = end + 1;
    }
    return now.toByteArray();
  }

  /** Where the next NUL is. */
  private static int end(byte[] pairs, int from) {
    int at = from;
    while (at < pairs.length && pairs[at] != 0) {
      at++;
    }
    return at;
  }
}
