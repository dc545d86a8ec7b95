package org.aeiou.daemon.http.api;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;

/** What is counted of the API. Any thread. */
final class ApiCounters {
  final MetricSet metrics = new MetricSet();

  final LongAdder requests = metrics.counter("requests", "Requests for values and listings.");

  final LongAdder values = metrics.counter("values", "Paths that were read for them.");

  final LongAdder late =
      metrics.counter("late", "Paths without an outcome when the answer was wanted.");

  final LongAdder bad = metrics.counter("bad-requests", "Requests that made no sense.");

  final LongAdder refused =
      metrics.counter("refused", "Requests that were refused as too much was asked for at once.");
}
