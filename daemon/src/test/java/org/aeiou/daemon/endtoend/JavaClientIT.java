package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.attached.ReconnectingAttachment;
import org.aeiou.closures.attached.RequestId;
import org.aeiou.closures.attached.RequestOptions;
import org.aeiou.closures.attached.Step;
import org.aeiou.closures.group.Group;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.GroupValues;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client in Java says of its requests, and how it waits for them and withdraws them. */
@Needs(Needs.Thing.FUSE)
final class JavaClientIT {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final RequestOptions SOON = RequestOptions.NONE.timeout(Duration.ofMillis(100));

  @TempDir Path folder;

  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final Closure<byte[], String> telling =
      (context, outcome, delayed) -> told.add(context + " " + word(outcome));

  private static String word(Outcome<byte[]> outcome) {
    if (outcome instanceof Failure<byte[]> failure) {
      return failure.reason() + " " + failure.message();
    }
    return outcome instanceof Absent
        ? "absent"
        : new String(((Reading<byte[]>) outcome).value(), UTF_8);
  }

  /** A network whose second system is dead. */
  private SimulatedDaemon start(Duration rtt) throws Exception {
    SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(2).rows(3).rtt(rtt),
            "timeout: 2s, retries: 3, max-in-flight: 1",
            "ttl: {counter: 100ms}\n");
    agents(simulated).get(1).faults(Faults.builder().dead(true).build());
    return simulated;
  }

  private static List<SimulatedAgent> agents(SimulatedDaemon simulated) {
    return List.copyOf(simulated.network().agents());
  }

  private static String path(SimulatedDaemon simulated, int system, String attribute) {
    return agents(simulated).get(system).name() + "/" + attribute;
  }

  private static Attachment attach(SimulatedDaemon simulated) throws IOException {
    return attach(simulated, Attachment.STANDARD);
  }

  private static Attachment attach(SimulatedDaemon simulated, Geometry geometry)
      throws IOException {
    String socket =
        Commands.run("cat", simulated.daemon().path(".aeiou/attach").toString()).out().strip();
    return Attachment.attach(
        Path.of(socket), geometry, Ticker.systemTicker(), InstantSource.system());
  }

  @Test
  void timeoutEndsWhateverIsAskedAndAHundredThousandOfThemTakeNoThread() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1));
        Attachment net = attach(simulated, new Geometry(131072, 128, 128, 0))) {
      String dead = path(simulated, 1, "system/sysName");
      String table = path(simulated, 1, "interfaces");
      Burst soon = net.begin(SOON);
      List<Request> requests = new ArrayList<>();
      requests.add(net.submit(dead, soon, telling, "read"));
      requests.add(net.fetch(dead, soon, telling, "fetch"));
      requests.add(net.list(table, soon, telling, "list"));
      requests.add(net.describe(dead, soon, telling, "describe"));
      requests.add(net.readGroup(table, soon, telling, "group"));
      requests.add(net.chain(List.of(Step.read(dead), Step.read(dead)), soon, telling, "step"));
      soon.end();
      assertThat(net.await(requests, 6, LONG)).isTrue();
      assertThat(told)
          .hasSize(7)
          .allMatch(line -> line.endsWith(" TIMEOUT its deadline passed"))
          .extracting(line -> line.substring(0, line.indexOf(' ')))
          .containsOnly("read", "fetch", "list", "describe", "group", "step");

      told.clear();
      long threads = threads(simulated);
      Group<String, byte[]> group =
          Group.begin(net.with(RequestOptions.NONE.timeout(Duration.ofSeconds(3))));
      CompletableFuture<Void> none = new CompletableFuture<>();
      Closure<byte[], Object> silent = (context, outcome, delayed) -> {};
      int accepted = 0;
      while (accepted < 100_000 && group.submit(dead, silent, none) != null) {
        accepted++;
      }
      group.end();
      assertThat(accepted).isEqualTo(100_000);
      assertThat(threads(simulated)).isEqualTo(threads);
      assertThat(group.await(LONG)).isTrue();
      assertThat(group.progress().failed()).isEqualTo(100_000);
      // One of them may have been told that the system is silent: the first failure is either.
      assertThat(group.progress().firstError()).isNotNull();
    }
  }

  private static long threads(SimulatedDaemon simulated) {
    String status = Commands.run("cat", "/proc/" + simulated.daemon().pid() + "/status").out();
    return status
        .lines()
        .filter(line -> line.startsWith("Threads:"))
        .mapToLong(line -> Long.parseLong(line.substring(8).strip()))
        .sum();
  }

  @Test
  void whatIsInTheBackgroundComesAfterWhatIsNot() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(20));
        Attachment net = attach(simulated)) {
      Group<String, byte[]> behind = Group.begin(net.with(RequestOptions.NONE.inBackground()));
      List<Request> first =
          List.of(net.fetch(path(simulated, 0, "system/sysName"), null, telling, "warm"));
      assertThat(net.await(first, 1, LONG)).isTrue();
      Closure<byte[], String> counted = (context, outcome, delayed) -> {};
      for (int i = 0; i < 400; i++) {
        String oid = "/.oid/1.3.6.1.2.1.2.2.1." + (i % 22 + 1) + "." + (i / 22 + 1);
        behind.submit(agents(simulated).get(0).name() + oid, counted, "");
      }
      behind.end();
      assertThat(behind.awaitSome(1, LONG)).isTrue();
      Request urgent = net.fetch(path(simulated, 0, "system/sysName"), null, telling, "urgent");
      assertThat(net.await(List.of(urgent), 1, LONG)).isTrue();
      assertThat(behind.progress().pending()).isGreaterThan(100);
      assertThat(behind.await(LONG)).isTrue();
      assertThat(behind.progress().failed()).isZero();
    }
  }

  @Test
  void cancelByIdIsAnsweredAndOfAnotherAttachmentUnknown() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1));
        Attachment net = attach(simulated);
        Attachment other = attach(simulated)) {
      String dead = path(simulated, 1, "system/sysName");
      Request request = net.fetch(dead, null, telling, "r");
      RequestId id = net.id(request);
      assertThat(answer(other.cancel(id))).isEqualTo(CancelAnswer.UNKNOWN);
      assertThat(answer(net.cancel(new RequestId(id.attachment(), id.number() + 1000))))
          .isEqualTo(CancelAnswer.UNKNOWN);
      assertThat(request.isDone()).isFalse();
      assertThat(answer(net.cancel(new RequestId(id.attachment(), id.number()))))
          .isEqualTo(CancelAnswer.CANCELLED);
      assertThat(told).containsExactly("r CANCELLED withdrawn");
      assertThat(answer(net.cancel(id))).isEqualTo(CancelAnswer.TOO_LATE);
      assertThat(answer(net.cancel(request))).isEqualTo(CancelAnswer.TOO_LATE);

      RequestId later = net.id(net.fetch(dead, null, telling, "later"));
      assertThat(later).isNotEqualTo(id).hasToString(later.toString()).isNotNull();
      assertThat(later.toString()).matches("[0-9a-f]{32}");
      assertThat(other.id(other.fetch(dead, null, telling, "other")).attachment())
          .isNotEqualTo(id.attachment());
      assertThat(net.id(Request.IMMEDIATE)).isNull();
      assertThatThrownBy(() -> other.id(request)).hasMessageContaining("of another attachment");

      RequestId chain =
          net.id(net.chain(List.of(Step.read(dead), Step.read(dead)), null, telling, "step"));
      assertThat(answer(net.cancel(chain))).isEqualTo(CancelAnswer.CANCELLED);
      end(net);
      assertThat(answer(net.cancel(later))).isEqualTo(CancelAnswer.TOO_LATE);
      assertThat(told)
          .contains("step CANCELLED withdrawn")
          .contains("step CANCELLED the chain ended before this step");
    }
  }

  private static CancelAnswer answer(CompletableFuture<CancelAnswer> asked) throws Exception {
    return asked.get(10, TimeUnit.SECONDS);
  }

  @Test
  void groupIsWithdrawnAsOneAndWhatIsAskedLaterIsNot() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String dead = path(simulated, 1, "system/sysName");
      Group<String, byte[]> group = Group.begin(net);
      Burst burst = net.begin();
      assertThat(answer(net.cancel(burst))).isEqualTo(CancelAnswer.UNKNOWN);
      for (int i = 0; i < 1000; i++) {
        group.submit(dead, telling, "group");
        net.fetch(dead, burst, telling, "burst");
      }
      group.end();
      group.cancel();
      Request later = group.submit(dead, telling, "later");
      group.end();
      assertThat(group.awaitSome(1000, LONG)).isTrue();
      assertThat(told).hasSize(1000).containsOnly("group CANCELLED withdrawn");
      assertThat(later.isDone()).isFalse();
      assertThat(group.progress().firstError().reason()).isEqualTo(Failure.Reason.CANCELLED);

      told.clear();
      assertThat(answer(net.cancel(burst))).isEqualTo(CancelAnswer.CANCELLED);
      assertThat(told).hasSize(1000).containsOnly("burst CANCELLED withdrawn");
      assertThat(answer(net.cancel(burst))).isEqualTo(CancelAnswer.UNKNOWN);
      assertThat(later.isDone()).isFalse();
    }
  }

  @Test
  void threadWaitsForSomeOfItsRequestsForAnEventAndUntilItIsInterrupted() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String live = path(simulated, 0, "system/sysName");
      Request dead = net.fetch(path(simulated, 1, "system/sysName"), null, telling, "dead");
      Request one = net.fetch(live, null, telling, "one");
      Request chain = net.chain(List.of(Step.read(live), Step.read(live)), null, telling, "chain");
      assertThat(net.await(List.of(dead, one, chain, Request.IMMEDIATE), 3, LONG)).isTrue();
      assertThat(told).as("their closures have run").hasSize(3);
      assertThat(net.await(List.of(dead, one), 2, Duration.ofMillis(20))).isFalse();
      assertThat(net.await(List.of(dead, one), 0, Duration.ZERO)).isTrue();
      assertThat(net.await(List.of(), 5, Duration.ZERO)).isTrue();

      Request watch = net.watch(path(simulated, 0, "system/sysUpTime"), null, telling, "watch");
      for (int i = 1; i <= 3; i++) {
        long before = told.stream().filter(line -> line.startsWith("watch")).count();
        assertThat(net.await(List.of(dead, watch), 1, LONG)).isTrue();
        assertThat(told.stream().filter(line -> line.startsWith("watch")).count())
            .isGreaterThan(before);
      }
      assertThat(watch.isDone()).isFalse();

      CompletableFuture<String> how = new CompletableFuture<>();
      CountDownLatch waiting = new CountDownLatch(1);
      Thread waiter =
          new Thread(
              () -> {
                try {
                  waiting.countDown();
                  how.complete("" + net.await(List.of(dead), 1, LONG));
                } catch (InterruptedException e) {
                  how.complete("interrupted");
                }
              });
      waiter.start();
      waiting.await();
      waiter.interrupt();
      assertThat(how.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
      assertThat(dead.isDone()).as("it goes on").isFalse();

      CompletableFuture<String> refused = new CompletableFuture<>();
      net.fetch(
          live,
          null,
          (none, outcome, delayed) -> {
            try {
              refused.complete("" + net.await(List.of(dead), 1, LONG));
            } catch (IllegalStateException | InterruptedException e) {
              refused.complete(e.getMessage());
            }
          },
          null);
      assertThat(refused.get(10, TimeUnit.SECONDS)).contains("wait on another one");
      try (Attachment other = attach(simulated)) {
        assertThatThrownBy(() -> other.await(List.of(dead), 1, LONG))
            .hasMessage("a request of another attachment, expected one of this");
      }
      end(net);
      assertThat(net.await(List.of(dead, watch), 2, Duration.ZERO)).as("all have ended").isTrue();
    }
  }

  @Test
  void chainSkipsAndStopsAndEachTellsOfEveryName() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String name = path(simulated, 0, "system/sysName");
      String missing = path(simulated, 0, ".oid/1.3.6.1.2.1.1.99.0");
      String table = path(simulated, 0, "interfaces");
      List<Request> chains = new ArrayList<>();
      chains.add(
          net.chain(
              List.of(Step.read(missing).stopOnAbsent(), Step.read(name)), null, telling, "a"));
      chains.add(
          net.chain(
              List.of(
                  Step.read(name).stopOnReading().skipNext(),
                  Step.describe("never"),
                  Step.read("{}/system/sysName")),
              null,
              telling,
              "b"));
      List<Outcome<byte[]>> each = new ArrayList<>();
      chains.add(
          net.chain(
              List.of(
                  Step.list(table).stopOnZero(),
                  Step.eachAsGroup(table + "/{}/ifName"),
                  Step.eachAsGroup(table + "/{}/nothing")),
              null,
              (none, outcome, delayed) -> each.add(outcome),
              null));
      assertThat(net.await(chains, 3, LONG)).isTrue();

      String read = agents(simulated).get(0).name();
      assertThat(told)
          .containsExactlyInAnyOrder(
              "a absent",
              "a CANCELLED the chain ended before this step",
              "b " + read,
              "b CANCELLED skipped",
              "b " + read);
      Reading<byte[]> group = (Reading<byte[]>) each.get(1);
      GroupValues values = GroupValues.of(group.value(), group.takenMillis());
      while (values.next()) {
        assertThat(values.value()).isEqualTo(values.row());
      }
      assertThat(values.rows()).hasSize(3);
      assertThat(each.get(2))
          .isEqualTo(
              new Failure<>(
                  Failure.Reason.BAD_REQUEST,
                  "'each' needs a listing before it, and {} in its path"));
    }
  }

  @Test
  void requestsWaitForTheNextDaemonAndWatchesGoOnWithIt() throws Exception {
    try (SimulatedDaemon simulated = start(Duration.ofMillis(1))) {
      String name = agents(simulated).get(0).name();
      String live = name + "/system/sysName";
      String dead = path(simulated, 1, "system/sysName");
      String unread = name + "/interfaces/eth0/ifName";
      try (ReconnectingAttachment net =
          ReconnectingAttachment.attach(
              simulated.daemon().path(""),
              Attachment.STANDARD,
              Ticker.systemTicker(),
              InstantSource.system(),
              (there, why) -> told.add("daemon " + there + " " + why))) {
        Request watch = net.watch(live, null, telling, "watch");
        until("watch " + name, 1);
        net.ask(Attachment::fetch, dead, null, telling, "had");
        simulated.daemon().signal("KILL");
        simulated.daemon().awaitExit();
        until("had STOPPED the daemon is gone", 1);
        until("daemon false the daemon is gone", 1);
        assertThat(net.isConnected()).isFalse();

        Group<String, byte[]> group = Group.begin(net);
        group.submit(unread, telling, "waits");
        group.end();
        assertThat(net.ask(Attachment::list, name, null, telling, "list")).isNotNull();
        net.ask(Attachment::fetch, live, net.begin(SOON), telling, "late");
        net.ask(Attachment::fetch, live, null, telling, "withdrawn").cancel();
        Group<String, byte[]> unwanted = Group.begin(net);
        unwanted.submit(unread, telling, "unwanted");
        unwanted.cancel();
        until("late TIMEOUT its deadline passed", 1);
        until("withdrawn CANCELLED withdrawn", 1);
        until("unwanted CANCELLED withdrawn", 1);
        assertThat(watch.isDone()).isFalse();
        assertThat(group.await(Duration.ofMillis(50))).isFalse();

        try (DaemonProcess next =
            DaemonProcess.mount(folder.resolve("net.yaml"), folder.resolve("net"))) {
          until("waits eth0", 1);
          until("watch " + name, 2);
          assertThat(group.await(LONG)).isTrue();
          eventually(
              "the list is told, once",
              () ->
                  told.stream()
                          .filter(line -> line.startsWith("list ") && line.contains("system/"))
                          .count()
                      == 1);
          until("daemon true ", 1);
          watch.cancel();
          until("watch CANCELLED withdrawn", 1);
          assertThat(watch.isDone()).isTrue();
          next.signal("TERM");
          next.awaitExit();
          net.ask(Attachment::fetch, live, null, telling, "last");
        }
      }
      assertThat(told).contains("last STOPPED this attachment was closed");
      assertThat(told.stream().filter(line -> line.startsWith("watch"))).hasSize(3);
    }
  }

  private void until(String line, int times) throws InterruptedException {
    for (int i = 0; i < 4000 && Collections.frequency(List.copyOf(told), line) < times; i++) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(told).as(line).filteredOn(line::equals).hasSize(times);
  }

  @Test
  void optionThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> RequestOptions.NONE.timeout(Duration.ZERO))
        .hasMessage("a timeout is more than no time, not PT0S");
  }

  /** Closes it in the middle of the block that closes it in the end. */
  private static void end(AutoCloseable net) throws Exception {
    net.close();
  }
}
