package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first listing of a system costs it, in exchanges. */
@Needs(Needs.Thing.FUSE)
final class ListingCostIT {
  private static final Pattern EXCHANGES = Pattern.compile("backend\\.snmp\\.exchanges: (\\d+)");

  @TempDir Path folder;

  private static long exchanges(DaemonProcess daemon) throws Exception {
    Matcher found = EXCHANGES.matcher(Files.readString(daemon.path(".aeiou/stats")));
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }

  /**
   * The groups that there are, of the catalogue's 157, are found out in one exchange for the
   * modules and a few more for what is in them.
   */
  @Test
  void theFirstListingOfASystemTakesFewExchanges() throws Exception {
    String recordings = System.getenv("AEIOU_RECORDINGS");
    SimulationOptions.Builder options = SimulationOptions.builder().systems(1).rows(12);
    if (recordings != null) {
      options.recordings(Path.of(recordings));
    }
    Map<String, Long> exchanges = new TreeMap<>();
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(folder, options, "timeout: 5s, retries: 2", "")) {
      for (SimulatedAgent agent : simulated.network().agents()) {
        long before = exchanges(simulated.daemon());
        Commands.Result listed =
            Commands.run("ls", simulated.daemon().path(agent.name()).toString());
        assertThat(listed.exit()).isZero();
        exchanges.put(agent.name(), exchanges(simulated.daemon()) - before);
      }
    }
    assertThat(exchanges)
        .containsKey("core1")
        .allSatisfy((name, n) -> assertThat(n).isLessThan(20));
    assertThat(exchanges.get("core1")).isLessThan(8);
  }
}
