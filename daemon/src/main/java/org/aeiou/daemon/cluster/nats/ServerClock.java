package org.aeiou.daemon.cluster.nats;

import java.time.ZonedDateTime;

/**
 * The server's wall clock as this process sees it: how far it is ahead of the ticker lies between
 * two bounds, as an answer tells only between which two moments it was read. Bounds that are apart
 * from those before mean that the clock was set, or that this machine was suspended. Not for use by
 * several threads at once.
 */
final class ServerClock {
  /** Smaller steps are for a lease's margin. */
  private static final long LEAST_STEP_NANOS = 100_000_000;

  /** How much two clocks may drift apart, each way: 200 ppm. */
  private static final long DRIFT = 5_000;

  private boolean known;
  private long least;
  private long most;
  private long atNanos;

  /**
   * Takes in that the server read its clock between two moments.
   *
   * @param serverNanos what it read, since 1970
   * @return by how much it was set since the time before; 0 if it was not
   */
  long sample(long sentNanos, long receivedNanos, long serverNanos) {
    long nowLeast = serverNanos - receivedNanos;
    long nowMost = serverNanos - sentNanos;
    long step = 0;
    if (known) {
      long drift = (receivedNanos - atNanos) / DRIFT;
      long ahead = nowLeast - (most + drift);
      long behind = least - drift - nowMost;
      step = ahead > LEAST_STEP_NANOS ? ahead : behind > LEAST_STEP_NANOS ? -behind : 0;
      if (ahead <= 0 && behind <= 0) {
        // What was known stays known: a slow answer hides no step.
        nowLeast = Math.max(nowLeast, least - drift);
        nowMost = Math.min(nowMost, most + drift);
      }
    }
    known = true;
    least = nowLeast;
    most = nowMost;
    atNanos = receivedNanos;
    return step;
  }

  /**
   * What the server's clock shows now at least, in nanoseconds since 1970; 0 if it is not known.
   */
  long now(long tickerNanos) {
    return known ? tickerNanos + least : 0;
  }

  /** A moment that a server tells, in nanoseconds since 1970. */
  static long nanos(ZonedDateTime time) {
    return time.toEpochSecond() * 1_000_000_000 + time.getNano();
  }
}
