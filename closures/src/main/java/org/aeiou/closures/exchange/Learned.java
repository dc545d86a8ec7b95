package org.aeiou.closures.exchange;

import java.time.Duration;

/**
 * What the scheduler learned of how one system may be asked; a snapshot. Whatever it says, a system
 * is never asked more, or faster, than its {@link Limits} allow.
 *
 * @param batch how many items one exchange may carry, where that is fewer than configured; else
 *     null
 * @param inFlight how many exchanges may be under way at once, where that is fewer than configured;
 *     else null
 * @param gapNanos the least time between the starts of two exchanges, where that is more than
 *     configured; else null
 * @param roundTripNanos smoothed round-trip time, or -1 before the first answer
 * @param variationNanos how much round trips differ from that, smoothed
 */
public record Learned(
    Bound batch, Bound inFlight, Bound gapNanos, long roundTripNanos, long variationNanos) {

  /** Of a system that nothing is known of. */
  public static final Learned NOTHING = new Learned(null, null, null, -1, 0);

  /**
   * A limit that was learned.
   *
   * @param value the limit
   * @param trusted how long it is kept to before it is found out whether more is possible: longer
   *     each time that it was not
   */
  public record Bound(long value, Duration trusted) {}
}
