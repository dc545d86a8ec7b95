package org.aeiou.daemon.cache;

import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;

/** How many bytes of heap outcomes take, by estimate. */
final class Weight {
  private static final int OUTCOME = 64;

  /** What a row takes besides itself: its place in the list of rows, and in what names them. */
  private static final long ROW_NAMED = 136;

  private Weight() {}

  static int of(Outcome<Value> outcome) {
    long bytes = OUTCOME;
    if (outcome instanceof Reading<Value> reading && reading.value() != null) {
      bytes += reading.value().bytes();
      bytes += reading.value() instanceof Value.Rows rows ? ROW_NAMED * rows.rows().size() : 0;
      bytes += rendered(reading.value());
    }
    return (int) Math.min(bytes, Integer.MAX_VALUE / 2);
  }

  /** What a value's line takes, which is kept with it: about as long as the value is large. */
  private static long rendered(Value value) {
    Value one = value instanceof Value.Guarded guarded ? guarded.value() : value;
    return one instanceof Value.Single ? Value.Single.RENDERING_BYTES + one.bytes() : 0;
  }
}
