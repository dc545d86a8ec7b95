package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
import org.aeiou.closures.group.Group;
import org.aeiou.closures.group.Progress;
import org.aeiou.closures.group.Source;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The features of the seed, in Java: the same in the daemon's own process and attached to it. */
public abstract class SourceContract {
  @TempDir protected Path folder;

  /** A network, and a source that reads it. */
  protected interface Held extends AutoCloseable {
    Source<String, byte[]> source();

    List<SimulatedAgent> agents();

    @Override
    void close() throws IOException;
  }

  /** Starts a network of so many systems, so far away. */
  protected abstract Held start(int systems, Duration rtt) throws Exception;

  /** Remembers what ran, and lets a test wait for it. */
  protected static final class Log {
    public final List<String> ran = Collections.synchronizedList(new ArrayList<>());
    final CountDownLatch expected;

    public Log(int expected) {
      this.expected = new CountDownLatch(expected);
    }

    public void run(String context, Outcome<byte[]> outcome, boolean delayed) {
      String what =
          outcome instanceof Reading<byte[]> reading
              ? new String(reading.value(), UTF_8)
              : outcome instanceof Failure<byte[]> failure ? failure.reason().name() : "ABSENT";
      ran.add(context + "=" + what + (delayed ? " delayed" : " immediate"));
      expected.countDown();
    }

    public List<String> await() throws InterruptedException {
      assertThat(expected.await(10, TimeUnit.SECONDS)).as("what ran: " + ran).isTrue();
      return ran;
    }
  }

  @Test
  void hitRunsInsideTheCallAndMissNever() throws Exception {
    try (Held held = start(1, Duration.ofMillis(1))) {
      String name = held.agents().get(0).name();
      Group<String, byte[]> group = Group.begin(held.source());
      Log log = new Log(1);

      assertThat(group.submit(name + "/system/sysName", log::run, "miss"))
          .isNotSameAs(Request.IMMEDIATE);
      assertThat(log.ran).isEmpty();
      group.end();
      log.await();
      assertThat(group.submit(name + "/system/sysName", log::run, "hit"))
          .isSameAs(Request.IMMEDIATE);

      assertThat(log.ran)
          .containsExactly("miss=" + name + " delayed", "hit=" + name + " immediate");
      // A request is pending until its closure has returned.
      for (int i = 0; i < 500 && !group.progress().isDone(); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      Progress progress = group.progress();
      assertThat(List.of(progress.submitted(), progress.immediate(), progress.delayed()))
          .containsExactly(2L, 1L, 1L);
      assertThat(progress.isDone()).isTrue();
    }
  }

  @Test
  void eachRequestHasOneClosureOnSuccessTimeoutErrorAndCancel() throws Exception {
    try (Held held = start(3, Duration.ofMillis(300))) {
      List<SimulatedAgent> agents = held.agents();
      agents.get(1).faults(Faults.builder().dead(true).build());
      Log log = new Log(4);
      Group<String, byte[]> group = Group.begin(held.source());
      group.submit(agents.get(0).name() + "/system/sysName", log::run, "good");
      group.submit(agents.get(1).name() + "/system/sysName", log::run, "dead");
      group.submit("no/such", log::run, "unknown");
      Request withdrawn =
          group.submit(agents.get(2).name() + "/system/sysName", log::run, "withdrawn");
      group.end();
      withdrawn.cancel();

      log.await();
      TimeUnit.MILLISECONDS.sleep(400);

      assertThat(log.ran.stream().map(line -> line.split(" ", 2)[0]))
          .containsExactlyInAnyOrder(
              "good=" + agents.get(0).name(),
              "dead=TIMEOUT",
              "unknown=UNKNOWN_NAME",
              "withdrawn=CANCELLED");
      assertThat(group.progress().failed()).isEqualTo(3);
    }
  }

  @Test
  void groupIsWaitedForUntilSomeOrAllHaveCome() throws Exception {
    try (Held held = start(3, Duration.ofMillis(1))) {
      List<SimulatedAgent> agents = held.agents();
      agents.get(2).faults(Faults.builder().dead(true).build());
      Group<String, byte[]> group = Group.begin(held.source());
      Log log = new Log(3);
      assertThat(group.await(Duration.ZERO)).as("of nothing").isTrue();
      for (SimulatedAgent agent : agents) {
        group.submit(agent.name() + "/system/sysName", log::run, agent.name());
      }
      group.end();

      assertThat(group.awaitSome(2, Duration.ofSeconds(30))).isTrue();
      assertThat(log.ran).hasSizeGreaterThanOrEqualTo(2);
      assertThat(group.await(Duration.ofSeconds(30))).isTrue();
      assertThat(log.ran).hasSize(3);
      assertThat(group.progress().isDone()).isTrue();
      group.submit(agents.get(2).name() + "/system/sysDescr", log::run, "late");
      group.end();
      boolean isEnded = group.await(Duration.ZERO);
      assertThat(isEnded).isEqualTo(log.ran.size() == 4);
    }
  }

  @Test
  void manyThreadsShareOneSource() throws Exception {
    try (Held held = start(50, Duration.ofMillis(20))) {
      Log log = new Log(8 * 200);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Thread thread =
            new Thread(
                () -> {
                  Group<String, byte[]> group = Group.begin(held.source());
                  for (String column : List.of("sysName", "sysDescr", "sysContact", "sysUpTime")) {
                    for (SimulatedAgent agent : held.agents()) {
                      String path = agent.name() + "/system/" + column;
                      group.submit(path, log::run, agent.name() + column);
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
}
