package org.aeiou.daemon.attach.table;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.shared.table.TableKind;

/** How much of each kind is in the table. One thread at a time counts; any thread reads. */
final class PublishedCounts {
  private final AtomicIntegerArray kinds = new AtomicIntegerArray(TableKind.STAT_ONLY + 1);
  private final AtomicInteger descriptions = new AtomicInteger();
  private final LongAdder refused = new LongAdder();

  /**
   * Shows them.
   *
   * @param unknownNames how many paths that name nothing there are
   * @param usedBytes of the table's data
   */
  void describe(MetricSet metrics, LongSupplier unknownNames, LongSupplier usedBytes) {
    gauge(metrics, "readings", TableKind.READING, "Readings in the value table.");
    gauge(metrics, "absences", TableKind.ABSENT, "Attributes in the value table that are absent.");
    gauge(metrics, "listings", TableKind.LISTING, "Directories in the value table.");
    gauge(
        metrics, "stats", TableKind.STAT_ONLY, "Names in the value table with no more than stat.");
    metrics.gauge(
        "unknownNames", Unit.COUNT, "Paths in the value table that name nothing.", unknownNames);
    metrics.gauge(
        "descriptions",
        Unit.COUNT,
        "Attributes described in the value table.",
        descriptions::longValue);
    metrics.gauge(
        "tableBytes", Unit.BYTES, "Memory in use for what is in the value table.", usedBytes);
    metrics.counter(
        "unpublished",
        "",
        Unit.COUNT,
        "Times there was no room in the value table: programs asked instead.",
        refused::sum);
  }

  private void gauge(MetricSet metrics, String name, int kind, String help) {
    metrics.gauge(name, Unit.COUNT, help, () -> kinds.get(kind));
  }

  /** Something is of another kind than before, perhaps {@link TableKind#NOTHING}. */
  void changed(int before, int after) {
    kinds.getAndDecrement(before);
    kinds.getAndIncrement(after);
  }

  /** So many more are described. */
  void described(int more) {
    descriptions.getAndAdd(more);
  }

  /** There was no room for something. */
  void refused() {
    refused.increment();
  }

  /** How much there is that is no reading. */
  int derived() {
    return kinds.get(TableKind.ABSENT)
        + kinds.get(TableKind.LISTING)
        + kinds.get(TableKind.STAT_ONLY);
  }
}
