package org.aeiou.closures.learning;

/**
 * Asks a system in another way for a while, to see whether fewer messages get lost: whether it
 * drops what is asked too fast, or the line loses what it may. It goes on until that is known with
 * an error of about one in a thousand, taking losses as independent of one another.
 */
final class Trial {
  /** What it is about. */
  enum Kind {
    /** Fewer at once. */
    FEWER,
    /** Further apart. */
    SLOWER,
    /** More at once again. */
    MORE,
    /** Closer together again. */
    FASTER
  }

  /** What came of it. */
  enum Verdict {
    OPEN,
    /** What was tried is better, or for {@link Kind#MORE} and {@link Kind#FASTER}: as good. */
    GOOD,
    BAD
  }

  /** Nothing is lost where seven were to be expected, by chance, once in a thousand times. */
  private static final int EXPECTED_IF_NONE_IS_LOST = 7;

  /** Two of twelve are as unlikely. */
  private static final int EXPECTED_IF_SOME_ARE = 12;

  /** How many less must be lost, as a factor. */
  private static final int BETTER = 5;

  /** One of so many lost is too many. */
  private static final int DROPS = 4;

  /** How many must go well until more is possible. */
  private static final int WELL = 24;

  final Kind kind;

  /** What share was lost before it. */
  final double rate;

  private int sent;
  private int lost;

  Trial(Kind kind, double rate) {
    this.kind = kind;
    this.rate = rate;
  }

  void answered() {
    sent++;
  }

  void lost() {
    sent++;
    lost++;
  }

  /** What was taken for lost was only late. */
  void foundAgain() {
    lost--;
  }

  /** How many were lost, of how many there would have been before it. */
  double improvement() {
    return lost / Math.max(1, sent * rate);
  }

  Verdict verdict() {
    if (kind == Kind.MORE || kind == Kind.FASTER) {
      // An agent that drops, drops about every other one; some may be lost for another reason.
      if (lost >= 2 && lost * DROPS >= sent) {
        return Verdict.BAD;
      }
      return sent < WELL ? Verdict.OPEN : lost * 2 * DROPS <= sent ? Verdict.GOOD : Verdict.BAD;
    }
    double expected = sent * rate;
    if (lost >= 3 && lost * BETTER > expected) {
      return Verdict.BAD;
    }
    boolean isClear =
        lost == 0 ? expected >= EXPECTED_IF_NONE_IS_LOST : expected >= EXPECTED_IF_SOME_ARE;
    return !isClear ? Verdict.OPEN : lost * BETTER <= expected ? Verdict.GOOD : Verdict.BAD;
  }
}
