package org.aeiou.daemon.endtoend;

import static java.util.stream.Collectors.groupingBy;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.aeiou.daemon.simulator.Arrival;
import org.aeiou.daemon.simulator.SimulatedNetwork;

/**
 * What arrived at the agents of a simulated network, and when: whatever members believe of
 * themselves, this is what they did.
 */
final class Arrivals {
  private final Collection<Arrival> all = new ConcurrentLinkedQueue<>();

  Arrivals(SimulatedNetwork network) {
    network.listen(all::add);
  }

  /** Those of a time, by system, each in the order in which they came. */
  Map<String, List<Arrival>> between(long from, long until) {
    return all.stream()
        .filter(arrival -> arrival.nanos() - from >= 0 && arrival.nanos() - until < 0)
        .collect(groupingBy(Arrival::system, TreeMap::new, Collectors.toList()));
  }

  /** How many came in a time. */
  long count(long from, long until) {
    return between(from, until).values().stream().mapToLong(List::size).sum();
  }

  /** How often each text was set, since the beginning. */
  Map<String, Long> sets() {
    return all.stream()
        .flatMap(arrival -> arrival.set().stream())
        .collect(groupingBy(Function.identity(), Collectors.counting()));
  }

  /** The most that came in any second of a time. */
  long mostInASecond(long from, long until) {
    List<Long> times =
        all.stream()
            .map(Arrival::nanos)
            .filter(nanos -> nanos - from >= 0 && nanos - until < 0)
            .sorted()
            .toList();
    int most = 0;
    int first = 0;
    for (int i = 0; i < times.size(); i++) {
      while (times.get(i) - times.get(first) >= TimeUnit.SECONDS.toNanos(1)) {
        first++;
      }
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  /**
   * For how long a system was asked by one socket while another one asked it as well, in
   * milliseconds: of all systems the longest. A socket that comes back after it asked nothing for a
   * while is none that asked as well.
   *
   * @param whileMillis what is a while
   */
  static long askedInTurnsMillis(Map<String, List<Arrival>> bySystem, long whileMillis) {
    return bySystem.values().stream()
            .mapToLong(arrivals -> inTurnsNanos(runs(arrivals), whileMillis * 1_000_000))
            .max()
            .orElse(0)
        / 1_000_000;
  }

  private static long inTurnsNanos(List<List<Arrival>> runs, long whileNanos) {
    long longest = 0;
    long began = 0;
    boolean inTurns = false;
    for (int i = 1; i < runs.size() - 1; i++) {
      Arrival before = last(runs.get(i - 1));
      Arrival after = runs.get(i + 1).get(0);
      boolean isBetween =
          before.from().equals(after.from()) && after.nanos() - before.nanos() < whileNanos;
      if (isBetween && !inTurns) {
        began = runs.get(i).get(0).nanos();
      }
      if (isBetween) {
        longest = Math.max(longest, after.nanos() - began);
      }
      inTurns = isBetween;
    }
    return longest;
  }

  private static Arrival last(List<Arrival> run) {
    return run.get(run.size() - 1);
  }

  private static List<List<Arrival>> runs(List<Arrival> arrivals) {
    List<List<Arrival>> runs = new ArrayList<>();
    SocketAddress last = null;
    for (Arrival arrival : arrivals) {
      if (!arrival.from().equals(last)) {
        runs.add(new ArrayList<>());
        last = arrival.from();
      }
      runs.get(runs.size() - 1).add(arrival);
    }
    return runs;
  }

  /**
   * For how long any system was asked more often than it may be, in milliseconds: of all systems
   * the longest sum.
   *
   * @param perSecond how often it may be asked in any second, its burst included
   */
  static long tooOftenMillis(Map<String, List<Arrival>> bySystem, int perSecond) {
    return bySystem.values().stream()
            .mapToLong(arrivals -> tooOftenNanos(arrivals, perSecond))
            .max()
            .orElse(0)
        / 1_000_000;
  }

  private static long tooOftenNanos(List<Arrival> arrivals, int perSecond) {
    long sum = 0;
    for (int i = perSecond + 1; i < arrivals.size(); i++) {
      if (arrivals.get(i).nanos() - arrivals.get(i - perSecond).nanos()
          < TimeUnit.SECONDS.toNanos(1)) {
        sum += arrivals.get(i).nanos() - arrivals.get(i - 1).nanos();
      }
    }
    return sum;
  }

  /** The most requests that any system had at once. */
  static int mostAtOnce(Map<String, List<Arrival>> bySystem) {
    return bySystem.values().stream()
        .flatMap(List::stream)
        .mapToInt(arrival -> arrival.inFlight() + 1)
        .max()
        .orElse(0);
  }
}
