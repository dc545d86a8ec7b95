package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
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
  void anAttributeThatTheAgentDoesNotHaveAndANameThatDoesNotExistDiffer() throws Exception {
    try (SimulatedDaemon simulated = start("timeout: 2s, retries: 2", "")) {
      String system =
          simulated.daemon().path(simulated.network().agents().iterator().next().name()).toString();

      assertThat(Commands.run("cat", system + "/bridge/dot1dBaseType").err())
          .contains("No data available");
      assertThat(Commands.run("ls", system + "/.oid/1.3.6.1.2.1.1.99.0").err())
          .contains("No such file or directory");
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

  @Test
  void hugeEmptyAndBinaryValuesReadWholeAndLoseNothingElse() throws Exception {
    SimulationOptions.Builder options =
        SimulationOptions.builder().systems(1).rows(4).maxMessage(65_507);
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(folder, options, "timeout: 2s, retries: 2", "")) {
      SimulatedAgent agent = simulated.network().agents().iterator().next();
      agent.set(Oid.parse("1.3.6.1.4.1.99999.1.0"), octets("x".repeat(60_000).getBytes(UTF_8)));
      agent.set(Oid.parse("1.3.6.1.2.1.1.4.0"), octets(new byte[0]));
      agent.set(Oid.parse("1.3.6.1.2.1.1.6.0"), octets(new byte[] {0, 1, (byte) 0xff, '\n', 27}));
      String system = simulated.daemon().path(agent.name() + "/system").toString();

      String any = simulated.daemon().path(agent.name() + "/.oid").toString();
      assertThat(Commands.shell("cat " + any + "/1.3.6.1.4.1.99999.1.0 | wc -c").firstLine())
          .isEqualTo("60001");
      assertThat(Commands.run("cat", system + "/sysContact").out()).isEqualTo("\n");
      assertThat(Commands.run("cat", system + "/sysLocation").out()).isEqualTo("00 01 ff 0a 1b\n");
      assertThat(Commands.run("cat", system + "/sysName").firstLine()).isEqualTo(agent.name());
    }
  }

  @Test
  void objectsThatCannotBeAskedForAreNoFilesAndDoNoHarm() throws Exception {
    try (SimulatedDaemon simulated = start("timeout: 2s, retries: 2", "")) {
      String name = simulated.network().agents().iterator().next().name();
      String system = simulated.daemon().path(name).toString();
      for (String oid :
          List.of("3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "1.50.3", "0.40", "2.4294967295.1")) {
        assertThat(Commands.run("cat", system + "/.oid/" + oid).err())
            .as(oid)
            .endsWith("No such file or directory\n");
      }
      Path uncached = simulated.daemon().path(".uncached/" + name + "/system/sysName");
      assertThat(Commands.run("cat", uncached.toString()).firstLine()).isEqualTo(name);
      assertThat(Commands.run("cat", system + "/.health").out())
          .contains("state: up", "notes: none");
    }
  }

  @Test
  void aTextThatIsLongerThanItsTypeAllowsIsCutAndSaysSo() throws Exception {
    SimulationOptions.Builder options =
        SimulationOptions.builder().systems(1).rows(4).maxMessage(65_507);
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(folder, options, "timeout: 2s, retries: 2", "")) {
      SimulatedAgent agent = simulated.network().agents().iterator().next();
      agent.set(Oid.parse("1.3.6.1.2.1.1.1.0"), octets(("ü" + "x".repeat(59_998)).getBytes(UTF_8)));
      agent.set(Oid.parse("1.3.6.1.2.1.1.6.0"), octets(("x" + "ü".repeat(30_000)).getBytes(UTF_8)));
      String system = simulated.daemon().path(agent.name()).toString();

      assertThat(Commands.run("cat", system + "/system/sysDescr").out())
          .isEqualTo("ü" + "x".repeat(253) + "… [cut: the system answered 60000 octets]\n");
      assertThat(Commands.run("cat", system + "/system/sysLocation").out())
          .as("cut between characters")
          .isEqualTo("x" + "ü".repeat(127) + "… [cut: the system answered 60001 octets]\n");
      assertThat(Commands.run("cat", system + "/.health").out())
          .contains("system/sysDescr has 60000 octets in 1.3.6.1.2.1.1.1.0, and its type")
          .contains("allows 255: the rest is cut off");
      assertThat(Commands.run("cat", simulated.daemon().path(".aeiou/stats").toString()).out())
          .contains("backend.snmp.values.cut: 2");
    }
  }

  private static Value octets(byte[] octets) {
    return new Value.Octets(Value.OctetsType.OCTETS, octets);
  }
}
