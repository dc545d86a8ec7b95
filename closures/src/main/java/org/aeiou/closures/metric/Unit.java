package org.aeiou.closures.metric;

/** What the values of a metric are counted in. */
public enum Unit {
  /** Things, which the metric's name says. */
  COUNT("", 1),
  BYTES("bytes", 1),
  /** Kept as whole microseconds; shown in seconds where base units are expected. */
  MICROSECONDS("seconds", 1_000_000);

  private final String base;
  private final long perBase;

  Unit(String base, long perBase) {
    this.base = base;
    this.perBase = perBase;
  }

  /** The base unit as Prometheus calls it; empty for {@link #COUNT}. */
  public String base() {
    return base;
  }

  /** A value in the base unit. */
  public double inBase(long value) {
    return (double) value / perBase;
  }
}
