package org.aeiou.closures.shared;

/** What an outcome is, as a number that processes agree on. */
public final class Kind {
  /** A reading. */
  public static final int READING = 1;

  /** The system does not have it. */
  public static final int ABSENT = 2;

  /** Neither: see the reason. */
  public static final int FAILURE = 3;

  /** The answer to a cancel: see {@link CancelAnswer}. */
  public static final int CANCEL = 4;

  private Kind() {}
}
