package org.aeiou.daemon.backend.snmp.trap;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;

/** The counters of one receiver; any thread adds, any thread reads. */
public final class TrapCounters {
  private final Map<TrapCounter, LongAdder> adders = new EnumMap<>(TrapCounter.class);

  /** Counters that are among these metrics. */
  public TrapCounters(MetricSet metrics) {
    for (TrapCounter counter : TrapCounter.values()) {
      adders.put(counter, metrics.counter("snmp." + counter.key, counter.help));
    }
  }

  void add(TrapCounter counter) {
    adders.get(counter).increment();
  }

  long get(TrapCounter counter) {
    return adders.get(counter).sum();
  }
}
