package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/**
 * The client in C: what it reads in the value table, how it waits, and what becomes of it when its
 * daemon or its program does what it should not.
 */
@Needs({Needs.Thing.FUSE, Needs.Thing.GCC})
final class ClientInCIT extends AttachedPrograms {
  private static final String GOLDEN =
      Path.of("../closures/src/test/golden").toAbsolutePath().normalize().toString();

  @Test
  void headerCompilesAloneBehindOthersAndAsStandardC() throws Exception {
    String include = "#include \"aeiou.h\"\nint main(void) {}\n";
    String alone = Files.writeString(folder.resolve("alone.c"), include).toString();
    String behind =
        Files.writeString(folder.resolve("behind.c"), "#include <stdio.h>\n" + include).toString();

    compiled(alone, "-std=c11", "-pedantic", "-O2");
    compiled(alone, "-std=c11", "-pedantic", "-DAEIOU_DEBUG");
    compiled(alone, "-std=gnu2x", "-Wshadow", "-Wconversion", "-Wno-sign-conversion");
    compiled(behind);
  }

  @Test
  void tableIsReadInPlaceAndTornMemoryHarmsNothing() throws Exception {
    Path program = compiled("src/test/c/cached.c", "-std=c11", "-pedantic");

    holds(Commands.run(program.toString(), GOLDEN));
  }

  @Test
  void requestsHaveDeadlinesIdsConditionsAndWaitsOfTheirOwn() throws Exception {
    Path program = compiled("src/test/c/requests.c");
    try (SimulatedDaemon simulated = withASilentSystem()) {
      holds(
          Commands.run(
              program.toString(), mountPoint(simulated), name(simulated, 0), name(simulated, 1)));
    }
  }

  @Test
  void waitGoesOnWithTheNextDaemonAndSoDoWatches() throws Exception {
    goesOnWithTheNextDaemon("wait");
  }

  @Test
  void eventLoopIsWokenWhenTheNextDaemonIsThere() throws Exception {
    goesOnWithTheNextDaemon("loop");
  }

  @Test
  void callbackMayWaitForTheNextDaemon() throws Exception {
    goesOnWithTheNextDaemon("callback");
  }

  @Test
  void debugBuildSaysWhichRuleWasBroken() throws Exception {
    Path program = compiled("src/test/c/misuse.c", "-DAEIOU_DEBUG");
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      String[][] cases = {
        {"entry again", "aeiou_read: an entry after its callback has returned"},
        {"value of a delayed entry", "aeiou_stat_number: an entry after its callback has returned"},
        {"names of an immediate entry", "aeiou_names: an entry after its callback has returned"},
        {"wait in a callback", "aeiou_wait: called inside a callback, where nothing should wait"},
        {
          "loop in a callback",
          "aeiou_dispatch: called inside a callback, where nothing should wait"
        },
        {
          "after a fork",
          "aeiou_read: the program attached before a fork; attach again in this process"
        },
        {"ask after it was detached", "aeiou_read: the attachment was detached before"},
        {"wait after it was detached", "aeiou_wait: the attachment was detached before"},
        {"detach after it was detached", "aeiou_detach: the attachment was detached before"},
      };
      for (String[] each : cases) {
        Commands.Result result =
            Commands.run(
                program.toString(), mountPoint(simulated), name(simulated, 0), each[0]);

        assertThat(result.err()).as(each[0]).isEqualTo(each[1] + "\n");
        assertThat(result.exit()).as(each[0]).isEqualTo(134);
      }
      Commands.Result good =
          Commands.run(program.toString(), mountPoint(simulated), name(simulated, 0), "nothing");
      assertThat(good.err()).isEmpty();
      assertThat(good.exit()).isZero();
    }
  }

  private void goesOnWithTheNextDaemon(String how) throws Exception {
    Path program = compiled("src/test/c/returns.c");
    try (SimulatedDaemon simulated = withASilentSystem()) {
      Path ready = folder.resolve("ready");
      CompletableFuture<Commands.Result> running =
          CompletableFuture.supplyAsync(
              () ->
                  Commands.run(
                      program.toString(),
                      mountPoint(simulated),
                      name(simulated, 0),
                      name(simulated, 1),
                      Long.toString(simulated.daemon().pid()),
                      ready.toString(),
                      how));
      for (int i = 0; i < 600 && !Files.exists(ready) && !running.isDone(); i++) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      simulated.daemon().awaitExit();
      // As long as an operator may need to find out.
      TimeUnit.SECONDS.sleep(1);
      try (DaemonProcess next =
          DaemonProcess.mount(folder.resolve("net.yaml"), folder.resolve("net"))) {
        holds(running.get(60, TimeUnit.SECONDS));
        assertThat(next.pid()).isNotEqualTo(simulated.daemon().pid());
      }
    }
  }

  private SimulatedDaemon withASilentSystem() throws IOException, InterruptedException {
    SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(2).rows(4),
            "timeout: 60s, retries: 0, max-in-flight: 2",
            "ttl: {counter: 200ms}\n");
    agents(simulated).get(1).faults(Faults.builder().dead(true).build());
    return simulated;
  }

  private static void holds(Commands.Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("all hold\n");
  }

  private static String mountPoint(SimulatedDaemon simulated) {
    return simulated.daemon().path("").toString();
  }

  private static String name(SimulatedDaemon simulated, int number) {
    return agents(simulated).get(number).name();
  }
}
