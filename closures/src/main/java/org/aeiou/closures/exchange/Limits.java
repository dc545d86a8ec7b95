package org.aeiou.closures.exchange;

import java.time.Duration;

/**
 * How one system may be asked. Immutable.
 *
 * @param timeout how long to wait for the answer to one exchange; more than zero
 * @param retries how often an exchange that timed out is tried again; 0 or more
 * @param maxInFlight how many exchanges may be under way at once; at least 1
 * @param minInterval the least time between the starts of two exchanges; zero or more
 * @param maxBatch how many items one exchange may carry; at least 1. The scheduler learns a smaller
 *     number from {@link Answer.TooBig}
 * @param firstTimeout the time-out for a system that was never heard of; null for no other patience
 *     than later
 * @param firstRetries the retries for such a system. If none of them is answered either it is known
 *     to be silent, and its breaker opens
 * @param rate how often exchanges may start; null if only the least interval limits that
 * @param learns whether it is found out that less is better, and what is lost: false where what is
 *     asked sees to that itself, and its answers tell nothing of the system
 */
public record Limits(
    Duration timeout,
    int retries,
    int maxInFlight,
    Duration minInterval,
    int maxBatch,
    Duration firstTimeout,
    int firstRetries,
    Rate rate,
    boolean learns) {

  /** What is used where nothing is configured. */
  public static final Limits DEFAULT =
      new Limits(Duration.ofSeconds(2), 2, 2, Duration.ZERO, 28, Duration.ofSeconds(1), 1);

  /** Limits that learn. */
  public Limits(
      Duration timeout,
      int retries,
      int maxInFlight,
      Duration minInterval,
      int maxBatch,
      Duration firstTimeout,
      int firstRetries,
      Rate rate) {
    this(
        timeout,
        retries,
        maxInFlight,
        minInterval,
        maxBatch,
        firstTimeout,
        firstRetries,
        rate,
        true);
  }

  /**
   * Limits of what knows itself how the system may be asked: without pace or retries, and nothing
   * is learned.
   */
  public static Limits passedOn(Duration timeout, int maxInFlight, int maxBatch) {
    return new Limits(timeout, 0, maxInFlight, Duration.ZERO, maxBatch, null, 0, null, false);
  }

  /** Limits without a rate. */
  public Limits(
      Duration timeout,
      int retries,
      int maxInFlight,
      Duration minInterval,
      int maxBatch,
      Duration firstTimeout,
      int firstRetries) {
    this(timeout, retries, maxInFlight, minInterval, maxBatch, firstTimeout, firstRetries, null);
  }

  /** Limits with the same patience from the beginning. */
  public Limits(
      Duration timeout, int retries, int maxInFlight, Duration minInterval, int maxBatch) {
    this(timeout, retries, maxInFlight, minInterval, maxBatch, null, retries);
  }

  /** These limits with another rate; null for none. */
  public Limits with(Rate other) {
    return new Limits(
        timeout,
        retries,
        maxInFlight,
        minInterval,
        maxBatch,
        firstTimeout,
        firstRetries,
        other,
        learns);
  }

  public Limits {
    check(!timeout.isNegative() && !timeout.isZero(), "timeout", timeout, "more than zero");
    check(retries >= 0, "retries", retries, "0 or more");
    check(maxInFlight >= 1, "maxInFlight", maxInFlight, "1 or more");
    check(!minInterval.isNegative(), "minInterval", minInterval, "zero or more");
    check(maxBatch >= 1, "maxBatch", maxBatch, "1 or more");
    check(
        firstTimeout == null || (!firstTimeout.isNegative() && !firstTimeout.isZero()),
        "firstTimeout",
        firstTimeout,
        "more than zero");
    check(firstRetries >= 0, "firstRetries", firstRetries, "0 or more");
  }

  private static void check(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + ", expected " + expected);
    }
  }
}
