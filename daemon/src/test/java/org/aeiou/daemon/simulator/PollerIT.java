package org.aeiou.daemon.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The poller in C that the daemon is compared with, and its agents: it is no reference unless it
 * gets every value, and no more than the limits allow is on its way.
 */
@Needs(Needs.Thing.GCC)
@Timeout(60)
final class PollerIT {
  private static final Path SOURCES =
      Path.of("../mount-scripts/benchmark").toAbsolutePath().normalize();
  private static final List<String> SYSTEM =
      IntStream.rangeClosed(1, 8).mapToObj(n -> "1.3.6.1.2.1.1." + n + ".0").toList();

  @TempDir private static Path folder;

  private record Polled(int exit, String out, String err) {
    long field(int number) {
      return Long.parseLong(Splitter.on(' ').splitToList(out.strip()).get(number));
    }

    long values() {
      return field(2);
    }

    long packets() {
      return field(3);
    }

    long repeated() {
      return field(4);
    }

    long absent() {
      return field(5);
    }
  }

  @BeforeAll
  static void compile() throws Exception {
    for (String program : List.of("poller", "agents")) {
      Process gcc =
          new ProcessBuilder(
                  "gcc",
                  "-O2",
                  "-Wall",
                  "-Wextra",
                  "-Werror",
                  "-o",
                  folder.resolve(program).toString(),
                  SOURCES.resolve(program + ".c").toString())
              .inheritIO()
              .start();
      assertThat(gcc.waitFor()).isZero();
    }
  }

  @Test
  void itAsksForAllValuesInAsFewPacketsAsTheLimitsAllow() throws Exception {
    try (SimulatedNetwork network = network(SimulationOptions.builder().systems(50))) {
      Polled polled = poll(questions(network, SYSTEM), "-b", "3");
      assertThat(polled.exit()).as(polled.err()).isZero();
      assertThat(polled.values()).isEqualTo(400);
      assertThat(polled.packets()).isEqualTo(150);
      assertThat(network.totals().gets()).isEqualTo(150);
      assertThat(network.totals().objects()).isEqualTo(400);
      assertThat(network.totals().mostInFlight()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void everyValueComesThoughAnswersAreLostOrTooBig() throws Exception {
    SimulationOptions.Builder lossy =
        SimulationOptions.builder().systems(10).loss(0.1).maxMessage(484).rtt(Duration.ofMillis(2));
    List<String> many = new ArrayList<>(SYSTEM);
    IntStream.range(0, 52).forEach(n -> many.add("1.3.6.1.2.1.2.2.1.2." + (1_000_000 + n)));
    try (SimulatedNetwork network = network(lossy)) {
      Polled polled = poll(questions(network, many), "-b", "60", "-t", "50", "-n", "5");
      assertThat(polled.exit()).as(polled.err()).isZero();
      assertThat(polled.values()).isEqualTo(600);
      assertThat(polled.absent()).isEqualTo(520);
      assertThat(polled.repeated()).isPositive();
    }
  }

  @Test
  void itFailsAndNamesTheAgentThatIsSilent() throws Exception {
    try (SimulatedNetwork network = network(SimulationOptions.builder().systems(3))) {
      SimulatedAgent silent = network.agents().get(1);
      silent.faults(Faults.builder().dead(true).build());
      Polled polled = poll(questions(network, SYSTEM), "-t", "20");
      assertThat(polled.exit()).isEqualTo(1);
      assertThat(polled.err())
          .contains(silent.address().getAddress().getHostAddress() + ":" + network.port())
          .contains("does not answer");
    }
  }

  @Test
  void itsAgentsAnswerWhatTheyAreAsked() throws Exception {
    Process agents =
        new ProcessBuilder(folder.resolve("agents").toString(), "127.25.9.250", "0", "10", "5")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out = agents.inputReader(UTF_8)) {
      String port = out.readLine();
      String questions =
          IntStream.of(250, 251, 252, 253, 254)
              .mapToObj(n -> "127.25.9." + n + ":" + port + " any " + String.join(" ", SYSTEM))
              .collect(joining("\n"));
      // Addresses that end in 255 and 0 are no agents'.
      questions += "\n127.25.10.5:" + port + " any 1.3.6.1.2.1.2.2.1.10.1";
      Polled polled = poll(questions);
      assertThat(polled.exit()).as(polled.err()).isZero();
      assertThat(polled.values()).isEqualTo(41);
      assertThat(polled.absent()).isZero();
      assertThat(polled.field(0)).as("microseconds").isGreaterThanOrEqualTo(5_000);
    } finally {
      agents.destroyForcibly();
    }
  }

  private static SimulatedNetwork network(SimulationOptions.Builder options) throws IOException {
    return SimulatedNetwork.start(options.port(0).firstAddress("127.25.8.1").build());
  }

  private static String questions(SimulatedNetwork network, List<String> oids) {
    return network.agents().stream()
        .map(
            agent ->
                agent.address().getAddress().getHostAddress()
                    + ":"
                    + network.port()
                    + " public "
                    + String.join(" ", oids))
        .collect(joining("\n"));
  }

  private static Polled poll(String questions, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(folder.resolve("poller").toString()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).start();
    process.getOutputStream().write(questions.getBytes(UTF_8));
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Polled(process.waitFor(), out, err);
  }
}
