package org.aeiou.closures.attached;

import java.time.Duration;
import org.aeiou.closures.shared.Operation;

/**
 * What is said of requests besides what they ask for: for how long they may take, and how urgent
 * they are. It holds for misses; a hit takes no time. Immutable; any thread.
 */
public final class RequestOptions {
  /** As long as the daemon gives the system, and before what is in the background. */
  public static final RequestOptions NONE = new RequestOptions(0, 0);

  /** For how long from being asked; 0 if they do not say. */
  final long timeoutNanos;

  /** As in {@link Operation}. */
  final int flags;

  private RequestOptions(long timeoutNanos, int flags) {
    this.timeoutNanos = timeoutNanos;
    this.flags = flags;
  }

  /**
   * Lets requests end after this time at the latest, as {@link
   * org.aeiou.closures.Failure.Reason#TIMEOUT}. What was asked for them goes on for others, and is
   * cached when it comes. Each step of a chain has this time from when the chain is asked for.
   *
   * @throws IllegalArgumentException if it is zero or negative
   */
  public RequestOptions timeout(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("a timeout is more than no time, not " + timeout);
    }
    long nanos;
    try {
      nanos = timeout.toNanos();
    } catch (ArithmeticException e) {
      nanos = 0; // of more than 292 years
    }
    return new RequestOptions(nanos, flags);
  }

  /** Lets requests go behind everything interactive of all users, as refreshing does. */
  public RequestOptions inBackground() {
    return new RequestOptions(timeoutNanos, flags | Operation.BACKGROUND);
  }

  boolean isAny() {
    return timeoutNanos != 0 || flags != 0;
  }

  /** With so much of the time left; a little, if there is none. */
  RequestOptions left(long nanos) {
    return new RequestOptions(Math.max(1, nanos), flags);
  }

  /** By when they must have ended; 0 for never. */
  long deadline(long nowNanos) {
    long deadline = nowNanos + timeoutNanos;
    return timeoutNanos == 0 || deadline < nowNanos ? 0 : deadline;
  }
}
