package org.aeiou.daemon.http.scrape;

import java.util.List;
import java.util.function.ToLongFunction;
import org.aeiou.daemon.overview.SystemState;

/**
 * The families that have the system as their label, in the text formats of Prometheus. Written
 * here, and not by its client: of a thousand systems that makes an object of each of sixteen
 * thousand samples.
 *
 * <p>A sample that is not known is left out, so that it is absent in a query and not a lie.
 */
final class SystemFamilies {
  /** What is not known. */
  private static final long ABSENT = Long.MIN_VALUE;

  /** How a value is written. */
  private enum Scale {
    ONE(1),
    MILLIS(1_000),
    MICROS(1_000_000);

    private final long perUnit;

    Scale(long perUnit) {
      this.perUnit = perUnit;
    }
  }

  /** One family; a counter's name ends in {@code _total}. */
  private record Family(String name, String help, Scale scale, ToLongFunction<SystemState> value) {
    boolean isCounter() {
      return name.endsWith("_total");
    }
  }

  private SystemFamilies() {}

  private static List<Family> all(long nowMillis) {
    return List.of(
        new Family(
            "aeiou_up",
            "Whether the system answers: 1 or 0; absent before it was asked.",
            Scale.ONE,
            SystemFamilies::up),
        new Family(
            "aeiou_system_state_timestamp_seconds",
            "Since when the system answers, or does not.",
            Scale.MILLIS,
            SystemState::sinceMillis),
        new Family(
            "aeiou_system_breaker_open",
            "Whether requests fail at once because the system did not answer: 1 or 0.",
            Scale.ONE,
            system -> system.openUntilMillis() >= 0 ? 1 : 0),
        new Family(
            "aeiou_system_answer_age_seconds",
            "How long ago the system answered last.",
            Scale.MILLIS,
            system -> age(nowMillis, system.answeredMillis())),
        new Family(
            "aeiou_system_oldest_reading_age_seconds",
            "How old the oldest reading of the system is that is kept.",
            Scale.MILLIS,
            system -> age(nowMillis, system.oldestMillis())),
        new Family(
            "aeiou_system_cached",
            "Questions about the system whose answers are kept.",
            Scale.ONE,
            SystemState::cached),
        new Family(
            "aeiou_system_misses_total",
            "Requests that the cache could not answer.",
            Scale.ONE,
            SystemState::requests),
        new Family(
            "aeiou_system_exchanges_total",
            "Questions sent to the system, each of which may carry many requests.",
            Scale.ONE,
            SystemState::exchanges),
        new Family(
            "aeiou_system_timeouts_total",
            "Exchanges that were not answered in time.",
            Scale.ONE,
            SystemState::timeouts),
        new Family(
            "aeiou_system_round_trip_seconds",
            "Smoothed time from a question to its answer.",
            Scale.MICROS,
            system -> known(system.roundTripMicros())),
        new Family(
            "aeiou_system_queued", "What waits to be asked for.", Scale.ONE, SystemState::queued),
        new Family(
            "aeiou_system_in_flight", "Exchanges under way.", Scale.ONE, SystemState::inFlight),
        new Family(
            "aeiou_system_paced_total",
            "Exchanges that waited for a rate or a budget.",
            Scale.ONE,
            SystemState::waited),
        new Family(
            "aeiou_system_batch_limit",
            "How many items an exchange may carry, as configured or learned.",
            Scale.ONE,
            SystemState::batchLimit),
        new Family(
            "aeiou_system_learned_in_flight_limit",
            "How many exchanges may be under way, where fewer than configured were found right.",
            Scale.ONE,
            system -> known(system.inFlightLimit())),
        new Family(
            "aeiou_system_learned_gap_seconds",
            "The least time between two exchanges, where more than configured was found right.",
            Scale.MILLIS,
            system -> known(system.gapMillis())));
  }

  private static long up(SystemState system) {
    return switch (system.state()) {
      case UP -> 1;
      case DOWN, BREAKER -> 0;
      case UNKNOWN -> ABSENT;
    };
  }

  private static long known(long value) {
    return value < 0 ? ABSENT : value;
  }

  private static long age(long nowMillis, long thenMillis) {
    return thenMillis < 0 ? ABSENT : Math.max(0, nowMillis - thenMillis);
  }

  /**
   * Adds all families of all systems.
   *
   * @param openMetrics whether counters' families go without the end of their samples' names
   */
  static void write(
      StringBuilder out, List<SystemState> systems, long nowMillis, boolean openMetrics) {
    String[] labels = systems.stream().map(system -> label(system.name())).toArray(String[]::new);
    for (Family family : all(nowMillis)) {
      String name =
          openMetrics && family.isCounter()
              ? family.name.substring(0, family.name.length() - "_total".length())
              : family.name;
      out.append("# HELP ").append(name).append(' ').append(family.help).append('\n');
      out.append("# TYPE ").append(name).append(family.isCounter() ? " counter\n" : " gauge\n");
      for (int i = 0; i < labels.length; i++) {
        long value = family.value.applyAsLong(systems.get(i));
        if (value != ABSENT) {
          out.append(family.name).append(labels[i]);
          number(out, value, family.scale.perUnit);
          out.append('\n');
        }
      }
    }
  }

  private static String label(String name) {
    String escaped = name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return "{system=\"" + escaped + "\"} ";
  }

  /** As a decimal fraction, without zeros at its end. */
  private static void number(StringBuilder out, long value, long perUnit) {
    out.append(value / perUnit);
    long rest = value % perUnit;
    if (rest == 0) {
      return;
    }
    out.append('.');
    for (long digit = perUnit / 10; rest > 0; digit /= 10) {
      out.append((char) ('0' + rest / digit));
      rest %= digit;
    }
  }
}
