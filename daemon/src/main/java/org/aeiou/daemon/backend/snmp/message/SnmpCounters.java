package org.aeiou.daemon.backend.snmp.message;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;

/** The counters of one back end; any thread adds, any thread reads. */
public final class SnmpCounters {
  private final MetricSet metrics = new MetricSet();
  private final Map<SnmpCounter, LongAdder> adders = new EnumMap<>(SnmpCounter.class);

  public SnmpCounters() {
    for (SnmpCounter counter : SnmpCounter.values()) {
      adders.put(counter, metrics.counter(counter.key, counter.help));
    }
  }

  public void add(SnmpCounter counter) {
    adders.get(counter).increment();
  }

  public long get(SnmpCounter counter) {
    return adders.get(counter).sum();
  }

  /** All of them, described; the back end adds what it holds. */
  public MetricSet metrics() {
    return metrics;
  }
}
