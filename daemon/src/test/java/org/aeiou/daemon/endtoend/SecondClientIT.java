package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Eventually;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** The client that was written from {@code closures/ABI.md} alone: what the page says is so. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PERL})
final class SecondClientIT extends AttachedPrograms {
  private static final Path CLIENT =
      Path.of("../closures/src/main/perl/attach.pl").toAbsolutePath().normalize();

  private static Commands.Result client(Object... arguments) {
    List<String> command = new ArrayList<>(List.of("perl", "-w", CLIENT.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Commands.Result result = Commands.run(command);
    assertThat(result.err()).isEmpty();
    return result;
  }

  private SimulatedDaemon withOneThatIsDead(String more) throws Exception {
    SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(2).rows(4),
            "timeout: 60s, retries: 0, max-in-flight: 2",
            more);
    agents(simulated).get(1).faults(Faults.builder().dead(true).build());
    return simulated;
  }

  @Test
  void walksTheTreeTheFirstTimeDelayedAndTheNextTimeAtOnce() throws Exception {
    try (SimulatedDaemon simulated = start(2, Duration.ofMillis(2), "ttl: {counter: 1h}\n")) {
      Path mount = simulated.daemon().path("");
      String group = agents(simulated).get(0).name() + "/system";

      Commands.Result cold = client(mount, "walk", group);
      Commands.Result warm = client(mount, "walk", group);
      Commands.Result few = client("--pages", 4, "--arena", 128, mount, "walk", group);

      List<String> files = Commands.run("ls", mount + "/" + group).out().lines().toList();
      assertThat(cold.out().lines()).hasSameSizeAs(files).allMatch(line -> line.startsWith("~ "));
      assertThat(warm.out().lines()).hasSameSizeAs(files).allMatch(line -> line.startsWith("= "));
      assertThat(few.out()).isEqualTo(warm.out());
      for (String name : files) {
        String path = group + "/" + name;
        String value = Commands.run("cat", mount + "/" + path).out();
        assertThat(warm.out()).contains("= " + path + ": " + value);
      }
      assertThat(List.of(cold.exit(), warm.exit(), few.exit())).containsOnly(0);
    }
  }

  @Test
  void longValuesNeedNoMoreSpaceThanIsThereAtOnce() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1), "")) {
      List<Object> arguments = new ArrayList<>(List.of("--pages", 4, "--arena", 64 << 10));
      arguments.addAll(List.of(simulated.daemon().path(""), "read"));
      for (int i = 0; i < 100; i++) {
        arguments.add(".aeiou/stats");
      }

      Commands.Result result = client(arguments.toArray());

      assertThat(result.exit()).isZero();
      assertThat(result.out().lines().filter(line -> line.startsWith("~ .aeiou/stats: ")))
          .hasSize(100);
    }
  }

  @Test
  void watchIsToldOfChangesAndWhatTakesTooLongIsCancelled() throws Exception {
    try (SimulatedDaemon simulated = withOneThatIsDead("ttl: {counter: 100ms}\n")) {
      String live = agents(simulated).get(0).name() + "/system/sysUpTime";
      String dead = agents(simulated).get(1).name() + "/system/sysName";
      Path mount = simulated.daemon().path("");

      List<String> watched = client("--seconds", 2, mount, "watch", live).out().lines().toList();
      // All pages but the one for cancels are in use.
      List<String> cancelled =
          client("--pages", 4, "--seconds", 1, mount, "uncached", dead, dead, dead)
              .out()
              .lines()
              .toList();

      assertThat(watched).hasSizeGreaterThan(4);
      assertThat(watched.subList(0, watched.size() - 2))
          .doesNotHaveDuplicates()
          .allMatch(line -> line.matches("~ " + live + ": \\d+"));
      assertThat(watched.subList(watched.size() - 2, watched.size()))
          .containsExactly(
              "! " + live + ": withdrawn (cancelled)", "cancel of " + live + ": cancelled");
      assertThat(cancelled)
          .hasSize(6)
          .filteredOn(line -> line.equals("cancel of " + dead + ": cancelled"))
          .hasSize(3);
    }
  }

  @Test
  void everyOperationAndEveryWayToFailIsAsThePageSays() throws Exception {
    try (SimulatedDaemon simulated = withOneThatIsDead("")) {
      String system = agents(simulated).get(0).name();
      String name = system + "/system/sysName";
      String dead = agents(simulated).get(1).name() + "/system/sysName";
      Path mount = simulated.daemon().path("");

      assertThat(client(mount, "list", system + "/system").out())
          .startsWith("~ " + system + "/system: sysDescr sysObjectID ");
      assertThat(client(mount, "stat", name).out())
          .matches("~ " + name + ": \\d+ \\d+ \\d+ 4096 .* 1\n");
      assertThat(client(mount, "describe", name).out())
          .startsWith("~ " + name + ": value " + system + " oid 1.3.6.1.2.1.1.5.0 type ");
      assertThat(client(mount, "cached", dead).out()).endsWith(" (not cached)\n");
      assertThat(client("--arena", 0, mount, "list", system + "/system").out())
          .endsWith(" bytes do not fit; attach with a larger arena (overloaded)\n");
      assertThat(client(mount, "read", "nowhere").out())
          .isEqualTo("! nowhere: there is no 'nowhere' (unknown name)\n");
      assertThat(client(mount, "read", system).out())
          .isEqualTo("! " + system + ": is a directory (is a directory)\n");
      assertThat(client(mount, "list", name).out())
          .isEqualTo("! " + name + ": is not a directory (not a directory)\n");
      assertThat(client(mount, "read", "x".repeat(300)).out()).endsWith("(name too long)\n");
    }
  }

  @Test
  void endOfTheDaemonIsHeardAndItsReason() throws Exception {
    try (SimulatedDaemon simulated = withOneThatIsDead("")) {
      String dead = agents(simulated).get(1).name() + "/system/sysName";
      Path mount = simulated.daemon().path("");
      CompletableFuture<Commands.Result> waiting =
          CompletableFuture.supplyAsync(() -> client("--seconds", 60, mount, "uncached", dead));
      Eventually.eventually("it has asked", () -> counter(simulated, "attach.submissions") == 1);
      simulated.daemon().signal("TERM");

      String why = "the daemon ended this attachment: the daemon stops";
      assertThat(waiting.get().out())
          .isEqualTo("! " + dead + ": " + why + " (stopped)\n" + why + "\n");
    }
  }
}
