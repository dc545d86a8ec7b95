package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.group.Group;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Budgets on real sockets, against simulated agents. */
@Timeout(60)
class BudgetsIT {
  private static final int SYSTEMS = 30;

  @TempDir private Path folder;

  @Test
  void thirtySystemsThatShareABudgetAreAskedNoFasterAndAReloadTakesItAway() throws Exception {
    Path file = folder.resolve("net.yaml");
    try (SimulatedNetwork network =
            SimulatedNetwork.start(
                SimulationOptions.builder()
                    .systems(SYSTEMS)
                    .rows(1)
                    .port(0)
                    .firstAddress("127.48.1.1")
                    .build());
        Daemon daemon = daemon(file, network)) {
      // Five at once, one more each 40 ms: the last after 25 of those.
      long begin = System.nanoTime();
      List<Outcome<byte[]>> outcomes = read(daemon, network, "system/sysName");
      long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      assertThat(outcomes).hasSize(SYSTEMS).allMatch(outcome -> outcome instanceof Reading);
      assertThat(tookMillis).isGreaterThanOrEqualTo(24 * 40);
      assertThat(network.totals().requests()).isEqualTo(SYSTEMS);
      assertThat(daemon.metrics().read().get("scheduler.budgetWaits")).isEqualTo(SYSTEMS - 5L);
      assertThat(text(daemon, ".aeiou/status"))
          .contains("budget: site: 25 a second, 5 at once; 25 waited, ");
      assertThat(text(daemon, network.agents().get(0).name() + "/.health"))
          .contains("pace: shares the budget of site, 25 a second, 5 at once; ");

      Files.writeString(file, network.configuration());
      daemon.reload(ConfigurationReader.read(file, Map.of(), Backends.ALL), "a new start");
      read(daemon, network, "system/sysContact");
      assertThat(daemon.metrics().read().get("scheduler.budgetWaits"))
          .as("as before")
          .isEqualTo(SYSTEMS - 5L);
    }
  }

  private static Daemon daemon(Path file, SimulatedNetwork network) throws Exception {
    String budget = "budgets: {site: {requests-per-second: 25, burst: 5}}\n";
    String shared =
        network.configuration().replaceFirst("defaults:\n", "defaults:\n  budget: site\n");
    Files.writeString(file, budget + shared);
    return new Daemon(
        file,
        ConfigurationReader.read(file, Map.of(), Backends.ALL),
        Backends.ALL,
        Catalogue.load(List.of()),
        new EventLog(InstantSource.system()));
  }

  private static List<Outcome<byte[]>> read(
      Daemon daemon, SimulatedNetwork network, String attribute) throws Exception {
    ConcurrentLinkedQueue<Outcome<byte[]>> outcomes = new ConcurrentLinkedQueue<>();
    CountDownLatch all = new CountDownLatch(SYSTEMS);
    Group<String, byte[]> group = Group.begin(daemon.source());
    for (SimulatedAgent agent : network.agents()) {
      group.submit(
          agent.name() + "/" + attribute,
          (given, outcome, delayed) -> {
            outcomes.add(outcome);
            all.countDown();
          },
          null);
    }
    group.end();
    assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    return List.copyOf(outcomes);
  }

  private static String text(Daemon daemon, String path) throws Exception {
    ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
    Group<String, byte[]> group = Group.begin(daemon.source());
    group.submit(
        path,
        (given, outcome, delayed) ->
            texts.add(new String(((Reading<byte[]>) outcome).value(), StandardCharsets.UTF_8)),
        null);
    group.end();
    return texts.remove();
  }
}
