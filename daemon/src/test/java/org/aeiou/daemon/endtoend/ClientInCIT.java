package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  @Needs(Needs.Thing.STRACE)
  void secondWalkOfTheWholeTreeIsAllInsideTheCallWithNoSystemCall() throws Exception {
    Path program = folder.resolve("walk");
    Path closures = Path.of("../closures/src/main/c").toAbsolutePath().normalize();
    String source = closures.resolve("examples/tree-walk.c").toString();
    assertThat(Commands.shell("gcc -O2 -I %s -o %s %s".formatted(closures, program, source)).err())
        .isEmpty();
    try (SimulatedDaemon simulated = start(5, Duration.ofMillis(2), "")) {
      long[] calls = new long[2];
      for (int i = 0; i < 2; i++) {
        int passes = i == 0 ? 2 : 102;
        Path trace = folder.resolve("trace" + i);
        Commands.Result result =
            Commands.run(
                "strace",
                "-f",
                "-qq",
                "-c",
                "-U",
                "calls,name",
                "-o",
                trace.toString(),
                "--",
                program.toString(),
                "-n",
                Integer.toString(passes),
                mountPoint(simulated));
        assertThat(result.err()).isEmpty();
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(passes);
        if (i == 0) {
          assertThat(lines.get(0)).doesNotContain(" 0 delayed").contains(" 0 failed");
        }
        // A directory for each system, its groups and rows; and what each of these has.
        assertThat(lines.get(1)).matches("[1-9]\\d{2} directories, [1-9]\\d{3} files: .*");
        assertThat(lines.subList(1, passes))
            .allMatch(line -> line.contains(" 0 delayed, 0 failed, "));
        calls[i] =
            Files.readAllLines(trace).stream()
                .filter(line -> line.endsWith(" total"))
                .mapToLong(
                    line -> Long.parseLong(line.strip().substring(0, line.strip().indexOf(' '))))
                .findFirst()
                .orElseThrow();
      }
      // The second program finds all of it in the table at once, and prints in one call.
      assertThat(calls[1]).isLessThanOrEqualTo(calls[0]);
    }
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
            Commands.run(program.toString(), mountPoint(simulated), name(simulated, 0), each[0]);

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
