package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Refreshing ahead on real sockets, against simulated agents. */
@Timeout(60)
class RefreshAheadIT {
  private static final int SYSTEMS = 5;
  private static final int WATCHERS = 4;
  private static final List<String> WATCHED = List.of("sysLocation", "sysContact", "sysName");
  private static final int TTL_MILLIS = 300;
  private static final int WATCHED_MILLIS = 2_400;

  @TempDir private Path folder;

  @Test
  void whatIsWatchedTravelsTogetherOnceInItsTimeToLiveHoweverManyWatchAndEndsWithThem()
      throws Exception {
    Path file = folder.resolve("net.yaml");
    try (SimulatedNetwork network =
        SimulatedNetwork.start(
            SimulationOptions.builder()
                .systems(SYSTEMS)
                .rows(1)
                .port(0)
                .firstAddress("127.48.2.1")
                .build())) {
      Files.writeString(file, "ttl: {config: " + TTL_MILLIS + "ms}\n" + network.configuration());
      try (Daemon daemon =
          new Daemon(
              file,
              ConfigurationReader.read(file, Map.of(), Backends.ALL),
              Backends.ALL,
              Catalogue.load(List.of()),
              new EventLog(InstantSource.system()))) {
        List<FileSystem.Watch> watches = new ArrayList<>();
        AttributeService service = daemon.service();
        Requester requester = service.requester(0);
        for (SimulatedAgent agent : network.agents()) {
          for (String name : WATCHED) {
            Node watched = node(service, requester, agent.name() + "/system/" + name);
            for (int i = 0; i < WATCHERS; i++) {
              watches.add(service.watch(requester, watched));
            }
          }
        }
        Thread.sleep(WATCHED_MILLIS);
        long packets = network.totals().requests();
        // Three quarters of the time to live at the least, after two reads at the beginning.
        long most = SYSTEMS * (WATCHED_MILLIS / (TTL_MILLIS * 3 / 4) + 3L);
        assertThat(packets).isBetween(SYSTEMS * 4L, most);
        assertThat(network.totals().objects()).as("three in a packet").isGreaterThan(2 * packets);
        SortedMap<String, Long> stats = daemon.metrics().read();
        assertThat(stats.get("refresh.kept")).isEqualTo((long) SYSTEMS * WATCHED.size());
        assertThat(stats.get("refresh.wasted")).isZero();

        watches.forEach(FileSystem.Watch::close);
        // Each is kept until a second after the reading that its last watch would have made.
        Thread.sleep(2L * TTL_MILLIS + 1_200);
        long ended = network.totals().requests();
        Thread.sleep(2L * TTL_MILLIS);
        assertThat(network.totals().requests()).as("interest has ended").isEqualTo(ended);
        assertThat(daemon.metrics().read().get("refresh.kept")).isZero();
      }
    }
  }

  private static Node node(AttributeService service, Requester requester, String path) {
    Node[] found = {service.root()};
    for (String name : path.split("/", -1)) {
      service.<Object>find(
          requester,
          found[0],
          name,
          (context, outcome, delayed) ->
              found[0] = ((Reading<FileSystem.Entry>) outcome).value().node(),
          null);
    }
    return found[0];
  }
}
