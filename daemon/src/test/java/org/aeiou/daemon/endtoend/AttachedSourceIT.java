package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.closures.shared.CancelAnswer.CANCELLED;
import static org.aeiou.closures.shared.CancelAnswer.TOO_LATE;
import static org.aeiou.closures.shared.CancelAnswer.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.attached.Step;
import org.aeiou.closures.group.Group;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.GroupValues;
import org.aeiou.closures.shared.Stat;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;

/** This JVM is attached to a daemon in another. */
@Needs(Needs.Thing.FUSE)
final class AttachedSourceIT extends SourceContract {
  private SimulatedDaemon daemon(int systems, Duration rtt) throws Exception {
    return SimulatedDaemon.start(
        folder,
        SimulationOptions.builder().systems(systems).rows(2).rtt(rtt),
        "timeout: 1s, retries: 0, max-in-flight: 2",
        "");
  }

  @Override
  protected Held start(int systems, Duration rtt) throws Exception {
    SimulatedDaemon simulated = daemon(systems, rtt);
    Attachment net;
    try {
      net = attach(simulated);
    } catch (IOException | RuntimeException | Error e) {
      simulated.close();
      throw e;
    }
    return new Held() {
      @Override
      public Source<String, byte[]> source() {
        return net;
      }

      @Override
      public List<SimulatedAgent> agents() {
        return List.copyOf(simulated.network().agents());
      }

      @Override
      public void close() throws IOException {
        net.close();
        simulated.close();
      }
    };
  }

  private static Attachment attach(SimulatedDaemon simulated) throws IOException {
    // A test does not touch the mount from its own threads.
    String socket = Commands.run("cat", simulated.daemon().path(".aeiou/attach").toString()).out();
    return attach(Path.of(socket.strip()), Attachment.STANDARD);
  }

  private static Attachment attach(Path socket, Geometry geometry) throws IOException {
    return Attachment.attach(socket, geometry, Ticker.systemTicker(), InstantSource.system());
  }

  private static List<String> names(SimulatedDaemon simulated) {
    return simulated.network().agents().stream().map(SimulatedAgent::name).toList();
  }

  @Test
  void whatElseCanBeAskedForHasItsOutcome() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String name = simulated.network().agents().iterator().next().name();
      String path = name + "/system/sysName";
      Log log = new Log(5);
      net.fetch(path, null, log::run, "fetch");
      net.fetch(path, null, log::run, "again");
      net.write(path, "", null, log::run, "write");
      net.list(name + "/system", null, log::run, "list");
      net.stat(
          path,
          null,
          (context, outcome, delayed) -> log.run(context, size(outcome), delayed),
          "stat");

      assertThat(log.await().stream().map(line -> line.split("\\x00", 2)[0]))
          .containsExactlyInAnyOrder(
              "fetch=" + name + " delayed",
              "again=" + name + " delayed",
              "write=NOT_WRITABLE delayed",
              "list=sysDescr",
              "stat=4096 delayed");
    }
  }

  private static Outcome<byte[]> size(Outcome<byte[]> outcome) {
    Reading<byte[]> reading = (Reading<byte[]>) outcome;
    long size = Stat.of(reading.value()).size();
    return Reading.of(Long.toString(size).getBytes(UTF_8), 0, 0);
  }

  @Test
  void groupIsReadAsOneRequest() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String name = simulated.network().agents().iterator().next().name();
      List<String> told = new ArrayList<>();
      for (String path :
          List.of(
              "/system/{sysName,sysContact}",
              "/interfaces/*/ifOperStatus",
              "/interfaces/{ifName,ifType}",
              "/system/sysName",
              "/nope")) {
        CompletableFuture<Outcome<byte[]>> ended = new CompletableFuture<>();
        assertThat(
                net.<Void>readGroup(
                    name + path, null, (none, outcome, delayed) -> ended.complete(outcome), null))
            .isNotNull();
        Outcome<byte[]> outcome = ended.get(10, TimeUnit.SECONDS);
        if (outcome instanceof Reading<byte[]> reading) {
          GroupValues values = GroupValues.of(reading.value(), reading.takenMillis());
          while (values.next()) {
            assertThat(values.takenMillis()).isGreaterThan(1_000_000_000_000L);
            told.add(values.row() + "/" + values.column() + " " + values.value().length());
          }
        } else {
          told.add(((Failure<?>) outcome).reason().toString());
        }
      }

      assertThat(told.get(0)).isEqualTo("/sysName " + name.length());
      assertThat(told.get(1)).startsWith("/sysContact ");
      assertThat(told.subList(2, 4)).allMatch(line -> line.endsWith("/ifOperStatus 2"));
      assertThat(told.subList(4, 8)).anyMatch(line -> line.equals("eth0/ifName 4"));
      assertThat(told.subList(8, told.size())).containsExactly("NOT_DIRECTORY", "UNKNOWN_NAME");
    }
  }

  @Test
  void watchRunsItsClosureAtEachChangeUntilItIsCancelled() throws Exception {
    try (SimulatedDaemon simulated =
            SimulatedDaemon.start(
                folder,
                SimulationOptions.builder().systems(1).rows(2),
                "timeout: 1s, retries: 0, max-in-flight: 2",
                "ttl: {counter: 100ms}\n");
        Attachment net = attach(simulated)) {
      String name = simulated.network().agents().iterator().next().name();
      Log log = new Log(4);
      Request watch = net.watch(name + "/system/sysUpTime", null, log::run, "w");
      log.await();
      watch.cancel();
      for (int i = 0; i < 500 && !watch.isDone(); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }

      assertThat(log.ran.get(log.ran.size() - 1)).isEqualTo("w=CANCELLED delayed");
      assertThat(log.ran).doesNotHaveDuplicates();
    }
  }

  @Test
  void chainRunsInTheDaemonAndItsClosureForEachStep() throws Exception {
    try (SimulatedDaemon simulated = daemon(2, Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      List<String> names = names(simulated);
      Log log = new Log(5);
      Request chain =
          net.chain(
              List.of(
                  Step.list(names.get(0) + "/system").stopOnError(),
                  Step.read(names.get(1) + "/system/sysName"),
                  Step.read("{}/system/sysName").stopOnNonzero(),
                  Step.read("never")),
              null,
              log::run,
              "chain");
      for (int i = 0; i < 500 && !chain.isDone(); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      net.chain(List.of(Step.read("nowhere")), null, log::run, "other");

      String second = "chain=" + names.get(1) + " delayed";
      assertThat(log.await().stream().map(line -> line.split("\\x00", 2)[0]))
          .containsExactly(
              "chain=sysDescr",
              second,
              second,
              "chain=CANCELLED delayed",
              "other=UNKNOWN_NAME delayed");
      assertThat(chain.isDone()).isTrue();
      assertThatThrownBy(() -> net.chain(List.of(), null, log::run, "none"))
          .hasMessage("a chain has 1 to 16 steps, not 0");
    }
  }

  @Test
  void whatWasAskedForAheadIsCachedAndGivesItsPageBack() throws Exception {
    try (SimulatedDaemon simulated = daemon(40, Duration.ofMillis(1))) {
      String socket =
          Commands.run("cat", simulated.daemon().path(".aeiou/attach").toString()).out().strip();
      try (Attachment net = attach(Path.of(socket), new Geometry(4, 128, 128, 0))) {
        for (String name : names(simulated)) {
          String path = name + "/system/sysName";
          for (int i = 0; i < 500 && !net.prefetch(path, null); i++) {
            TimeUnit.MILLISECONDS.sleep(10);
          }
          for (int i = 0; i < 500 && net.cached(path) == null; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
          }
          assertThat(net.cached(path).value()).isEqualTo(name.getBytes(UTF_8));
        }
      }
    }
  }

  @Test
  void closureThatThrowsDisturbsNoOtherRequest() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String path = names(simulated).get(0) + "/system/sysName";
      Log log = new Log(2);
      for (String each : List.of("a", "b")) {
        net.fetch(path, null, log::run, each);
        net.fetch(
            path,
            null,
            (context, outcome, delayed) -> {
              throw new IllegalStateException("thrown by a test");
            },
            each);
      }

      assertThat(log.await()).hasSize(2);
    }
  }

  @Test
  void groupThatEndsAfterItsAttachmentWritesNowhere() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1))) {
      Attachment net = attach(simulated);
      Group<String, byte[]> group = Group.begin(net);
      net.close();
      // Some of these have the numbers now that the attachment's descriptors had.
      List<Path> files = new ArrayList<>();
      List<OutputStream> open = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        files.add(folder.resolve("stranger" + i));
        open.add(Files.newOutputStream(files.get(i)));
      }
      group.end();
      net.close();
      for (OutputStream each : open) {
        each.close();
      }

      for (Path file : files) {
        assertThat(file).isEmptyFile();
      }
    }
  }

  @Test
  void requestThatFindsNoPageIsRefusedAtOnce() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(500))) {
      String socket =
          Commands.run("cat", simulated.daemon().path(".aeiou/attach").toString()).out().strip();
      Geometry three = new Geometry(3, 128, 128, 0); // one of which is kept for cancels
      try (Attachment net = attach(Path.of(socket), three)) {
        Log log = new Log(2);
        Group<String, byte[]> group = Group.begin(net);
        String path = names(simulated).get(0) + "/system/sysName";
        assertThat(group.submit(path, log::run, "a")).isNotNull();
        assertThat(group.submit(path, log::run, "b")).isNotNull();
        assertThat(group.submit(path, log::run, "c")).isNull();
        group.end();
        assertThat(log.await()).hasSize(2);
        assertThat(group.progress().refused()).isEqualTo(1);
      }
    }
  }

  @Test
  void daemonThatIsKilledEndsWhatIsPending() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofSeconds(5));
        Attachment net = attach(simulated)) {
      Log log = new Log(100);
      Group<String, byte[]> group = Group.begin(net);
      for (int i = 0; i < 100; i++) {
        group.submit(names(simulated).get(0) + "/system/sysName", log::run, "a" + i);
      }
      group.end();
      TimeUnit.MILLISECONDS.sleep(100);
      Commands.run("kill", "-9", Long.toString(simulated.daemon().pid()));

      assertThat(log.await()).hasSize(100).allMatch(line -> line.endsWith("=STOPPED delayed"));
      assertThat(group.submit("later", log::run, "later")).isNull();
      assertThat(net.ended()).isEqualTo("the daemon is gone");
    }
  }

  /** A daemon with a system that answers and one that does not, for as long as a test takes. */
  private SimulatedDaemon withOneThatIsDead(String more) throws Exception {
    SimulatedDaemon simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(2).rows(4),
            "timeout: 60s, retries: 0, max-in-flight: 2",
            more);
    List.copyOf(simulated.network().agents()).get(1).faults(Faults.builder().dead(true).build());
    return simulated;
  }

  private static Attachment attach(SimulatedDaemon simulated, Geometry geometry)
      throws IOException {
    String socket = Commands.run("cat", simulated.daemon().path(".aeiou/attach").toString()).out();
    return attach(Path.of(socket.strip()), geometry);
  }

  @Test
  void spaceForLongValuesComesBackAfterAFlood() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1));
        Attachment net = attach(simulated, new Geometry(128, 128, 128, 32 << 10))) {
      Log flood = new Log(100);
      for (int i = 0; i < 100; i++) {
        net.submit(".aeiou/stats", null, flood::run, "stats");
      }
      assertThat(flood.await()).hasSize(100);
      for (int i = 0; i < 100; i++) {
        Log one = new Log(1);
        net.submit(".aeiou/stats", null, one::run, "stats");
        assertThat(one.await().get(0)).hasSizeGreaterThan(100);
      }
    }
  }

  @Test
  void cancelsFindAPageWhenAllAreInUseAndAreAnswered() throws Exception {
    try (SimulatedDaemon simulated = withOneThatIsDead("");
        Attachment net = attach(simulated, new Geometry(8, 128, 128, 0));
        Attachment other = attach(simulated)) {
      String live = names(simulated).get(0) + "/system/sysName";
      String dead = names(simulated).get(1) + "/system/sysName";
      Log log = new Log(8);
      List<Request> requests = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        requests.add(net.fetch(dead, null, log::run, "a" + i));
      }
      assertThat(net.fetch(dead, null, log::run, "one more")).isNull();
      for (Request request : requests) {
        assertThat(net.cancel(request).get(10, TimeUnit.SECONDS)).isEqualTo(CANCELLED);
        assertThat(net.cancel(request).get()).as("once more").isEqualTo(TOO_LATE);
      }
      Request answered = net.fetch(live, null, log::run, "live");
      assertThat(log.await()).filteredOn(line -> line.endsWith("=CANCELLED delayed")).hasSize(7);
      assertThat(net.cancel(answered).get(10, TimeUnit.SECONDS)).isEqualTo(TOO_LATE);
      assertThat(net.cancel(Request.IMMEDIATE).get()).isEqualTo(TOO_LATE);
      assertThat(other.cancel(answered).get()).isEqualTo(UNKNOWN);
      Request chain = net.chain(List.of(Step.read(dead), Step.read(live)), null, log::run, "chain");
      assertThat(net.cancel(chain).get(10, TimeUnit.SECONDS)).isEqualTo(CANCELLED);
      assertThat(chain.isDone()).isTrue();
    }
  }

  @Test
  void answerToACancelIsWhatTheClosureWasTold() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String path = names(simulated).get(0) + "/system/sysName";
      int[] cancelled = {0};
      for (int i = 0; i < 500; i++) {
        Log log = new Log(1);
        Request request = net.fetch(path, null, log::run, "r");
        if (i % 2 == 1) {
          TimeUnit.MICROSECONDS.sleep(i);
        }
        boolean answer = net.cancel(request).get(10, TimeUnit.SECONDS) == CANCELLED;
        assertThat(log.await().get(0).contains("CANCELLED")).isEqualTo(answer);
        cancelled[0] += answer ? 1 : 0;
      }
      assertThat(cancelled[0]).as("both happen").isBetween(1, 499);
    }
  }

  @Test
  void whatIsPendingAtTheEndIsToldWhyAndOnce() throws Exception {
    try (SimulatedDaemon simulated = withOneThatIsDead("")) {
      String dead = names(simulated).get(1) + "/system/sysName";
      List<String> ends = Collections.synchronizedList(new ArrayList<>());
      Closure<byte[], String> closure =
          (context, outcome, delayed) -> ends.add(((Failure<byte[]>) outcome).message());
      Attachment closed = attach(simulated);
      for (int i = 0; i < 50; i++) {
        closed.fetch(dead, null, closure, "");
      }
      closed.close();
      assertThat(ends).hasSize(50).containsOnly("this attachment was closed");
      assertThat(closed.ended()).isEqualTo("this attachment was closed");
      ends.clear();
      try (Attachment net = attach(simulated)) {
        for (int i = 0; i < 50; i++) {
          net.fetch(dead, null, closure, "");
        }
        assertThat(net.ended()).isNull();
        simulated.daemon().signal("TERM");
        for (int i = 0; i < 3000 && ends.size() < 50; i++) {
          TimeUnit.MILLISECONDS.sleep(10);
        }
        String why = "the daemon ended this attachment: the daemon stops";
        assertThat(ends).hasSize(50).containsOnly(why);
        assertThat(net.ended()).isEqualTo(why);
      }
      assertThat(ends).hasSize(50);
    }
  }

  @Test
  void closureCannotWaitForOutcomesAndMayClose() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1))) {
      Attachment net = attach(simulated);
      Group<String, byte[]> group = Group.begin(net);
      CompletableFuture<String> said = new CompletableFuture<>();
      group.submit(
          names(simulated).get(0) + "/system/sysName",
          (context, outcome, delayed) -> {
            try {
              said.complete("waited: " + group.await(Duration.ofSeconds(1)));
            } catch (IllegalStateException | InterruptedException e) {
              said.complete(e.getMessage());
            }
            net.close();
          },
          null);
      group.end();

      assertThat(said.get(10, TimeUnit.SECONDS)).contains("wait on another one");
      for (int i = 0; i < 1000 && net.ended() == null; i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(net.ended()).isEqualTo("this attachment was closed");
    }
  }

  @Test
  void whatIsCachedIsFoundInEverySpellingAndWithoutAsking() throws Exception {
    try (SimulatedDaemon simulated =
            withOneThatIsDead("ttl: {config: 200ms, directory: 1h, grace: 1000}\n");
        Attachment net = attach(simulated)) {
      String path = names(simulated).get(0) + "/system/sysName";
      Log log = new Log(3);
      net.cached(path, null, log::run, "none");
      net.submit(path, null, log::run, "read");
      while (net.cached(path) == null) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      TimeUnit.MILLISECONDS.sleep(300);
      long before = net.cached("//" + path.replace("/", "//") + "/").takenMillis();
      for (int i = 0; i < 100; i++) {
        net.cached(path);
        assertThat(net.cached(path, null, (c, o, d) -> {}, null)).isSameAs(Request.IMMEDIATE);
      }
      TimeUnit.MILLISECONDS.sleep(300);
      assertThat(net.cached(path).takenMillis()).as("it was left alone").isEqualTo(before);
      assertThat(net.submit("/" + path, null, log::run, "hit")).isSameAs(Request.IMMEDIATE);
      for (int i = 0; i < 1000 && net.cached(path).takenMillis() == before; i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      assertThat(net.cached(path).takenMillis()).as("it was refreshed").isGreaterThan(before);
      assertThat(log.await()).contains("none=NOT_CACHED delayed");
    }
  }

  @Test
  void askingAheadLeavesPagesToRequestsThatWait() throws Exception {
    try (SimulatedDaemon simulated = withOneThatIsDead("");
        Attachment net = attach(simulated, new Geometry(8, 128, 128, 0))) {
      String dead = names(simulated).get(1) + "/system/sys";
      int accepted = 0;
      for (String each : List.of("Name", "Descr", "Contact", "Location", "UpTime", "ObjectID")) {
        accepted += net.prefetch(dead + each, null) ? 1 : 0;
      }
      assertThat(accepted).isEqualTo(3);
      Log log = new Log(1);
      net.submit(names(simulated).get(0) + "/system/sysName", null, log::run, "live");
      assertThat(log.await()).hasSize(1);
    }
  }

  @Test
  void whatIsNoFileIsSaidAsFilesDo() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1));
        Attachment net = attach(simulated, new Geometry(16, 2048, 256, 0))) {
      String system = names(simulated).get(0) + "/system";
      Log log = new Log(4);
      net.submit(system, null, log::run, "a");
      net.list(system + "/sysName", null, log::run, "b");
      net.submit("x".repeat(1500), null, log::run, "c");
      net.submit(system + "/sysName/deeper", null, log::run, "d");
      assertThat(log.await().stream().map(line -> line.split(" ", 2)[0]))
          .containsExactlyInAnyOrder(
              "a=IS_DIRECTORY", "b=NOT_DIRECTORY", "c=NAME_TOO_LONG", "d=NOT_DIRECTORY");
      assertThatThrownBy(() -> net.submit("x".repeat(2000), null, log::run, "e"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is 2000 bytes long; a page has room for 1984");
    }
  }

  @Test
  void attachingHasATimeLimitAlsoAtADaemonThatHangs() throws Exception {
    try (SimulatedDaemon simulated = daemon(1, Duration.ofMillis(1))) {
      Path mount = simulated.daemon().path("");
      Path socket =
          Path.of(Commands.run("cat", mount.resolve(".aeiou/attach").toString()).out().strip());
      simulated.daemon().signal("STOP");
      try {
        for (Path place : List.of(socket, mount)) {
          assertThatThrownBy(
                  () ->
                      Attachment.attach(
                          place,
                          Attachment.STANDARD,
                          Duration.ofMillis(300),
                          Ticker.systemTicker(),
                          InstantSource.system()))
              .isInstanceOf(IOException.class)
              .hasMessageContaining("does not answer in time");
        }
      } finally {
        simulated.daemon().signal("CONT");
      }
    }
  }

  @Test
  void whatCannotBeAttachedToIsSaid() {
    assertThatThrownBy(() -> attach(folder.resolve("nothing"), Attachment.STANDARD))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be attached to: No such file or directory");
  }
}
