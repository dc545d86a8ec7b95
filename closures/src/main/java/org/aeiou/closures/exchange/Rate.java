package org.aeiou.closures.exchange;

/**
 * How often something may happen: so many times a second for any length of time, and after a pause
 * so many at once. Immutable.
 *
 * @param perSecond a thousandth to a million
 * @param burst 1 to a million
 */
public record Rate(double perSecond, int burst) {
  private static final int MOST = 1_000_000;
  private static final double NANOS = 1e9;

  public Rate {
    if (!(perSecond >= 0.001 && perSecond <= MOST)) {
      throw new IllegalArgumentException("perSecond: " + perSecond + ", expected 0.001 to " + MOST);
    }
    if (burst < 1 || burst > MOST) {
      throw new IllegalArgumentException("burst: " + burst + ", expected 1 to " + MOST);
    }
  }

  /** As a person reads it: {@code 20 a second, 5 at once}. */
  @Override
  public String toString() {
    String number =
        perSecond == Math.rint(perSecond) ? Long.toString((long) perSecond) : "" + perSecond;
    return number + " a second, " + burst + " at once";
  }

  /** The time between two, where they come evenly. */
  public long intervalNanos() {
    return Math.round(NANOS / perSecond);
  }

  /** How much earlier than evenly one may come. */
  public long toleranceNanos() {
    return intervalNanos() * (burst - 1);
  }
}
