package org.aeiou.daemon.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.aeiou.closures.metric.Metric;
import org.aeiou.closures.metric.MetricSet;

/**
 * All metrics of the daemon, by room. Each room counts for itself and registers what it counts.
 *
 * <p>Any thread may call any method.
 */
public final class Metrics {

  /** What one room registered, under the name that its metrics' names begin with. */
  record Room(String name, MetricSet metrics) {}

  private final List<Room> rooms = new CopyOnWriteArrayList<>();

  /** What Prometheus reads; null until it does. Guarded by this. */
  private Exposition exposition;

  private final String version;

  /** How many of the rooms are part of it. Guarded by this. */
  private int exposed;

  /** Those of rooms alone; none yet. */
  public Metrics() {
    this(null);
  }

  /** With those of the process, for Prometheus, and this version of the program. */
  public Metrics(String version) {
    this.version = version;
  }

  /**
   * Adds metrics to those of a room.
   *
   * @param room what their names begin with: {@code scheduler}
   * @param metrics complete; read by any thread from now on
   * @throws IllegalArgumentException if the room has a metric of that name
   */
  public synchronized void register(String room, MetricSet metrics) {
    Set<String> taken = new HashSet<>();
    rooms.stream()
        .filter(known -> known.name.equals(room))
        .forEach(known -> names(known.metrics).forEach(taken::add));
    for (String name : names(metrics)) {
      if (!taken.add(name)) {
        throw new IllegalArgumentException(
            "metric '%s.%s' is registered twice; expected another name".formatted(room, name));
      }
    }
    rooms.add(new Room(room, metrics));
  }

  private static List<String> names(MetricSet metrics) {
    return metrics.all().stream().map(Metric::name).toList();
  }

  /** All values now, by {@code room.name}. */
  public SortedMap<String, Long> read() {
    SortedMap<String, Long> all = new TreeMap<>();
    for (Room room : rooms) {
      room.metrics.values().forEach((name, value) -> all.put(room.name + "." + name, value));
    }
    return all;
  }

  /** All values as {@code name: value} lines. */
  public String asLines() {
    StringBuilder text = new StringBuilder();
    read().forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString();
  }

  /** All metrics in the text format that Prometheus reads. */
  public synchronized String asPrometheus() {
    return exposition().text();
  }

  /** The same as OpenMetrics, which ends with a line that says so. */
  public synchronized String asOpenMetrics() {
    return exposition().openMetricsText();
  }

  private Exposition exposition() {
    if (exposition == null) {
      exposition = new Exposition(version);
    }
    for (; exposed < rooms.size(); exposed++) {
      exposition.add(rooms.get(exposed));
    }
    return exposition;
  }

  /** The rooms, in the order in which they registered. */
  List<Room> rooms() {
    return new ArrayList<>(rooms);
  }
}
