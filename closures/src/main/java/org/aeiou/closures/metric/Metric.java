package org.aeiou.closures.metric;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One thing that a room counts or measures: what it is, and how to read it. Any thread may read it,
 * at any time, without waiting.
 */
public sealed interface Metric {
  /** What it is called within its room, as in {@code bytes-in}; names of one room differ. */
  String name();

  Unit unit();

  /** What it tells, as a sentence. */
  String help();

  /**
   * What only grows.
   *
   * @param label what the part of the name after its last dot is a value of, as {@code operation}
   *     for {@code requests.read}; empty for a counter that stands by itself. A name without a dot
   *     is the value: the room is called what is counted
   */
  record Counter(String name, String label, Unit unit, String help, LongSupplier value)
      implements Metric {}

  /** What goes up and down. */
  record Gauge(String name, Unit unit, String help, LongSupplier value) implements Metric {}

  /**
   * How often values of which size were seen.
   *
   * @param bounds the largest value of each bucket but the last, which has none; in rising order
   */
  record Histogram(
      String name, Unit unit, String help, List<Long> bounds, Supplier<Distribution> value)
      implements Metric {}

  /**
   * What a histogram has seen.
   *
   * @param counts how many values fell into each bucket
   * @param sum of all values
   */
  record Distribution(List<Long> counts, long sum) {
    /** How many values there were. */
    public long count() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }
  }
}
