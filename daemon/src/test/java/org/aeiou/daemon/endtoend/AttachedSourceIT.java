package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.group.Group;
import org.aeiou.closures.group.Progress;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.daemon.backend.simulated.Faults;
import org.aeiou.daemon.backend.simulated.SimulatedAgent;
import org.aeiou.daemon.backend.simulated.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The features of the seed, in Java: this JVM is attached to a daemon in another. */
@Needs(Needs.Thing.FUSE)
final class AttachedSourceIT {
  @TempDir Path folder;

  private SimulatedDaemon start(int systems, Duration rtt) throws Exception {
    return SimulatedDaemon.start(
        folder,
        SimulationOptions.builder().systems(systems).rows(2).rtt(rtt),
        "timeout: 1s, retries: 0, max-in-flight: 2",
        "");
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

  /** Remembers what ran, and lets a test wait for it. */
  private static final class Log {
    final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch expected;

    Log(int expected) {
      this.expected = new CountDownLatch(expected);
    }

    void run(String context, Outcome<byte[]> outcome, boolean delayed) {
      String what =
          outcome instanceof Reading<byte[]> reading
              ? new String(reading.value(), UTF_8)
              : outcome instanceof Failure<byte[]> failure ? failure.reason().name() : "ABSENT";
      ran.add(context + "=" + what + (delayed ? " delayed" : " immediate"));
      expected.countDown();
    }

    List<String> await() throws InterruptedException {
      assertThat(expected.await(10, TimeUnit.SECONDS)).as("what ran: " + ran).isTrue();
      return ran;
    }
  }

  @Test
  void hitRunsInsideTheCallAndMissNever() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(1));
        Attachment net = attach(simulated)) {
      String path = names(simulated).get(0) + "/system/sysName";
      Group<String, byte[]> group = Group.begin(net);
      Log log = new Log(1);

      assertThat(group.submit(path, log::run, "miss")).isNotSameAs(Request.IMMEDIATE);
      group.end();
      log.await();
      assertThat(group.submit(path, log::run, "hit")).isSameAs(Request.IMMEDIATE);

      String name = names(simulated).get(0);
      assertThat(log.ran)
          .containsExactly("miss=" + name + " delayed", "hit=" + name + " immediate");
      Progress progress = group.progress();
      assertThat(List.of(progress.submitted(), progress.immediate(), progress.delayed()))
          .containsExactly(2L, 1L, 1L);
      assertThat(progress.isDone()).isTrue();
    }
  }

  @Test
  void eachRequestHasOneClosureWhateverBecomesOfIt() throws Exception {
    try (SimulatedDaemon simulated = start(3, Duration.ofMillis(300));
        Attachment net = attach(simulated)) {
      List<SimulatedAgent> agents = List.copyOf(simulated.network().agents());
      agents.get(1).faults(Faults.builder().dead(true).build());
      Log log = new Log(4);
      Group<String, byte[]> group = Group.begin(net);
      group.submit(agents.get(0).name() + "/system/sysName", log::run, "good");
      group.submit(agents.get(1).name() + "/system/sysName", log::run, "dead");
      group.submit("no/such", log::run, "unknown");
      Request withdrawn =
          group.submit(agents.get(2).name() + "/system/sysName", log::run, "withdrawn");
      group.end();
      withdrawn.cancel();

      log.await();
      TimeUnit.MILLISECONDS.sleep(400);

      assertThat(log.ran)
          .containsExactlyInAnyOrder(
              "good=" + agents.get(0).name() + " delayed",
              "dead=TIMEOUT delayed",
              "unknown=UNKNOWN_NAME delayed",
              "withdrawn=CANCELLED delayed");
    }
  }

  @Test
  void manyThreadsShareOneAttachment() throws Exception {
    try (SimulatedDaemon simulated = start(50, Duration.ofMillis(20));
        Attachment net = attach(simulated)) {
      Log log = new Log(8 * 200);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Thread thread =
            new Thread(
                () -> {
                  Group<String, byte[]> group = Group.begin(net);
                  for (String column : List.of("sysName", "sysDescr", "sysContact", "sysUpTime")) {
                    for (String name : names(simulated)) {
                      group.submit(name + "/system/" + column, log::run, name + column);
                    }
                  }
                  group.end();
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(new HashSet<>(log.await().stream().map(line -> line.split("=", 2)[0]).toList()))
          .hasSize(200);
      assertThat(log.ran).hasSize(1600).noneMatch(line -> line.contains("STOPPED"));
    }
  }

  @Test
  void requestThatFindsNoPageIsRefusedAtOnce() throws Exception {
    try (SimulatedDaemon simulated = start(1, Duration.ofMillis(500))) {
      String socket =
          Commands.run("cat", simulated.daemon().path(".aeiou/attach").toString()).out().strip();
      Geometry two = new Geometry(2, 128, 128, 0);
      try (Attachment net = attach(Path.of(socket), two)) {
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
    try (SimulatedDaemon simulated = start(1, Duration.ofSeconds(5));
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
    }
  }

  @Test
  void whatCannotBeAttachedToIsSaid() {
    assertThatThrownBy(() -> attach(folder.resolve("nothing"), Attachment.STANDARD))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be attached to");
  }
}
