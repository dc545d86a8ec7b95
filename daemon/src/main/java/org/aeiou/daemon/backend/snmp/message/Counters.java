package org.aeiou.daemon.backend.snmp.message;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one back end; any thread adds, any thread reads. */
public final class Counters {
  private final Map<Counter, LongAdder> adders = new EnumMap<>(Counter.class);

  public Counters() {
    for (Counter counter : Counter.values()) {
      adders.put(counter, new LongAdder());
    }
  }

  public void add(Counter counter) {
    adders.get(counter).increment();
  }

  public long get(Counter counter) {
    return adders.get(counter).sum();
  }

  /** All of them by name, in the order of names. */
  public Map<String, Long> snapshot() {
    Map<String, Long> values = new TreeMap<>();
    adders.forEach((counter, adder) -> values.put(counter.key(), adder.sum()));
    return values;
  }
}
