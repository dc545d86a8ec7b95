package org.aeiou.closures.shared;

/** What a cancel is answered, with the number that processes agree on. */
public enum CancelAnswer {
  /** The request ends as cancelled, by this cancel. */
  CANCELLED(1),

  /** It has had its outcome. */
  TOO_LATE(2),

  /** There was no such request. */
  UNKNOWN(3);

  private final int number;

  CancelAnswer(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The answer of a number; that there was no such request, if there is none. */
  public static CancelAnswer of(int number) {
    for (CancelAnswer answer : values()) {
      if (answer.number == number) {
        return answer;
      }
    }
    return UNKNOWN;
  }
}
