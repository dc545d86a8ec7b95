package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.attached.Step;
import org.aeiou.closures.group.Group;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.daemon.backend.simulated.SimulatedAgent;
import org.aeiou.daemon.backend.simulated.SimulationOptions;
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
      net.write(path, null, log::run, "write");
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
    long size = ByteBuffer.wrap(reading.value()).order(ByteOrder.LITTLE_ENDIAN).getLong(24);
    return Reading.of(Long.toString(size).getBytes(UTF_8), 0, 0);
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
      try (Attachment net = attach(Path.of(socket), new Geometry(2, 128, 128, 0))) {
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
    }
  }

  @Test
  void whatCannotBeAttachedToIsSaid() {
    assertThatThrownBy(() -> attach(folder.resolve("nothing"), Attachment.STANDARD))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be attached to");
  }
}
