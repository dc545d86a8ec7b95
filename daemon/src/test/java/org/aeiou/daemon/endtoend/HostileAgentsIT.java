package org.aeiou.daemon.endtoend;

import static java.util.stream.Collectors.joining;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.aeiou.daemon.simulator.Hostility;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Agents that break the protocol on purpose, and what is left of the others beside them. */
@Needs(Thing.FUSE)
class HostileAgentsIT {
  private static final int HEALTHY = 10;

  /** Those that never come to an end by themselves. */
  private static final List<Hostility> ENDLESS =
      List.of(
          Hostility.ENDLESS_ROWS,
          Hostility.ENDLESS_VALUES,
          Hostility.DECREASING,
          Hostility.RANDOM_ORDER,
          Hostility.HUGE_INDEX,
          Hostility.MORE_THAN_ASKED,
          Hostility.TRICKLE);

  @TempDir Path folder;

  private SimulatedDaemon start(String heap, Hostility... hostile) throws Exception {
    return SimulatedDaemon.start(
        heap,
        folder,
        SimulationOptions.builder()
            .systems(HEALTHY)
            .rows(20)
            .rtt(Duration.ofMillis(2))
            .hostile(hostile),
        "timeout: 2s, retries: 2, max-in-flight: 2",
        "");
  }

  private static String table(SimulatedDaemon simulated, Hostility kind) {
    return simulated.daemon().path("hostile/" + kind.word() + "/interfaces").toString();
  }

  private static String stats(SimulatedDaemon simulated) {
    return Commands.run("cat", simulated.daemon().path(".aeiou/stats") + "").out();
  }

  /** Each healthy system has all its interfaces, and its own name. */
  private static void assertHealthy(SimulatedDaemon simulated) {
    for (SimulatedAgent agent : simulated.network().agents().subList(0, HEALTHY)) {
      String system = simulated.daemon().path(agent.name()).toString();
      Commands.Result name = Commands.run("cat", system + "/system/sysName");
      assertThat(name.firstLine()).as(name.err()).isEqualTo(agent.name());
      Commands.Result rows = Commands.run("ls", system + "/interfaces");
      assertThat(rows.out().lines()).as(rows.err()).hasSize(20);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void tablesWithoutEndEndForThemselvesAndHarmNoOtherSystem() throws Exception {
    try (SimulatedDaemon simulated = start("128m", Hostility.values())) {
      assertHealthy(simulated);
      int threads = simulated.daemon().threads();
      String tables =
          Stream.of(Hostility.values()).map(kind -> table(simulated, kind)).collect(joining(" "));

      // All of them at once, twice, with healthy systems read anew meanwhile.
      String healthy =
          simulated.network().agents().stream()
              .limit(5)
              .map(agent -> simulated.daemon().path(".uncached/" + agent.name()) + "/interfaces")
              .collect(joining(" "));
      Commands.Result attack =
          Commands.shell(
              "for i in 1 2; do for t in "
                  + tables
                  + "; do timeout 20 ls $t > /dev/null 2>&1 & done; wait; done & "
                  + "while kill -0 $! 2>/dev/null; do for t in "
                  + healthy
                  + "; do ls $t > /dev/null || echo $t; done; done | sort | uniq -c; wait");

      assertThat(attack.out()).isEmpty();
      assertHealthy(simulated);
      assertThat(simulated.daemon().log()).doesNotContain("OutOfMemory", "Exception");
      assertThat(simulated.daemon().threads()).isLessThanOrEqualTo(threads + 8);
      eventually(
          "what walks held is given back",
          () -> stats(simulated).contains("backend.snmp.answers.bytes: 0\n"));
      String stats = stats(simulated);
      for (String bound :
          List.of("values.cut", "walks.too-large", "walks.circle", "walks.out-of-order")) {
        assertThat(stats).doesNotContain("backend.snmp." + bound + ": 0\n");
      }
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aTableWithoutEndEndsInSecondsAndTheErrorNamesItWithItsObject() throws Exception {
    try (SimulatedDaemon simulated = start("512m", ENDLESS.toArray(Hostility[]::new))) {
      // The one that goes on for longest, and takes no memory, beside the others.
      CompletableFuture<Commands.Result> trickle =
          CompletableFuture.supplyAsync(
              () -> Commands.run("ls", table(simulated, Hostility.TRICKLE)),
              listing -> new Thread(listing, "lists-trickle").start());
      for (Hostility kind : ENDLESS) {
        Commands.Result list =
            kind == Hostility.TRICKLE ? trickle.join() : Commands.run("ls", table(simulated, kind));
        assertThat(list.exit()).as(kind.word()).isNotZero();
        // What grows may do so for as long as a walk may take in all, 50 s; not what goes in
        // circles.
        boolean grows = kind != Hostility.DECREASING && kind != Hostility.RANDOM_ORDER;
        assertThat(list.millis()).as(kind.word()).isLessThan(grows ? 58_000 : 30_000);
        String health =
            Commands.run("cat", simulated.daemon().path("hostile/" + kind.word()) + "/.health")
                .out();
        assertThat(health)
            .as(kind.word())
            .contains(
                "the walk of interfaces/ifName (1.3.6.1.2.1.31.1.1.1.1) was given up at 1.3.6")
            .containsPattern("more than|not done after");
        assertThat(Commands.run("cat", simulated.daemon().path(".aeiou/events") + "").out())
            .contains("hostile/" + kind.word() + ": the walk of interfaces/ifName");
      }
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void rowsThatComeOutOfOrderAreAllListedAndThatIsSaid() throws Exception {
    try (SimulatedDaemon simulated = start("256m", Hostility.OUT_OF_ORDER, Hostility.CIRCLE)) {
      for (Hostility kind : List.of(Hostility.OUT_OF_ORDER, Hostility.CIRCLE)) {
        Commands.Result list = Commands.run("ls", table(simulated, kind));
        assertThat(list.out().lines()).as(list.err()).hasSize(100);
        assertThat(Commands.run("cat", table(simulated, kind) + "/row 7/ifName").firstLine())
            .isEqualTo("row 7");
      }
      String events = Commands.run("cat", simulated.daemon().path(".aeiou/events") + "").out();
      assertThat(events)
          .contains(
              "hostile/out-of-order: the agent walks interfaces/ifName (1.3.6.1.2.1.31.1.1.1.1)")
          .contains(
              "hostile/circle: the agent walks interfaces/ifName (1.3.6.1.2.1.31.1.1.1.1) in circles");
      assertThat(
              Commands.run("cat", simulated.daemon().path("hostile/out-of-order/.health") + "")
                  .out())
          .contains(
              "notes: the agent walks interfaces/ifName (1.3.6.1.2.1.31.1.1.1.1) out of order")
          .contains("it was walked on");
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void anAgentCannotFillTheLog() throws Exception {
    try (SimulatedDaemon simulated = start("256m", Hostility.GEN_ERR)) {
      long before = simulated.daemon().log().lines().count();
      Commands.shell(
          "for i in $(seq 100); do ls " + table(simulated, Hostility.GEN_ERR) + " 2>&1; done");
      assertThat(simulated.daemon().log().lines().count() - before).isBetween(1L, 5L);
      assertThat(stats(simulated)).containsPattern("log.left-out: [1-9]");
    }
  }
}
