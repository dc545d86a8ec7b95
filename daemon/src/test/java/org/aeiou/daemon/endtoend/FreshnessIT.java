package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel keeps of a reading, and for how long: from a real agent to a real reader. */
@Needs({Needs.Thing.FUSE, Needs.Thing.PYTHON3})
final class FreshnessIT {
  private static final Oid LOCATION = Oid.parse("1.3.6.1.2.1.1.6.0");

  private static final Pattern REQUESTS = Pattern.compile(".*requests\\.(\\w+)[: ]+(\\d+)");

  /** What a loaded machine may add to any wait. */
  private static final long SLACK_MILLIS = 700;

  @TempDir Path folder;
  private SimulatedDaemon simulated;
  private SimulatedAgent agent;
  private String location;

  private void start(String ttl) throws Exception {
    simulated =
        SimulatedDaemon.start(
            folder,
            SimulationOptions.builder().systems(1).rows(2),
            "timeout: 2s, retries: 2, max-in-flight: 2",
            "ttl: {attributes: {sysLocation: " + ttl + "}}\n");
    agent = simulated.network().agents().iterator().next();
    location = simulated.daemon().path(agent.name() + "/system/sysLocation").toString();
    set("one");
  }

  @AfterEach
  void stop() throws IOException {
    if (simulated != null) {
      simulated.close();
    }
  }

  private void set(String value) {
    agent.set(LOCATION, new Value.Octets(Value.OctetsType.OCTETS, value.getBytes(UTF_8)));
  }

  private String cat(String path) {
    Commands.Result read = Commands.run("cat", path);
    assertThat(read.exit()).as(read.err()).isZero();
    return read.out();
  }

  /** Requests by opcode; without what the kernel gives back whenever it likes. */
  private Map<String, Long> counted() {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : cat(simulated.daemon().path(".aeiou/stats").toString()).lines().toList()) {
      Matcher request = REQUESTS.matcher(line);
      if (request.matches() && !request.group(1).contains("forget")) {
        counts.put(request.group(1), Long.parseLong(request.group(2)));
      }
    }
    assertThat(counts).containsKey("lookup");
    return counts;
  }

  @Test
  void aSecondCatOfAFileNeverReadBeforeMakesNoRequest() throws Exception {
    start("60s");
    counted();
    assertThat(cat(location)).isEqualTo("one\n");
    Map<String, Long> before = counted();
    Map<String, Long> own = new TreeMap<>(counted());
    own.replaceAll((name, count) -> count - before.get(name));

    Map<String, Long> start = counted();
    for (int i = 0; i < 5; i++) {
      assertThat(cat(location)).isEqualTo("one\n");
    }
    Map<String, Long> end = new TreeMap<>(counted());

    end.replaceAll((name, count) -> count - start.get(name));
    assertThat(end).isEqualTo(own);
  }

  @Test
  void aValueThatStaysTheSameIsReadFromItsPageAfterItsTtl() throws Exception {
    start("200ms");
    cat(location);
    long reads = counted().get("read");
    long own = counted().get("read") - reads;
    long gets = agent.counts().requests();
    for (int i = 0; i < 10; i++) {
      TimeUnit.MILLISECONDS.sleep(250);
      assertThat(cat(location)).isEqualTo("one\n");
    }
    long after = counted().get("read");
    assertThat(agent.counts().requests() - gets).isGreaterThanOrEqualTo(8);
    // Its grace period is a TTL long, so that a slow machine may lose a page now and then.
    assertThat(after - reads - 2 * own).isLessThanOrEqualTo(3);
  }

  @Test
  void aChangeIsSeenWithinATtlAndARoundTripByAProgramThatOpensAgainAndAgain() throws Exception {
    start("1s");
    cat(location);
    set("two");
    long changed = System.nanoTime();
    while (!cat(location).equals("two\n")) {
      assertThat(millisSince(changed)).isLessThan(1000 + SLACK_MILLIS);
    }
  }

  @Test
  void aChangeThatAForcedReadBringsIsPushedToReadersOfTheKernelsPages() throws Exception {
    start("60s");
    assertThat(cat(location)).isEqualTo("one\n");
    set("another length");
    assertThat(cat(location)).isEqualTo("one\n");
    String uncached = location.replace(agent.name(), ".uncached/" + agent.name());
    assertThat(cat(uncached)).isEqualTo("another length\n");
    long pushed = System.nanoTime();
    while (!cat(location).equals("another length\n")) {
      assertThat(millisSince(pushed)).isLessThan(SLACK_MILLIS);
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  @Test
  void pollIsWokenWhenARefreshBringsAnotherValueAndTheProgramReadsIt() throws Exception {
    start("300ms");
    Path script = folder.resolve("poll.py");
    Files.writeString(
        script,
        """
        import os, select, sys
        file = os.open(sys.argv[1], os.O_RDONLY)
        poll = select.poll()
        poll.register(file, select.POLLPRI | select.POLLERR)
        print(os.pread(file, 100, 0).decode().strip(), flush=True)
        assert poll.poll(0) == [], "nothing has changed"
        for i in range(3):
            ready = poll.poll(10000)
            assert ready and ready[0][1] & select.POLLPRI, ready
            print(os.pread(file, 100, 0).decode().strip(), flush=True)
        epoll = select.epoll()
        epoll.register(file, select.EPOLLPRI)
        assert epoll.poll(0.5) == [], "nothing has changed"
        print("waiting", flush=True)
        assert epoll.poll(10) == [(file, select.EPOLLPRI | select.EPOLLERR)]
        print(os.pread(file, 100, 0).decode().strip(), flush=True)
        """);
    Process poller =
        new ProcessBuilder("python3", script.toString(), location)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(poller.getInputStream(), UTF_8))) {
      assertThat(out.readLine()).isEqualTo("one");
      for (String value : new String[] {"second", "3", "the fourth"}) {
        set(value);
        long changed = System.nanoTime();
        assertThat(out.readLine()).isEqualTo(value);
        assertThat(millisSince(changed)).isLessThan(300 + SLACK_MILLIS);
      }
      assertThat(out.readLine()).isEqualTo("waiting");
      set("fifth");
      assertThat(out.readLine()).isEqualTo("fifth");
      assertThat(poller.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(poller.exitValue()).isZero();
    } finally {
      poller.destroyForcibly();
    }
  }

  @Test
  void readerThatKeepsAFileOpenMovesOn() throws Exception {
    start("300ms");
    Commands.Result reader =
        Commands.run(
            "python3",
            "-c",
            """
            import os, sys, time
            file = os.open(sys.argv[1], os.O_RDONLY)
            assert os.pread(file, 100, 0) == b"one\\n"
            open(sys.argv[2], "w").close()
            end = time.monotonic() + 10
            while os.pread(file, 100, 0) != b"two\\n":
                assert time.monotonic() < end
                if os.path.exists(sys.argv[2]):
                    time.sleep(0.02)
            """,
            location,
            begin(() -> set("two")));
    assertThat(reader.exit()).as(reader.err()).isZero();
  }

  /** A file that, once it is there, lets something happen. */
  private String begin(Runnable what) {
    Path flag = folder.resolve("flag");
    Thread thread =
        new Thread(
            () -> {
              long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
              while (!Files.exists(flag) && System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              what.run();
            });
    thread.setDaemon(true);
    thread.start();
    return flag.toString();
  }

  @Test
  void aSystemThatAReloadBringsIsThereAtOnceAndOneThatItTakesIsGone() throws Exception {
    start("60s");
    Path configuration = folder.resolve("net.yaml");
    String before = Files.readString(configuration);
    String other = simulated.daemon().path("other").toString();
    assertThat(Commands.run("ls", other).exit()).isNotZero();
    assertThat(cat(location)).isEqualTo("one\n");

    Files.writeString(configuration, before.replace("  " + agent.name() + ":", "  other:"));
    simulated.daemon().signal("HUP");
    long sent = System.nanoTime();
    while (Commands.run("ls", other).exit() != 0) {
      assertThat(millisSince(sent)).isLessThan(2000 + SLACK_MILLIS);
    }
    assertThat(Commands.run("ls", simulated.daemon().path("").toString()).out())
        .contains("other")
        .doesNotContain(agent.name());
    assertThat(Commands.run("cat", location).err()).contains("No such file or directory");
  }
}
