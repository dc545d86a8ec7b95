package org.aeiou.daemon.cluster.lease;

import java.time.Duration;

/**
 * The times that follow from how long a lease lives, in nanoseconds.
 *
 * @param ttl after this without an update the store drops a lease
 * @param margin how much earlier its owner stops: for clocks that run unequally
 * @param renewal how long after the last sending it is renewed
 * @param timeout how long the store is given for an attempt
 */
public record LeaseTimes(long ttl, long margin, long renewal, long timeout) {
  /** What is waited before the second in preference tries, and so on; and how many there are. */
  static final long RANK = Duration.ofMillis(100).toNanos();

  static final int MOST_RANKS = 5;

  /** How soon an attempt is made again that was refused. */
  static final long RETRY = Duration.ofMillis(250).toNanos();

  /** How long others are listened to, after a connection was made, before slots are tried for. */
  static final long LISTENING = Duration.ofMillis(1200).toNanos();

  /** How long members must have been the same before slots move from one to the other. */
  static final long SETTLED = Duration.ofSeconds(2).toNanos();

  /** How long what is pending may keep a slot from being given away. */
  static final long PATIENCE = Duration.ofSeconds(1).toNanos();

  /** For how long an offer counts more than what its sender said before. */
  static final long OFFER = Duration.ofSeconds(1).toNanos();

  public static LeaseTimes of(Duration ttl) {
    long nanos = ttl.toNanos();
    return new LeaseTimes(
        nanos, nanos / 20, nanos / 3, Math.min(nanos / 5, Duration.ofSeconds(2).toNanos()));
  }
}
