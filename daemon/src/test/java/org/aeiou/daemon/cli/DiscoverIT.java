package org.aeiou.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code aeiou discover}: agents at addresses that no configuration has. */
class DiscoverIT {
  @TempDir private static Path folder;
  private static SimulatedNetwork network;
  private static Path net;

  @BeforeAll
  static void start() throws Exception {
    network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(4)
                .rows(1)
                .port(0)
                .dead(1)
                .firstAddress("127.50.0.1")
                .build());
    int port = network.port();
    net = folder.resolve("net.yaml");
    Files.writeString(
        net,
        """
        defaults: {snmp: {port: %d, community: wrong, first-timeout: 200ms, first-retries: 1}}
        profiles:
          stranger: {snmp: {version: 3, user: stranger}}
          open: {snmp: {community: public}}
        systems:
          known: 127.50.0.1
        """
            .formatted(port));
  }

  @AfterAll
  static void stop() {
    network.close();
  }

  @Test
  void agentsThatAnswerAreProposedWithTheProfileThatTheyAnsweredTo() throws Exception {
    Path part = folder.resolve("found.yaml");
    Ran ran =
        Ran.aeiou(
            "discover", "127.50.0.0/29", "-c", net, "--profiles", "stranger,open", "--out", part);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err().lines())
        .contains(
            "asked 5 of 5 addresses with open, 2 answer", "2 systems, 0 profiles, 0 left out");
    assertThat(network.agents().get(0).counts().requests())
        .as("requests to the one that is known")
        .isZero();
    Files.writeString(net, "include: found.yaml\n" + Files.readString(net));
    Configuration read = ConfigurationReader.read(net, Map.of(), Backends.ALL);
    assertThat(read.systems()).containsOnlyKeys("known", "lon/edge1", "sw2");
    assertThat(Files.readString(part)).contains("# ").contains("profiles: [open]");
  }

  @Test
  void whereNothingAnswersNothingIsProposed() {
    Ran ran = Ran.aeiou("discover", "127.50.7.0/30", "-c", net);
    assertThat(ran.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("nothing answers that is not known yet");
  }
}
