package org.aeiou.daemon.backend.snmp.message;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one back end; any thread adds, any thread reads. */
public final class SnmpCounters {
  private final Map<SnmpCounter, LongAdder> adders = new EnumMap<>(SnmpCounter.class);

  public SnmpCounters() {
    for (SnmpCounter counter : SnmpCounter.values()) {
      adders.put(counter, new LongAdder());
    }
  }

  public void add(SnmpCounter counter) {
    adders.get(counter).increment();
  }

  public long get(SnmpCounter counter) {
    return adders.get(counter).sum();
  }

  /** All of them by name, in the order of names. */
  public Map<String, Long> snapshot() {
    Map<String, Long> values = new TreeMap<>();
    adders.forEach((counter, adder) -> values.put(counter.key(), adder.sum()));
    return values;
  }
}
