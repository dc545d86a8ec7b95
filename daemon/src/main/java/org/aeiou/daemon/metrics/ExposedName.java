package org.aeiou.daemon.metrics;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.aeiou.closures.metric.Metric;

/**
 * What Prometheus calls a metric, made of what {@code stats} calls it: {@code channel.bytes-in} is
 * {@code aeiou_channel_in_bytes_total}. Words in lower case with an underscore between them, then
 * the base unit, then {@code total} if it is a counter, as Prometheus' naming practices want it.
 */
final class ExposedName {
  private static final String PREFIX = "aeiou_";
  private static final String COUNTER = "_total";

  private ExposedName() {}

  /** The name in full, as a query has it. */
  static String of(String room, Metric metric) {
    String name =
        (family(metric).isEmpty() ? room : room + "." + family(metric))
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("[^A-Za-z0-9]+", "_");
    List<String> words =
        new ArrayList<>(Splitter.on('_').splitToList(name.toLowerCase(Locale.ROOT)));
    String unit = metric.unit().base();
    if (!unit.isEmpty()) {
      words.remove(unit);
      words.add(unit);
    }
    return PREFIX + String.join("_", words) + (metric instanceof Metric.Counter ? COUNTER : "");
  }

  /** The name without what the label says; empty where the label says all of it. */
  static String family(Metric metric) {
    return metric instanceof Metric.Counter counter && !counter.label().isEmpty()
        ? counter.name().substring(0, Math.max(0, counter.name().lastIndexOf('.')))
        : metric.name();
  }

  /** What the label says of a counter that has one. */
  static String labelValue(Metric.Counter counter) {
    return counter.name().substring(counter.name().lastIndexOf('.') + 1);
  }

  /** Without what the client's text writer adds to the names of counters by itself. */
  static String withoutCounterSuffix(String exposed) {
    return exposed.endsWith(COUNTER)
        ? exposed.substring(0, exposed.length() - COUNTER.length())
        : exposed;
  }
}
