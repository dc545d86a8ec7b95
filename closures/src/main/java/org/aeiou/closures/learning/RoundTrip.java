package org.aeiou.closures.learning;

/**
 * How long a system takes to answer, smoothed, and how long to wait before asking once more, by the
 * rules of RFC 6298. Exchanges that were sent more than once tell nothing, as it is not known which
 * of the messages was answered (Karn's rule); after one of them the wait stays doubled until an
 * exchange is answered that was sent once. So a system that became slow is not asked twice for
 * long.
 */
final class RoundTrip {
  /**
   * The least wait. Shorter than TCP's, as agents are near; longer than what a process waits for
   * its turn on a busy machine.
   */
  static final long LEAST_WAIT = 50_000_000L;

  private static final int MOST_DOUBLINGS = 16;

  private long smoothed = -1;
  private long variation;
  private int doublings;

  boolean isKnown() {
    return smoothed >= 0;
  }

  long smoothed() {
    return smoothed;
  }

  long variation() {
    return variation;
  }

  void restore(long smoothedNanos, long variationNanos) {
    smoothed = smoothedNanos;
    variation = Math.max(0, variationNanos);
    doublings = 0;
  }

  /** An exchange that was sent once was answered after so long. */
  void answered(long nanos) {
    if (smoothed < 0) {
      smoothed = nanos;
      variation = nanos / 2;
    } else {
      variation += (Math.abs(smoothed - nanos) - variation) / 4;
      smoothed += (nanos - smoothed) / 8;
    }
    doublings = 0;
  }

  /** An exchange was sent once more. */
  void sentAgain() {
    doublings = Math.min(doublings + 1, MOST_DOUBLINGS);
  }

  /**
   * How long to wait for an answer before asking once more. Of an agent whose answers all take the
   * same time half as long again is waited for: one answer that is a little late is no loss.
   *
   * @param most the time-out
   */
  long waitNanos(long most) {
    if (smoothed < 0) {
      return most;
    }
    long wait = Math.max(LEAST_WAIT, smoothed + Math.max(4 * variation, smoothed / 2));
    return wait >= most >> doublings ? most : wait << doublings;
  }
}
