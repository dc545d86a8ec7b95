package org.aeiou.daemon.http.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetsTest {
  private final Targets targets = new Targets();

  @BeforeEach
  void fill() {
    targets.replace(
        Map.of(
            "core1", "10.0.0.1:161",
            "lon/edge7", "Edge7.example.org:1161",
            "six", "[2001:db8::1]:161",
            "red", "10.0.0.9:161",
            "blue", "10.0.0.9:161"));
  }

  @ParameterizedTest
  @CsvSource({
    "core1, core1",
    "lon/edge7, lon/edge7",
    "10.0.0.1, core1",
    "10.0.0.1:161, core1",
    "udp://10.0.0.1, core1",
    "UDP://10.0.0.1:161, core1",
    "edge7.example.org:1161, lon/edge7",
    "2001:db8::1, six",
    "[2001:DB8:0:0::1]:161, six",
    "udp6://[2001:db8::1], six",
    "red, red"
  })
  void targetIsANameOrAnAddressWithOrWithoutPortAndTransport(String target, String system)
      throws BadScrapeException {
    assertThat(targets.system(target)).isEqualTo(system);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.0.0.2 | Unknown target '10.0.0.2': no system has this name or address; add it to"
            + " 'systems:' in the configuration, and reload",
        "edge7.example.org | Unknown target 'edge7.example.org': there is lon/edge7 at"
            + " Edge7.example.org:1161; use that, or the name",
        "10.0.0.9 | target '10.0.0.9' is the address of 2 systems (blue, red); use the name of one"
            + " of them",
        "tcp://10.0.0.1 | target 'tcp://10.0.0.1': systems are asked over UDP; leave the transport"
            + " out",
        "core1/interfaces | Unknown target 'core1/interfaces': no system has this name or address;"
            + " add it to 'systems:' in the configuration, and reload"
      })
  void anyOtherIsRefusedAndNeverAsked(String target, String message) {
    assertThatThrownBy(() -> targets.system(target)).hasMessage(message);
  }

  @Test
  void systemsAreThoseOfTheLastConfiguration() throws BadScrapeException {
    targets.replace(Map.of("core2", "10.0.0.1:161"));

    assertThat(targets.system("10.0.0.1")).isEqualTo("core2");
    assertThatThrownBy(() -> targets.system("core1")).hasMessageStartingWith("Unknown target");
  }

  @Test
  void endlessTargetIsSaidShortened() {
    assertThatThrownBy(() -> targets.system("x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(400));
  }
}
