package org.aeiou.closures.learning;

/** How many of the last exchanges of one sort were lost. Older ones count for less and less. */
final class Losses {
  private static final int WINDOW = 128;

  private static final double DOUBT = 5;

  private double sent;
  private double lost;

  void answered() {
    add(0);
  }

  void lost() {
    add(1);
  }

  /** What was taken for lost was only late. */
  void foundAgain() {
    lost = Math.max(0, lost - 1);
  }

  private void add(int isLost) {
    if (sent >= WINDOW) {
      sent /= 2;
      lost /= 2;
    }
    sent++;
    lost += isLost;
  }

  double count() {
    return lost;
  }

  /** The share of them; of few, less than that: a trial that begins after bad luck is no proof. */
  double rate() {
    return lost / (sent + DOUBT);
  }

  void clear() {
    sent = 0;
    lost = 0;
  }
}
