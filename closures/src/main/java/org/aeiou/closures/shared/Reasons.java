package org.aeiou.closures.shared;

import org.aeiou.closures.Failure;

/** Reasons of failures as numbers that processes agree on; see {@code closures/ABI.md}. */
public final class Reasons {
  private Reasons() {}

  /** The number of a reason. */
  public static int number(Failure.Reason reason) {
    return switch (reason) {
      case TIMEOUT -> 1;
      case UNREACHABLE -> 2;
      case REFUSED -> 3;
      case NOT_WRITABLE -> 4;
      case CANCELLED -> 5;
      case BAD_ANSWER -> 6;
      case NOT_CACHED -> 7;
      case OVERLOADED -> 8;
      case UNKNOWN_NAME -> 9;
      case STOPPED -> 10;
      case BAD_REQUEST -> 11;
      case IS_DIRECTORY -> 12;
      case NOT_DIRECTORY -> 13;
      case NAME_TOO_LONG -> 14;
      case OUT_OF_RANGE -> 15;
      case NOT_DONE -> 16;
    };
  }

  /** The reason of a number; that of a bad answer if there is none. */
  public static Failure.Reason of(int number) {
    for (Failure.Reason reason : Failure.Reason.values()) {
      if (number(reason) == number) {
        return reason;
      }
    }
    return Failure.Reason.BAD_ANSWER;
  }
}
