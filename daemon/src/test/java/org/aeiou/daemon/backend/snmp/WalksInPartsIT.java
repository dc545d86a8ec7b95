package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long tables walked in parts, through the real scheduler, of agents near and far. */
class WalksInPartsIT {
  private static final Oid IF_NAME = Oid.parse("1.3.6.1.2.1.31.1.1.1.1");
  private static final Oid IF_DESCR = Oid.parse("1.3.6.1.2.1.2.2.1.2");
  private static final String ADDRESS = "127.21.9.1";

  private SnmpBackend backend;
  private CompletionScheduler<Question, Value> scheduler;
  private Requester me;

  @BeforeEach
  void start() throws Exception {
    backend =
        new SnmpBackend(
            Ticker.systemTicker(), InstantSource.system(), SnmpOptions.DEFAULT, Definitions.NONE);
    scheduler =
        new CompletionScheduler<>(
            SchedulerOptions.DEFAULT,
            Ticker.systemTicker(),
            InstantSource.system(),
            new SplittableRandom(1));
    me = scheduler.requester("me");
  }

  @AfterEach
  void stop() {
    scheduler.close();
    backend.close();
  }

  private SystemQueue<Question, Value> open(
      String name, Exchanger<Question, Value> exchanger, int maxInFlight) {
    Limits limits = new Limits(Duration.ofSeconds(1), 4, maxInFlight, Duration.ZERO, 24);
    return scheduler.open(name, limits, exchanger, (question, outcome, late) -> outcome);
  }

  private CompletableFuture<Outcome<Value>> walk(
      SystemQueue<Question, Value> system, Oid... columns) {
    CompletableFuture<Outcome<Value>> walked = new CompletableFuture<>();
    system.submit(
        new Question.Walk(List.of(columns)),
        Priority.INTERACTIVE,
        Long.MAX_VALUE,
        me.alone(),
        (future, outcome, delayed) -> future.complete(outcome),
        walked);
    return walked;
  }

  private static Value.Rows rows(CompletableFuture<Outcome<Value>> walked) throws Exception {
    Outcome<Value> outcome = walked.get(60, TimeUnit.SECONDS);
    assertThat(outcome).isInstanceOf(Reading.class);
    return (Value.Rows) ((Reading<Value>) outcome).value();
  }

  private static SimulationOptions.Builder network(int rows) {
    return SimulationOptions.builder().systems(1).rows(rows).port(0).firstAddress(ADDRESS);
  }

  private Exchanger<Question, Value> simulated(SimulatedNetwork network) {
    return backend.connect(
        "core1",
        new SnmpSettings(ADDRESS, network.port(), Version.V2C, new Secret("public"), null));
  }

  @Test
  void aLongTableFarAwayIsWalkedInPartsInFewerRoundTripsAndTheSamePackets() throws Exception {
    try (SimulatedNetwork network =
        SimulatedNetwork.start(network(1500).rtt(Duration.ofMillis(20)).build())) {
      Exchanger<Question, Value> agent = simulated(network);
      long before = backend.count(SnmpCounter.SENT);
      long start = System.nanoTime();
      Value.Rows asOne = rows(walk(open("one", agent, 1), IF_NAME, IF_DESCR));
      long oneNanos = System.nanoTime() - start;
      long onePackets = backend.count(SnmpCounter.SENT) - before;
      assertThat(asOne.rows()).hasSize(1500);
      assertThat(backend.count(SnmpCounter.WALK_SPLIT)).isZero();

      SystemQueue<Question, Value> two = open("two", simulated(network), 2);
      for (int walk = 0; walk < 2; walk++) {
        before = backend.count(SnmpCounter.SENT);
        start = System.nanoTime();
        CompletableFuture<Outcome<Value>> walked = walk(two, IF_NAME, IF_DESCR);
        boolean told = false;
        while (!walked.isDone()) {
          told |= two.health().progress().stream().anyMatch(line -> line.endsWith(" in 2 parts"));
          Thread.sleep(2);
        }
        assertThat(rows(walked).equals(asOne)).as("the same table").isTrue();
        assertThat(told).as("its progress").isTrue();
        assertThat(two.health().progress()).isEmpty();
        long packets = backend.count(SnmpCounter.SENT) - before;
        assertThat(packets).isLessThanOrEqualTo(onePackets * 115 / 100);
        System.out.printf(
            Locale.ROOT,
            "1500 rows at 20 ms: as one %d ms, %d packets; in parts %d ms, %d packets%n",
            oneNanos / 1_000_000,
            onePackets,
            (System.nanoTime() - start) / 1_000_000,
            packets);
      }
      assertThat(backend.count(SnmpCounter.WALK_SPLIT)).isPositive();
    }
  }

  @Test
  void aTableIsWholeThoughAnswersGetLost() throws Exception {
    try (SimulatedNetwork network =
        SimulatedNetwork.start(network(800).rtt(Duration.ofMillis(5)).loss(0.03).build())) {
      SystemQueue<Question, Value> agent = open("core1", simulated(network), 4);
      for (int walk = 0; walk < 2; walk++) {
        assertThat(rows(walk(agent, IF_NAME, IF_DESCR)).rows()).hasSize(800);
      }
    }
  }

  /** Its index is a text: a length, and a number for each octet. */
  @Test
  void aTableOfNetSnmpsAgentIsTheSameInParts(@TempDir Path folder) throws Exception {
    try (Snmpd snmpd = new Snmpd(folder)) {
      snmpd.configure(
          IntStream.range(0, 600)
              .mapToObj(i -> "extend script-%04d /bin/true %d\n".formatted(i * 7 % 600, i))
              .collect(Collectors.joining()));
      snmpd.start();
      Oid arguments = Oid.parse("1.3.6.1.4.1.8072.1.3.2.2.1.3");
      Oid kind = Oid.parse("1.3.6.1.4.1.8072.1.3.2.2.1.7");
      Value.Rows asOne =
          rows(
              walk(
                  open("one", backend.connect("one", snmpd.settings(Version.V2C)), 1),
                  arguments,
                  kind));
      assertThat(asOne.rows()).hasSize(600);
      Exchanger<Question, Value> v3 =
          backend.connect("v3", snmpd.settings(Snmpd.user(Authentication.SHA, Privacy.AES_128)));
      Exchanger<Question, Value> v2c = backend.connect("v2c", snmpd.settings(Version.V2C));
      for (int walk = 0; walk < 2; walk++) {
        assertThat(rows(walk(open("v2c" + walk, v2c, 2), arguments, kind))).isEqualTo(asOne);
        assertThat(rows(walk(open("v3" + walk, v3, 3), arguments, kind))).isEqualTo(asOne);
      }
      assertThat(backend.count(SnmpCounter.WALK_SPLIT)).isPositive();
      assertThat(backend.count(SnmpCounter.WALK_MISFIT)).isZero();
    }
  }
}
