package org.aeiou.daemon.endtoend;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first request to systems that were never heard of: dead ones, slow ones, and their
 * neighbours.
 */
@Needs(Thing.FUSE)
class SilentSystemsIT {
  private static final String USUAL = "timeout: 2s, retries: 2, max-in-flight: 2";

  @TempDir Path folder;

  private SimulatedDaemon start(SimulationOptions.Builder options) throws Exception {
    return SimulatedDaemon.start(folder, options.rows(2), USUAL, "");
  }

  private static String name(SimulatedDaemon simulated, SimulatedAgent agent) {
    return simulated.daemon().path(agent.name() + "/system/sysName").toString();
  }

  @Test
  void aDeadSystemTimesOutOnceSoonAndIsUnreachableFromThenOn() throws Exception {
    try (SimulatedDaemon simulated = start(SimulationOptions.builder().systems(1))) {
      SimulatedAgent agent = simulated.network().agents().get(0);
      agent.faults(Faults.builder().dead(true).build());
      Commands.Result first = Commands.run("cat", name(simulated, agent));
      assertThat(first.err()).contains("Connection timed out");
      // 1 s, a backoff, 1 s; it was 6.5 s.
      assertThat(first.millis()).isBetween(2_000L, 5_000L);
      Commands.Result second = Commands.run("cat", name(simulated, agent));
      assertThat(second.err()).contains("No route to host");
      assertThat(second.millis()).isLessThan(1_000);
    }
  }

  @Test
  void deadSystemsAreFoundOutSideBySideByALoopOverThem() throws Exception {
    try (SimulatedDaemon simulated = start(SimulationOptions.builder().systems(60))) {
      simulated.network().faults(Faults.builder().dead(true).build());
      String systems =
          simulated.network().agents().stream()
              .map(agent -> simulated.daemon().path(agent.name()).toString())
              .sorted()
              .collect(joining(" "));
      // One after another, all of them would take more than two minutes, and took six and a half.
      Commands.Result loop = Commands.shell("for s in " + systems + "; do ls $s; done");
      assertThat(loop.out()).isEmpty();
      assertThat(loop.err().lines())
          .hasSize(60)
          .allMatch(line -> line.contains("timed out") || line.contains("No route to host"));
      assertThat(loop.millis()).isLessThan(30_000);
      assertThat(Commands.run("cat", simulated.daemon().path(".aeiou/stats") + "").out())
          .containsPattern("service.asked-ahead: [1-9]");
    }
  }

  @Test
  void whereAllSystemsAnswerNoneIsAskedThatIsNotRead() throws Exception {
    try (SimulatedDaemon simulated = start(SimulationOptions.builder().systems(20))) {
      for (SimulatedAgent agent : simulated.network().agents().subList(0, 10)) {
        assertThat(Commands.run("cat", name(simulated, agent)).firstLine()).isEqualTo(agent.name());
      }
      Commands.shell("ls -lR " + simulated.daemon().path(".cached"));
      assertThat(simulated.network().agents().stream().filter(a -> a.counts().datagrams() > 0))
          .hasSize(10);
    }
  }

  @Test
  void slowSystemsAnswerTheFirstRequestInEveryVersion() throws Exception {
    try (SimulatedDaemon simulated =
        start(
            SimulationOptions.builder().systems(6).versions(1, 1, 1).rtt(Duration.ofMillis(700)))) {
      for (SimulatedAgent agent : simulated.network().agents()) {
        Commands.Result read = Commands.run("cat", name(simulated, agent));
        assertThat(read.firstLine()).as(agent.name() + ": " + read.err()).isEqualTo(agent.name());
      }
    }
  }

  @Test
  void aSystemThatTakesLongerThanTheFirstTimeoutAnswersTheFirstRequest() throws Exception {
    try (SimulatedDaemon simulated =
        start(SimulationOptions.builder().systems(2).rtt(Duration.ofMillis(1700)))) {
      for (SimulatedAgent agent : simulated.network().agents()) {
        Commands.Result read = Commands.run("cat", name(simulated, agent));
        assertThat(read.firstLine()).as(agent.name() + ": " + read.err()).isEqualTo(agent.name());
      }
    }
  }
}
