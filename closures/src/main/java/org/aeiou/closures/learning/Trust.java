package org.aeiou.closures.learning;

import java.time.Duration;

/**
 * How long a learned limit is kept to. When that time is over it is found out whether more is
 * possible; each time that it is not, the limit is trusted for twice as long.
 */
final class Trust {
  static final Duration FIRST = Duration.ofMinutes(10);
  static final Duration MOST = Duration.ofDays(7);

  private long nanos;
  private long sinceNanos;

  Duration duration() {
    return Duration.ofNanos(nanos);
  }

  /** The limit was learned, or made stricter. */
  void begin(long nowNanos) {
    restore(duration(), nowNanos);
  }

  /** The limit was found to hold. */
  void grow(long nowNanos) {
    restore(Duration.ofNanos(2 * nanos), nowNanos);
  }

  /** The limit was learned in an earlier life. */
  void restore(Duration trusted, long nowNanos) {
    nanos = Math.max(FIRST.toNanos(), Math.min(trusted.toNanos(), MOST.toNanos()));
    sinceNanos = nowNanos;
  }

  /** More is possible: what comes next is trusted as the first time. */
  void reset() {
    nanos = 0;
  }

  boolean isOver(long nowNanos) {
    return nowNanos - sinceNanos >= nanos;
  }
}
