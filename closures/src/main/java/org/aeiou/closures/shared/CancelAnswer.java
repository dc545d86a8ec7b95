package org.aeiou.closures.shared;

/** What a cancel is answered, as numbers that processes agree on. */
public final class CancelAnswer {
  /** It will end as cancelled, unless its outcome comes first. */
  public static final int CANCELLED = 1;

  /** It has had its outcome. */
  public static final int TOO_LATE = 2;

  /** There was no such request. */
  public static final int UNKNOWN = 3;

  private CancelAnswer() {}
}
