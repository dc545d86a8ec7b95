package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.endtoend.ClusterLoad.Ended;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member whose line to the broker is refused, and that is told not to poll alone. */
@Needs({Thing.FUSE, Thing.NATS_SERVER, Thing.PYTHON3})
@Timeout(120)
final class ClusterAloneIT {
  private static final long TTL_MILLIS = 2_000;
  private static final long AT_ONCE_MILLIS = 700;

  @TempDir private Path folder;

  @Test
  void anOwnerWhoseLineAloneIsRefusedStopsWithItsLease() throws Exception {
    try (ClusterNetwork cluster =
        ClusterNetwork.start(
            folder,
            SimulationOptions.builder().systems(24).rows(2).firstAddress("127.66.4.1"),
            "slots: 64, ttl: 2s, alone: stop",
            "timeout: 1s, retries: 0",
            "ttl: {static: 1s, config: 1s, state: 1s, counter: 1s}\n")) {
      cluster.poller("steady");
      ClusterMember refused = cluster.linkedMount("refused", "poll,read");
      cluster.awaitOwners(refused, "steady", "refused");
      eventually("it has its share", () -> !cluster.systemsOf("refused", refused).isEmpty());
      // Nothing else asks for anything: what arrives at agents is this member's.
      ClusterLoad fetches = cluster.load(refused, "fetch", 0.02, cluster.all("system/sysUpTime"));

      cluster.link("refused").refuse();
      TimeUnit.MILLISECONDS.sleep(TTL_MILLIS + 1_000);
      long late = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(TTL_MILLIS);
      long end = System.nanoTime();
      assertThat(cluster.arrivals().count(late, end)).as(cluster.logs()).isZero();
      assertThat(fetches.askedBetween(late, end))
          .hasSizeGreaterThan(20)
          .allMatch(e -> e.reason().equals("unreachable") && e.millis() < AT_ONCE_MILLIS);

      cluster.link("refused").work();
      eventually("it has its share again", () -> !cluster.systemsOf("refused", refused).isEmpty());
      TimeUnit.MILLISECONDS.sleep(500);
      List<Ended> again = fetches.askedBetween(System.nanoTime() - 300_000_000L, System.nanoTime());
      assertThat(again).isNotEmpty().allMatch(Ended::isGood);
    }
  }
}
