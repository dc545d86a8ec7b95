package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with much less memory than what is read through it. */
@Needs(Needs.Thing.FUSE)
final class SmallHeapIT {
  @TempDir Path folder;

  private static long counter(DaemonProcess daemon, String name) {
    String stats = Commands.run("cat", daemon.path(".aeiou/stats").toString()).out();
    return Pattern.compile("(?m)^" + Pattern.quote(name) + ": (\\d+)$")
        .matcher(stats)
        .results()
        .map(MatchResult::group)
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void readingTheWholeNetworkTakesNoMoreThanThereIs() throws Exception {
    try (SimulatedNetwork network =
        SimulatedNetwork.start(
            SimulationOptions.builder().systems(10).rows(60).rtt(Duration.ZERO).port(0).build())) {
      Path configuration = Files.writeString(folder.resolve("net.yaml"), network.configuration());
      Path mountPoint = Files.createDirectory(folder.resolve("net"));
      try (DaemonProcess daemon = DaemonProcess.mount("24m", configuration, mountPoint)) {
        Path values = folder.resolve("values");
        Commands.Result grep = Commands.run("sh", "-c", "grep -r . " + mountPoint + " > " + values);

        // What an agent does not have is an error for grep; the mount itself never fails.
        assertThat(grep.err().lines()).allMatch(line -> line.endsWith(": No data available"));
        try (var lines = Files.lines(values)) {
          assertThat(lines.count()).isGreaterThan(20_000);
        }
        assertThat(counter(daemon, "cache.evicted")).isPositive();
        assertThat(counter(daemon, "channel.pruned")).isPositive();
        assertThat(counter(daemon, "cache.bytes"))
            .isLessThanOrEqualTo(counter(daemon, "cache.mostBytes"));
        // Not one block: df leaves the mount out, and none is told that it is full.
        assertThat(Commands.run("df").out()).doesNotContain(mountPoint.toString());
        assertThat(Commands.run("df", mountPoint.toString()).exit()).isZero();
      }
    }
  }
}
