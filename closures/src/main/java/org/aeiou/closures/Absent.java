package org.aeiou.closures;

import java.util.function.Function;

/**
 * The system answered that it has no such thing. An answer like any other: it has a time, and may
 * be cached.
 *
 * @param <V> the type a reading would have had
 * @param takenNanos when the answer came, by the injected {@link com.google.common.base.Ticker}
 * @param takenMillis when the answer came, in milliseconds since the epoch
 */
public record Absent<V>(long takenNanos, long takenMillis) implements Outcome<V> {

  @Override
  public <W> Absent<W> map(Function<? super V, ? extends W> change) {
    return new Absent<>(takenNanos, takenMillis);
  }
}
