package org.aeiou.daemon.attach;

import org.aeiou.closures.Failure;

/** Reasons of failures as numbers that processes agree on; see {@code closures/ABI.md}. */
final class Reasons {
  private Reasons() {}

  static int number(Failure.Reason reason) {
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
    };
  }
}
