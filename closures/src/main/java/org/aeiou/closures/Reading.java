package org.aeiou.closures;

/**
 * A value of an attribute, with the time it was taken.
 *
 * @param <V> the type of the value; its {@code equals} decides whether a value changed
 * @param value the value; not null
 * @param takenNanos when it was taken, by the injected {@link com.google.common.base.Ticker}: for
 *     computing ages
 * @param takenMillis when it was taken, in milliseconds since the epoch: for showing to people
 * @param changedMillis when the value was first seen to be this one, in milliseconds since the
 *     epoch; never after {@code takenMillis}
 */
public record Reading<V>(V value, long takenNanos, long takenMillis, long changedMillis)
    implements Outcome<V> {

  /** A first reading: it changed when it was taken. */
  public static <V> Reading<V> of(V value, long takenNanos, long takenMillis) {
    return new Reading<>(value, takenNanos, takenMillis, takenMillis);
  }

  /**
   * This reading, with the time of change carried over from {@code previous} when the value is the
   * same.
   */
  public Reading<V> after(Outcome<V> previous) {
    return previous instanceof Reading<V> reading && reading.value.equals(value)
        ? new Reading<>(
            value, takenNanos, takenMillis, Math.min(reading.changedMillis, takenMillis))
        : this;
  }
}
