package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that takes long to be listed, and what a person sees of it meanwhile. */
@Needs(Thing.FUSE)
class LongWalkIT {
  private static final int ROWS = 1200;
  private static final Pattern PROGRESS =
      Pattern.compile(
          "^progress: walk of interfaces/ifName: (\\d+) rows, (\\d+) exchanges, [0-9.]+ s"
              + "(, in \\d+ parts)?$",
          Pattern.MULTILINE);

  @TempDir Path folder;

  @Test
  void healthTellsHowFarALongWalkHasComeUntilItEnds() throws Exception {
    try (SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(1).rows(ROWS).rtt(Duration.ofMillis(60)),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "")) {
      Path device = simulated.daemon().path(simulated.network().agents().get(0).name());
      Path health = device.resolve(".health");
      assertThat(Files.readString(health)).doesNotContain("progress");

      CompletableFuture<Commands.Result> listing =
          CompletableFuture.supplyAsync(
              () -> Commands.shell("ls " + device.resolve("interfaces") + " | wc -l"));
      List<Integer> rows = new ArrayList<>();
      List<Integer> exchanges = new ArrayList<>();
      boolean inParts = false;
      while (!listing.isDone()) {
        Matcher told = PROGRESS.matcher(Files.readString(health));
        if (told.find()) {
          rows.add(Integer.valueOf(told.group(1)));
          exchanges.add(Integer.valueOf(told.group(2)));
          inParts |= told.group(3) != null;
        }
        Thread.sleep(20);
      }

      assertThat(listing.get().firstLine()).isEqualTo(String.valueOf(ROWS));
      assertThat(exchanges).isSorted();
      assertThat(exchanges.get(0)).isGreaterThan(1);
      assertThat(rows).isSorted();
      assertThat(rows.get(rows.size() - 1)).isBetween(ROWS / 2, ROWS);
      assertThat(inParts).isTrue();
      assertThat(Files.readString(health)).doesNotContain("progress");
    }
  }
}
