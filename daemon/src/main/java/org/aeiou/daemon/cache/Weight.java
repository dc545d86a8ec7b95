package org.aeiou.daemon.cache;

import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/** How many bytes of heap outcomes take, by estimate: on a 64-bit JVM with compressed pointers. */
final class Weight {
  private static final int OUTCOME = 48;
  private static final int OBJECT = 24;
  private static final int ARRAY = 16;
  private static final int REFERENCE = 4;

  /** A row's record, its list, and its place in the list of rows and in what names rows. */
  private static final int ROW = 200;

  private Weight() {}

  static int of(Outcome<Value> outcome) {
    long bytes = OUTCOME;
    if (outcome instanceof Reading<Value> reading) {
      bytes += of(reading.value());
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE / 2);
  }

  private static long of(Value value) {
    if (value == null) {
      return 0;
    }
    if (value instanceof Value.Octets octets) {
      return (long) OBJECT + ARRAY + octets.octets().length;
    }
    if (value instanceof Value.Identifier identifier) {
      return OBJECT + of(identifier.oid());
    }
    if (value instanceof Value.Guarded guarded) {
      return OBJECT + of(guarded.value()) + of(guarded.guard());
    }
    if (value instanceof Value.Rows rows) {
      long bytes = OBJECT;
      for (Value.Row row : rows.rows()) {
        bytes += ROW + of(row.index());
        for (Value column : row.columns()) {
          bytes += REFERENCE + of(column);
        }
      }
      return bytes;
    }
    return OBJECT;
  }

  private static long of(Oid oid) {
    return OBJECT + ARRAY + (long) Integer.BYTES * oid.length();
  }
}
