package org.aeiou.daemon.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * All counters of the daemon, by name. Each room counts for itself and registers how to read its
 * counts.
 *
 * <p>Any thread may call any method.
 */
public final class Metrics {
  private final Map<String, Supplier<Map<String, Long>>> rooms = new ConcurrentHashMap<>();

  /**
   * Adds the counters of a room, or replaces them.
   *
   * @param room what their names begin with: {@code scheduler}
   * @param counters reads them; called by any thread, must not wait
   */
  public void register(String room, Supplier<Map<String, Long>> counters) {
    rooms.put(room, counters);
  }

  /** All counters now, by {@code room.name}. */
  public SortedMap<String, Long> read() {
    SortedMap<String, Long> all = new TreeMap<>();
    rooms.forEach(
        (room, counters) ->
            counters.get().forEach((name, value) -> all.put(room + "." + name, value)));
    return all;
  }

  /** All counters as {@code name: value} lines. */
  public String asLines() {
    StringBuilder text = new StringBuilder();
    read().forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  /** All counters in the text format that Prometheus reads. */
  public String asPrometheus() {
    StringBuilder text = new StringBuilder();
    read()
        .forEach(
            (name, value) -> {
              String metric =
                  "aeiou_" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
              text.append("# TYPE ").append(metric).append(" untyped\n");
              text.append(metric).append(' ').append(value).append('\n');
            });
    return text.toString();
  }
}
