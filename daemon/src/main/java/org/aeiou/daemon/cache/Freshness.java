package org.aeiou.daemon.cache;

/**
 * How long readings of one kind can be used.
 *
 * @param ttlNanos for this long a reading is fresh; more than zero
 * @param graceNanos for this long after it a reading is stale: still served, while it is refreshed
 *     behind the reader's back; zero or more
 */
public record Freshness(long ttlNanos, long graceNanos) {

  /** What may be done with a reading of some age. */
  public enum State {
    /** Served as it is. */
    FRESH,
    /** Served, and refreshed. */
    STALE,
    /** Not served. */
    EXPIRED
  }

  /** The same, in which a reading that is not fresh is not served. */
  public Freshness withoutGrace() {
    return new Freshness(ttlNanos, 0);
  }

  /** The state of a reading of this age, in nanoseconds. */
  public State at(long ageNanos) {
    if (ageNanos < ttlNanos) {
      return State.FRESH;
    }
    return ageNanos - ttlNanos < graceNanos ? State.STALE : State.EXPIRED;
  }

  /** For how long a reading of this age stays fresh, in nanoseconds; 0 if it no longer is. */
  public long remaining(long ageNanos) {
    return Math.max(0, ttlNanos - ageNanos);
  }
}
