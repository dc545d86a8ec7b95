package org.aeiou.closures.exchange;

/**
 * A limit of one system was learned anew. Immutable.
 *
 * @param from what it was; of {@link Kind#GAP} in nanoseconds
 * @param to what it is from now on
 * @param why what was found out about the system, in words
 */
public record LimitChange(Kind kind, long from, long to, String why) {

  /** What is limited. */
  public enum Kind {
    /** How many items one exchange may carry. */
    BATCH,
    /** How many exchanges may be under way. */
    IN_FLIGHT,
    /** The least time between the starts of two exchanges. */
    GAP
  }
}
