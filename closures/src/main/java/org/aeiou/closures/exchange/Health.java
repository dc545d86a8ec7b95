package org.aeiou.closures.exchange;

import java.util.List;

/**
 * What the scheduler knows of one system; a snapshot.
 *
 * @param breaker whether the system is asked at all
 * @param openUntilNanos until when requests fail at once if it is open, by the scheduler's ticker
 * @param rttNanos smoothed round-trip time of its exchanges, or -1 before the first answer
 * @param lastAnswerNanos when it last answered, by the scheduler's ticker; meaningless before the
 *     first answer
 * @param lastError the last failure in words, or null if there was none since it last answered
 * @param batchLimit how many items one exchange may carry, as learned
 * @param inFlight exchanges under way
 * @param queued fetches that wait for an exchange
 * @param progress what takes more than one exchange and is under way, one sentence each
 * @param notes what the back end noticed about the system, one sentence each
 */
public record Health(
    BreakerState breaker,
    long openUntilNanos,
    long rttNanos,
    long lastAnswerNanos,
    String lastError,
    int batchLimit,
    int inFlight,
    int queued,
    List<String> progress,
    List<String> notes) {

  /** Whether it is known not to answer, and the next request is let through nevertheless. */
  public boolean isDue(long nowNanos) {
    return breaker == BreakerState.OPEN && nowNanos - openUntilNanos >= 0;
  }

  /** Whether a system is asked. */
  public enum BreakerState {
    /** It is. */
    CLOSED,
    /** It did not answer lately: requests fail at once. */
    OPEN,
    /** One exchange is let through to see whether it answers again. */
    HALF_OPEN
  }
}
