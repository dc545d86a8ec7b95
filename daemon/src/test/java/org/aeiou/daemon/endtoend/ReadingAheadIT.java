package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools that go file after file, and how many packets a device gets from them. */
@Needs(Thing.FUSE)
class ReadingAheadIT {
  private static final String USUAL = "timeout: 2s, retries: 2, max-in-flight: 2";

  /** Readings outlast the test, so that what is read twice shows. */
  private static final String LONG = "ttl: {counter: 10m, state: 10m, directory: 10m}\n";

  /** As many values as a GETBULK of usual size brings. */
  private static final int BULK = 25;

  @TempDir Path folder;

  private SimulatedDaemon start(int rows, String snmp, String more, int maxMessage)
      throws Exception {
    SimulationOptions.Builder options = SimulationOptions.builder().systems(1).rows(rows);
    if (maxMessage > 0) {
      options.maxMessage(maxMessage);
    }
    return SimulatedDaemon.start(folder, options, snmp, LONG + more);
  }

  @Test
  void deviceReadFileAfterFileTakesAboutAsManyPacketsAsABulkWalk() throws Exception {
    try (SimulatedDaemon simulated = start(100, USUAL, "", 0)) {
      long values = readAll(simulated);
      assertThat(values).isGreaterThan(4_000);
      assertThat(packets(simulated)).isLessThan(13 * values / BULK / 10);
      assertThat(stat(simulated, "readahead.wasted")).isLessThan(values / 50);
      assertThat(stat(simulated, "readahead.used")).isGreaterThan(values * 9 / 10);
    }
  }

  @Test
  void columnOfAllRowsTakesAFewFullPackets() throws Exception {
    try (SimulatedDaemon simulated = start(300, USUAL, "", 0)) {
      Path interfaces = device(simulated).resolve("interfaces");
      assertThat(Commands.shell("ls " + interfaces + " | wc -l").firstLine()).isEqualTo("300");
      long before = packets(simulated);
      assertThat(Commands.shell("cat " + interfaces + "/*/ifInOctets | wc -l").firstLine())
          .isEqualTo("300");
      assertThat(packets(simulated) - before).isLessThan(300 / BULK * 2);
    }
  }

  @Test
  void everythingIsRightWithOneExchangeInFlight() throws Exception {
    try (SimulatedDaemon simulated =
        start(20, "timeout: 2s, retries: 2, max-in-flight: 1", "", 0)) {
      assertThat(wrong(simulated)).isEmpty();
    }
  }

  @Test
  void everythingIsRightFromAnAgentWithSmallMessages() throws Exception {
    try (SimulatedDaemon simulated = start(20, USUAL, "", 484)) {
      assertThat(wrong(simulated)).isEmpty();
    }
  }

  @Test
  void everythingIsRightFromAnAgentThatSaysTooBig() throws Exception {
    try (SimulatedDaemon simulated = start(20, USUAL, "", 0)) {
      simulated.network().faults(Faults.builder().tooBigAbove(7).build());
      assertThat(wrong(simulated)).isEmpty();
    }
  }

  @Test
  void readersSideBySideShareWhatIsReadAhead() throws Exception {
    try (SimulatedDaemon simulated = start(60, USUAL, "", 0)) {
      String files = "find " + device(simulated) + " -type f -not -name '.*'";
      long values =
          Long.parseLong(
              Commands.shell(files + " | xargs -P 8 -n 40 cat 2>/dev/null | wc -l").firstLine());
      assertThat(values).isGreaterThan(2_000);
      assertThat(packets(simulated)).isLessThan(values / 4);
    }
  }

  @Test
  void valuesFollowTheirRowsWhenTheTableRenumbersMeanwhile() throws Exception {
    try (SimulatedDaemon simulated = start(60, USUAL, "", 0)) {
      SimulatedAgent agent = simulated.network().agents().get(0);
      Path interfaces = device(simulated).resolve("interfaces");
      String names = Commands.shell("ls " + interfaces + " | sort").out();
      List<String> rows = names.lines().collect(Collectors.toList());
      for (int i = 0; i < rows.size(); i++) {
        if (i % 20 == 10) {
          agent.renumberInterfaces();
        }
        String row = rows.get(i);
        assertThat(Commands.run("cat", interfaces.resolve(row + "/ifName").toString()).firstLine())
            .isEqualTo(row);
      }
    }
  }

  @Test
  void nothingIsReadAheadWhenThatIsOff() throws Exception {
    try (SimulatedDaemon simulated = start(5, USUAL, "read-ahead: {enabled: false}\n", 0)) {
      long values = readAll(simulated);
      assertThat(stat(simulated, "readahead.asked")).isZero();
      assertThat(packets(simulated)).isGreaterThan(values * 3 / 4);
    }
  }

  /** Files that do not hold what the agent has. */
  private static List<String> wrong(SimulatedDaemon simulated) throws Exception {
    SimulatedAgent agent = simulated.network().agents().get(0);
    agent.freeze(true);
    List<Tree.File> files = Tree.read(device(simulated));
    assertThat(files).hasSizeGreaterThan(500);
    return files.stream()
        .filter(file -> file.error() == 0)
        .filter(file -> !file.raw().equals(Tree.raw(agent.objects().get(file.oid()))))
        .map(Tree.File::toString)
        .collect(Collectors.toList());
  }

  /** Reads all files, one after another; returns how many values there were. */
  private static long readAll(SimulatedDaemon simulated) throws Exception {
    String files = "find " + device(simulated) + " -type f -not -name '.*'";
    return Long.parseLong(Commands.shell(files + " | xargs cat 2>/dev/null | wc -l").firstLine());
  }

  private static Path device(SimulatedDaemon simulated) {
    return simulated.daemon().path(simulated.network().agents().get(0).name());
  }

  private static long packets(SimulatedDaemon simulated) {
    return simulated.network().agents().get(0).counts().datagrams();
  }

  private static long stat(SimulatedDaemon simulated, String name) throws Exception {
    String stats = Commands.run("cat", simulated.daemon().path(".aeiou/stats").toString()).out();
    return stats
        .lines()
        .filter(line -> line.startsWith(name + ": "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length() + 2)))
        .findFirst()
        .orElseThrow();
  }
}
