package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.aeiou.daemon.backend.simulated.Faults;
import org.aeiou.daemon.backend.simulated.SimulatedAgent;
import org.aeiou.daemon.backend.simulated.SimulationOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person at the shell sees when something goes wrong. */
class UnluckyIT {
  @TempDir Path folder;

  private SimulatedDaemon start(String snmp, String more) throws Exception {
    return SimulatedDaemon.start(
        folder,
        SimulationOptions.builder().systems(4).rows(4).rtt(Duration.ofMillis(5)),
        snmp,
        more);
  }

  @Test
  void interruptingACatOfADeadSystemReturnsAtOnceAndTheNextOneWorks() throws Exception {
    try (SimulatedDaemon simulated = start("timeout: 3s, retries: 2", "")) {
      SimulatedAgent agent = simulated.network().agents().iterator().next();
      agent.faults(Faults.builder().dead(true).build());
      Path location = simulated.daemon().path(agent.name() + "/system/sysLocation");

      Commands.Result interrupted =
          Commands.run("timeout", "--signal=INT", "1", "cat", location.toString());

      assertThat(interrupted.exit()).isEqualTo(124);
      assertThat(interrupted.millis()).isLessThan(3000);
      agent.faults(Faults.NONE);
      Commands.Result next = Commands.run("timeout", "10", "cat", location.toString());
      assertThat(next.exit()).as(next.err()).isZero();
    }
  }

  @Test
  void aSystemThatStaysSilentTimesOutAndThenFailsAtOnceAndItsHealthSaysWhy() throws Exception {
    try (SimulatedDaemon simulated = start("timeout: 200ms, retries: 1", "")) {
      SimulatedAgent agent = simulated.network().agents().iterator().next();
      agent.faults(Faults.builder().dead(true).build());
      String directory = simulated.daemon().path(agent.name()).toString();

      Commands.Result first = Commands.run("cat", directory + "/system/sysName");
      Commands.shell("for i in 1 2 3 4 5; do cat " + directory + "/system/sysContact; done");
      Commands.Result later = Commands.run("cat", directory + "/system/sysUpTime");
      Commands.Result health = Commands.run("cat", directory + "/.health");

      assertThat(first.err()).contains("Connection timed out");
      assertThat(later.err()).contains("No route to host");
      assertThat(health.out()).contains("state: down").contains("breaker: open");
    }
  }

  @Test
  void anAttributeThatTheAgentDoesNotHaveAndANameThatNobodyHasDiffer() throws Exception {
    try (SimulatedDaemon simulated = start("timeout: 2s, retries: 2", "")) {
      String system =
          simulated.daemon().path(simulated.network().agents().iterator().next().name()).toString();

      assertThat(Commands.run("cat", system + "/.oid/1.3.6.1.2.1.1.99.0").err())
          .contains("No data available");
      assertThat(Commands.run("cat", system + "/system/sysNothing").err())
          .contains("No such file or directory");
      assertThat(Commands.run("cat", system + "/.oid/1.3.6.1.2.1.1.5.0").exit()).isZero();
    }
  }

  @Test
  void aRenumberedTableNeverGivesOneRowsValueUnderAnothersName() throws Exception {
    try (SimulatedDaemon simulated =
        start(
            "timeout: 2s, retries: 2",
            "ttl: {attributes: {ifIndex: 100ms, ifDescr: 100ms, ifName: 100ms}}\n")) {
      SimulatedAgent agent = simulated.network().agents().iterator().next();
      String interfaces = simulated.daemon().path(agent.name() + "/interfaces").toString();
      String row = Commands.run("ls", interfaces).out().lines().toList().get(1);
      String index = Commands.run("cat", interfaces + "/" + row + "/ifIndex").firstLine();

      agent.renumberInterfaces();
      Commands.shell("sleep 0.5");

      Commands.Result name = Commands.run("cat", interfaces + "/" + row + "/ifName");
      Commands.Result renumbered = Commands.run("cat", interfaces + "/" + row + "/ifIndex");
      assertThat(name.firstLine()).as(name.err()).isEqualTo(row);
      assertThat(renumbered.firstLine()).as(renumbered.err()).isNotEmpty().isNotEqualTo(index);
    }
  }
}
