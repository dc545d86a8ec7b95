package org.aeiou.daemon.http.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Health;
import org.aeiou.daemon.overview.SystemState;
import org.junit.jupiter.api.Test;

class SystemFamiliesTest {
  private static final long NOW = 1_700_000_100_000L;

  /** One that answered 1.5 s ago. */
  private static SystemState up(String name) {
    return system(name, SystemState.State.UP, NOW - 1500, 12_345);
  }

  private static SystemState system(
      String name, SystemState.State state, long answeredMillis, long roundTripMicros) {
    return new SystemState(
        name,
        "10.0.0.1",
        null,
        state,
        NOW - 60_000,
        Health.BreakerState.CLOSED,
        state == SystemState.State.BREAKER ? NOW + 1000 : -1,
        null,
        roundTripMicros,
        -1,
        0,
        answeredMillis,
        7,
        3,
        1,
        0,
        0,
        40,
        false,
        -1,
        250,
        false,
        0,
        9,
        -1,
        List.of());
  }

  private static String text(boolean openMetrics, SystemState... systems) {
    StringBuilder out = new StringBuilder();
    SystemFamilies.write(out, List.of(systems), NOW, openMetrics);
    return out.toString();
  }

  @Test
  void eachFamilyHasAHelpATypeAndASampleOfEachSystem() {
    assertThat(text(false, up("core1"), up("lon/core2")))
        .contains(
            """
            # HELP aeiou_up Whether the system answers: 1 or 0; absent before it was asked.
            # TYPE aeiou_up gauge
            aeiou_up{system="core1"} 1
            aeiou_up{system="lon/core2"} 1
            """,
            """
            # TYPE aeiou_system_misses_total counter
            aeiou_system_misses_total{system="core1"} 7
            """);
  }

  @Test
  void timesAreInSeconds() {
    assertThat(text(false, up("core1")))
        .contains(
            "aeiou_system_answer_age_seconds{system=\"core1\"} 1.5\n",
            "aeiou_system_round_trip_seconds{system=\"core1\"} 0.012345\n",
            "aeiou_system_learned_gap_seconds{system=\"core1\"} 0.25\n",
            "aeiou_system_state_timestamp_seconds{system=\"core1\"} 1700000040\n");
  }

  @Test
  void whatIsNotKnownIsAbsentAndNotZero() {
    assertThat(text(false, system("new", SystemState.State.UNKNOWN, -1, -1)))
        .doesNotContain(
            "aeiou_up{", "answer_age_seconds{", "round_trip_seconds{", "in_flight_limit{");
  }

  @Test
  void aSystemThatIsNotAskedAnyMoreIsDown() {
    assertThat(text(false, system("a", SystemState.State.BREAKER, NOW, 1)))
        .contains("aeiou_up{system=\"a\"} 0\n", "aeiou_system_breaker_open{system=\"a\"} 1\n");
  }

  @Test
  void aNameIsEscaped() {
    assertThat(text(false, up("a\"b\\c\nd"))).contains("aeiou_up{system=\"a\\\"b\\\\c\\nd\"} 1\n");
  }

  @Test
  void inOpenMetricsTheFamilyOfACounterHasAShorterName() {
    assertThat(text(true, up("core1")))
        .contains(
            """
            # TYPE aeiou_system_timeouts counter
            aeiou_system_timeouts_total{system="core1"} 1
            """);
  }

  @Test
  void aThousandSystemsAreLessThanTwoMegabytes() {
    List<SystemState> systems = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      systems.add(up("building-%04d/switch-%04d".formatted(i / 10, i)));
    }
    StringBuilder out = new StringBuilder();
    SystemFamilies.write(out, systems, NOW, false);
    assertThat(out.length()).isBetween(500_000, 1_500_000);
  }
}
