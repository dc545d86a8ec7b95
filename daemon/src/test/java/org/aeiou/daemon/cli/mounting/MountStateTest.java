package org.aeiou.daemon.cli.mounting;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.aeiou.daemon.cli.mounting.MountState.State;
import org.junit.jupiter.api.Test;

/** How a mount is, by what its daemon says. */
class MountStateTest {
  private static final String STATUS =
      """
      version: 0.1.0
      pid: 77
      uptime_s: 93784
      systems: 10
      systems_up: 6
      systems_down: 1
      systems_breaker: 2
      systems_unknown: 1
      pending: 3
      in_flight: 2
      cached: 1234
      heap_mb: 40
      heap_max_mb: 512
      budget of all: 5/s
      """;

  private static MountState state(int mostDown) {
    return MountState.answering(
        "/net",
        "/etc/aeiou/net.yaml",
        Map.of(".aeiou/status", STATUS, ".aeiou/attach", "/run/a.sock\n", ".aeiou/http", "\n"),
        mostDown);
  }

  @Test
  void moreSystemsDownThanMayBeIsDegraded() {
    assertThat(state(2).state()).isEqualTo(State.DEGRADED);
    assertThat(state(2).why()).isEqualTo("3 systems do not answer; see /net/.aeiou/systems");
    assertThat(state(3).state()).isEqualTo(State.FINE);
    assertThat(state(3).why()).isEmpty();
  }

  @Test
  void peopleReadWhatTheDaemonSaysInWords() {
    assertThat(state(3).asText())
        .isEqualTo(
            """
            /net: fine
              configuration  /etc/aeiou/net.yaml
              daemon         0.1.0, process 77, up 1 d 2 h
              systems        10: 6 up, 3 down, 2 of them not asked for a while, 1 not asked yet
              requests       3 pending, 2 exchanges in flight
              memory         40 of 512 MB of the heap; 1234 answers cached
              attach         /run/a.sock
            """);
  }

  @Test
  void programsReadNumbersAsNumbers() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      state(0).writeTo(json);
    }
    assertThat(text.toString())
        .startsWith("{\"mount\":\"/net\",\"source\":\"/etc/aeiou/net.yaml\",\"state\":\"degraded\"")
        .contains("\"pid\":77,", "\"version\":\"0.1.0\"", "\"attach\":\"/run/a.sock\"")
        .doesNotContain("\"http\"");
  }

  @Test
  void worseStatesHaveExitCodesOfTheirOwn() {
    assertThat(State.values()).extracting(State::exitCode).containsExactly(0, 7, 1, 5, 6);
  }

  @Test
  void ageIsToldInItsTwoLargestUnits() {
    assertThat(MountState.inWords(Duration.ofSeconds(7))).isEqualTo("7 s");
    assertThat(MountState.inWords(Duration.ofSeconds(3599))).isEqualTo("59 min 59 s");
    assertThat(MountState.inWords(Duration.ofMinutes(121))).isEqualTo("2 h 1 min");
  }
}
