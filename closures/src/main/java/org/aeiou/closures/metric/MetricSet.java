package org.aeiou.closures.metric;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The metrics of one room. The room adds all of them while it is made, before other threads see the
 * set; after that any thread may read.
 *
 * <p>Counting costs what a {@link LongAdder} costs: the set is not asked again.
 */
public final class MetricSet {
  private final List<Metric> all = new ArrayList<>();

  /** A counter of things. */
  public LongAdder counter(String name, String help) {
    return counter(name, Unit.COUNT, help);
  }

  public LongAdder counter(String name, Unit unit, String help) {
    LongAdder adder = new LongAdder();
    counter(name, "", unit, help, adder::sum);
    return adder;
  }

  /** One of several counters of a kind; see {@link Metric.Counter#label}. */
  public LongAdder counter(String kind, String label, String value, String help) {
    LongAdder adder = new LongAdder();
    counter(kind + "." + value, label, Unit.COUNT, help, adder::sum);
    return adder;
  }

  /** A counter that the room keeps in its own way. */
  public void counter(String name, String label, Unit unit, String help, LongSupplier value) {
    all.add(new Metric.Counter(name, label, unit, help, value));
  }

  public void gauge(String name, Unit unit, String help, LongSupplier value) {
    all.add(new Metric.Gauge(name, unit, help, value));
  }

  public void histogram(
      String name, Unit unit, String help, List<Long> bounds, Supplier<Metric.Distribution> value) {
    all.add(new Metric.Histogram(name, unit, help, bounds, value));
  }

  /** All of them, in the order in which they were added. */
  public List<Metric> all() {
    return Collections.unmodifiableList(all);
  }

  /**
   * All values now, by name: each by itself recent, all together no snapshot. A histogram has two,
   * {@code name.count} and {@code name.sum}.
   */
  public SortedMap<String, Long> values() {
    SortedMap<String, Long> values = new TreeMap<>();
    for (Metric metric : all) {
      if (metric instanceof Metric.Counter counter) {
        values.put(counter.name(), counter.value().getAsLong());
      } else if (metric instanceof Metric.Gauge gauge) {
        values.put(gauge.name(), gauge.value().getAsLong());
      } else if (metric instanceof Metric.Histogram histogram) {
        Metric.Distribution seen = histogram.value().get();
        values.put(histogram.name() + ".count", seen.count());
        values.put(histogram.name() + ".sum", seen.sum());
      }
    }
    return values;
  }
}
