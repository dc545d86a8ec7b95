package org.aeiou.daemon.app;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.aeiou.daemon.overview.SystemState;

/** The file {@code /.aeiou/status}: what there is to say of a daemon, {@code key: value}. */
final class StatusText {
  private StatusText() {}

  /**
   * The text.
   *
   * @param counters those of the scheduler
   * @param cached how many answers are in the cache
   * @param more further lines; may be none
   */
  static String of(
      Duration uptime,
      Collection<SystemState> systems,
      Map<String, Long> counters,
      long cached,
      String more) {
    StringBuilder text = new StringBuilder();
    put(text, "version", Version.text());
    put(text, "pid", ProcessHandle.current().pid());
    put(text, "uptime_s", uptime.toSeconds());
    if (Version.isReplaced()) {
      put(text, "restart", "due, as the program was replaced");
    }
    put(text, "systems", systems.size());
    SystemState.count(systems)
        .forEach((state, number) -> put(text, "systems_" + state.word(), number));
    put(text, "pending", counters.get("pending"));
    put(text, "in_flight", counters.get("inFlight"));
    put(text, "cached", cached);
    Runtime heap = Runtime.getRuntime();
    put(text, "heap_mb", (heap.totalMemory() - heap.freeMemory()) >> 20);
    put(text, "heap_max_mb", heap.maxMemory() >> 20);
    return text.append(more).toString();
  }

  private static void put(StringBuilder text, String key, Object value) {
    text.append(key).append(": ").append(value).append('\n');
  }
}
