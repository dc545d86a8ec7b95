package org.aeiou.closures.exchange;

import java.util.List;

/**
 * What the scheduler knows of one system; a snapshot.
 *
 * @param breaker whether the system is asked at all
 * @param openUntilNanos until when requests fail at once if it is open, by the scheduler's ticker
 * @param sinceNanos since when it answers, if its breaker is closed, or has not answered, if it is
 *     not; of one that was never heard of since it is there; by the scheduler's ticker
 * @param rttNanos smoothed round-trip time of its exchanges, or -1 before the first answer
 * @param lastAnswerNanos when it last answered, by the scheduler's ticker; meaningless before the
 *     first answer
 * @param lastError the last failure in words, or null if there was none since it last answered
 * @param batchLimit how many items one exchange may carry, as learned
 * @param inFlight exchanges under way
 * @param queued fetches that wait for an exchange
 * @param leastRttNanos the fastest of its answers that can still be counted on, or -1 if none can
 * @param pace how its rate and the budget that it shares hold it up; null if it has neither
 * @param progress what takes more than one exchange and is under way, one sentence each
 * @param notes what the back end noticed about the system, one sentence each
 * @param learned how it may be asked, as learned
 */
public record Health(
    BreakerState breaker,
    long openUntilNanos,
    long sinceNanos,
    long rttNanos,
    long lastAnswerNanos,
    String lastError,
    int batchLimit,
    int inFlight,
    int queued,
    long leastRttNanos,
    Pace pace,
    List<String> progress,
    List<String> notes,
    Learned learned) {

  /** Of a system without a rate and a budget, of which nothing is learned. */
  public Health(
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
    this(
        breaker,
        openUntilNanos,
        0,
        rttNanos,
        lastAnswerNanos,
        lastError,
        batchLimit,
        inFlight,
        queued,
        -1,
        null,
        progress,
        notes,
        Learned.NOTHING);
  }

  /**
   * How fast a system may be asked, and how that holds it up.
   *
   * @param rate its own; null if it has none
   * @param budget the name of the one that it shares; null if it shares none
   * @param budgetRate how often all may be asked that share it; null without one
   * @param waits whether an exchange waits now
   * @param waited how many exchanges have waited
   * @param waitedNanos how long they have, all together
   */
  public record Pace(
      Rate rate, String budget, Rate budgetRate, boolean waits, long waited, long waitedNanos) {}

  /** The same system, of which so much is asked, and waits to be asked. */
  public Health underWay(int exchanges, int waiting) {
    return new Health(
        breaker,
        openUntilNanos,
        sinceNanos,
        rttNanos,
        lastAnswerNanos,
        lastError,
        batchLimit,
        exchanges,
        waiting,
        leastRttNanos,
        pace,
        progress,
        notes,
        learned);
  }

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
