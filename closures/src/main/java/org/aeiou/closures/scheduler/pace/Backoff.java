package org.aeiou.closures.scheduler.pace;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: doubles each time up to a bound, and varies by a quarter in
 * both directions so that systems which failed together do not come back together.
 *
 * @param first the middle of the first wait; more than zero
 * @param most the middle of the longest wait; at least {@code first}, at most a year
 */
public record Backoff(Duration first, Duration most) {
  private static final Duration YEAR = Duration.ofDays(366);

  public Backoff {
    if (first.isNegative() || first.isZero()) {
      throw new IllegalArgumentException("first: " + first + ", expected more than zero");
    }
    if (most.compareTo(first) < 0 || most.compareTo(YEAR) > 0) {
      throw new IllegalArgumentException(
          "most: " + most + ", expected at least first (" + first + ") and at most a year");
    }
  }

  /** The wait, in nanoseconds, before the try after the {@code failures}-th failure, from 1. */
  public long nanosAfter(int failures, RandomGenerator random) {
    long middle = first.toNanos();
    for (int i = 1; i < failures && middle < most.toNanos(); i++) {
      middle *= 2;
    }
    middle = Math.min(middle, most.toNanos());
    return middle - middle / 4 + random.nextLong(middle / 2 + 1);
  }
}
