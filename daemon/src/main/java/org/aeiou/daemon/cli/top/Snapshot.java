package org.aeiou.daemon.cli.top;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the daemon said at one time, with what it said before: how much was counted between the two.
 *
 * @param systems each system's line
 * @param requesters each requester's line
 * @param members each line of a member of the cluster; none if there is no cluster
 * @param atMillis when, in milliseconds since the epoch
 * @param before what was said before; null of the first
 */
record Snapshot(
    List<SystemLine> systems,
    List<SystemLine> requesters,
    List<SystemLine> members,
    long atMillis,
    Counted before) {

  /**
   * Counters of a snapshot.
   *
   * @param counters by name of the system, and of the counter
   */
  record Counted(Map<String, Map<String, Long>> counters, long atMillis) {}

  private static final List<String> COUNTERS = List.of("requests", "exchanges", "timeouts");

  /** Its counters, for the next one. */
  Counted counted() {
    Map<String, Map<String, Long>> counters = new HashMap<>();
    for (SystemLine system : systems) {
      Map<String, Long> own = new HashMap<>();
      COUNTERS.forEach(key -> own.put(key, system.number(key)));
      counters.put(system.name(), own);
    }
    return new Counted(counters, atMillis);
  }

  /** How often a second something was counted since the snapshot before; -1 if that is unknown. */
  double perSecond(SystemLine system, String counter) {
    Map<String, Long> was = before == null ? null : before.counters().get(system.name());
    long millis = before == null ? 0 : atMillis - before.atMillis();
    if (was == null || millis <= 0) {
      return -1;
    }
    // Less than before: the daemon was started anew.
    return Math.max(0, system.number(counter) - was.getOrDefault(counter, 0L)) * 1000.0 / millis;
  }

  /** How much was counted since the snapshot before, of all systems; -1 if that is unknown. */
  double perSecond(String counter) {
    double sum = -1;
    for (SystemLine system : systems) {
      double own = perSecond(system, counter);
      sum = own < 0 ? sum : Math.max(sum, 0) + own;
    }
    return sum;
  }

  /** How much was counted of a system lately, or in all if there was no snapshot before. */
  double lately(SystemLine system, String counter) {
    double perSecond = perSecond(system, counter);
    return perSecond < 0 ? Math.max(0, system.number(counter)) : perSecond;
  }
}
