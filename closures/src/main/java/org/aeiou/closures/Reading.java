package org.aeiou.closures;

import java.util.function.Function;

/**
 * A value of an attribute, with the time it was taken.
 *
 * @param <V> the type of the value; its {@code equals} decides whether a value changed
 * @param value the value; not null
 * @param takenNanos when it was taken, by the injected {@link com.google.common.base.Ticker}: for
 *     computing ages
 * @param takenMillis when it was taken, in milliseconds since the epoch: for showing to people
 * @param changedMillis when the value may have changed last, as far as is known, in milliseconds
 *     since the epoch: when it was first seen to be this one, or since when it was not looked at;
 *     never after {@code takenMillis}
 */
public record Reading<V>(V value, long takenNanos, long takenMillis, long changedMillis)
    implements Outcome<V> {

  /** A first reading: it changed when it was taken. */
  public static <V> Reading<V> of(V value, long takenNanos, long takenMillis) {
    return new Reading<>(value, takenNanos, takenMillis, takenMillis);
  }

  /**
   * This reading; when the value is the same as in {@code previous}, with its time of change and
   * with that very object, which may carry what was worked out from it.
   */
  public Reading<V> after(Outcome<V> previous) {
    return previous instanceof Reading<V> reading && reading.value.equals(value)
        ? new Reading<>(
            reading.value, takenNanos, takenMillis, Math.min(reading.changedMillis, takenMillis))
        : this;
  }

  /** This reading of another value, which was worked out from this one. */
  public <W> Reading<W> with(W other) {
    return new Reading<>(other, takenNanos, takenMillis, changedMillis);
  }

  @Override
  public <W> Reading<W> map(Function<? super V, ? extends W> change) {
    return with(change.apply(value));
  }
}
