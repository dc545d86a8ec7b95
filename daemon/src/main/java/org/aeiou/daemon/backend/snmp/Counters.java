package org.aeiou.daemon.backend.snmp;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one back end; any thread adds, any thread reads. */
final class Counters {
  private final Map<Count, LongAdder> adders = new EnumMap<>(Count.class);

  Counters() {
    for (Count count : Count.values()) {
      adders.put(count, new LongAdder());
    }
  }

  void add(Count count) {
    adders.get(count).increment();
  }

  long get(Count count) {
    return adders.get(count).sum();
  }

  /** All of them by name, in the order of names. */
  Map<String, Long> snapshot() {
    Map<String, Long> values = new TreeMap<>();
    adders.forEach((count, adder) -> values.put(count.key, adder.sum()));
    return values;
  }
}
