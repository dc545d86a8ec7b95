package org.aeiou.daemon.http.live;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/** What is counted of streams. Any thread. */
final class StreamCounters {
  final MetricSet metrics = new MetricSet();

  final LongAdder opened = metrics.counter("opened", "Streams that were opened.");

  final LongAdder resumed =
      metrics.counter("resumed", "Streams that went on where they were after a break.");

  final LongAdder ended =
      metrics.counter("ended", "Connections of streams that ended at the browser's end.");

  final LongAdder slow =
      metrics.counter(
          "slow", "Connections of streams that were broken off as nothing was taken from them.");

  final LongAdder refused =
      metrics.counter(
          "refused", "Streams, and what they were to show, that were refused by a limit.");

  final LongAdder bad =
      metrics.counter("bad-requests", "Requests of streams that made no sense, or not theirs.");

  final LongAdder encoded =
      metrics.counter("encoded", "Cells that were written as JSON, once for all streams.");

  final LongAdder sent =
      metrics.counter("cells", "Cells that were sent, each counted for each stream.");

  final LongAdder coalesced =
      metrics.counter(
          "coalesced", "Changes of cells that were left out as a newer one came before its turn.");

  final LongAdder frames = metrics.counter("frames", "Frames that were sent.");

  final LongAdder bytes =
      metrics.counter("sent-bytes", Unit.BYTES, "What the frames of all streams had together.");

  /** Shows how many there are. */
  void gauges(LongSupplier streams, LongSupplier cells, LongSupplier subscriptions) {
    metrics.gauge("open", Unit.COUNT, "Streams, those included that may come back.", streams);
    metrics.gauge("shown", Unit.COUNT, "Paths that streams show, each counted once.", cells);
    metrics.gauge(
        "shown-by-streams",
        Unit.COUNT,
        "Paths that streams show, each counted for each stream.",
        subscriptions);
  }
}
