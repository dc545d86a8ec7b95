package org.aeiou.daemon.attach.request;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;

/** What is counted of the requests of all clients. Any thread. */
public class RequestCounters {
  /** Of the room {@code attach}; the server adds its own. */
  protected final MetricSet metrics = new MetricSet();

  final LongAdder completions =
      metrics.counter("completions", "Completions that were written into clients' rings.");

  final LongAdder bells =
      metrics.counter("bells", "Times a client was woken because of a completion.");

  final LongAdder deadlines =
      metrics.counter("deadlines", "Requests that ended because their deadlines passed.");

  public final LongAdder faults =
      metrics.counter("faults", "Errors of the daemon itself that ended a request or a turn.");

  /** All of it, described. */
  public final MetricSet metrics() {
    return metrics;
  }
}
