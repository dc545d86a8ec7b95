package org.aeiou.daemon.portable;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.kernel.ScriptedFileSystem;
import org.aeiou.daemon.kernel.ScriptedFileSystem.Place;
import org.aeiou.daemon.service.FileSystem.Content;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class WaitsTest {
  private static final Place STATE = new Place("/core1/state", false);

  private final ScriptedFileSystem files = new ScriptedFileSystem();
  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final PortableCounters counts = new PortableCounters();
  private final ThreadLocal<Integer> uid = ThreadLocal.withInitial(() -> 0);
  private volatile boolean interrupted;
  private volatile boolean gone;

  private final Caller caller =
      new Caller() {
        @Override
        public int uid() {
          return uid.get();
        }

        @Override
        public int pid() {
          return 7;
        }

        @Override
        public boolean interrupted() {
          return interrupted;
        }

        @Override
        public boolean gone() {
          return gone;
        }
      };

  private final Waits waits = new Waits(3, caller, counts);

  @AfterEach
  void endEverything() throws InterruptedException {
    files.close();
    callers.shutdownNow();
    assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private String read() throws Refused {
    Content content = waits.await((closure, wait) -> files.read(null, STATE, closure, wait));
    return new String(content.bytes(), StandardCharsets.UTF_8);
  }

  private Future<String> start() {
    Callable<String> read = this::read;
    return callers.submit(read);
  }

  private Future<String> startAs(int user) {
    return callers.submit(
        () -> {
          uid.set(user);
          return read();
        });
  }

  private static void assertEndsIn(Future<String> read, int errno) {
    assertThatThrownBy(read::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.errno).isEqualTo(errno));
  }

  private long counted(String name) {
    return counts.metrics().values().get(name);
  }

  @Test
  void aHitIsAnsweredWithoutWaiting() throws Exception {
    files.file("/core1/state", "up");

    assertThat(read()).isEqualTo("up");
    assertThat(counted("hits")).isEqualTo(1);
    assertThat(counted("most-waiting")).isZero();
  }

  @Test
  void aMissIsAnsweredWhenItsOutcomeComes() throws Exception {
    files.coldFile("/core1/state");

    Future<String> read = start();
    files.awaitPending("/core1/state", 1);
    files.file("/core1/state", "up");

    assertThat(read.get()).isEqualTo("up");
    assertThat(counted("misses")).isEqualTo(1);
    assertThat(counted("most-waiting")).isEqualTo(1);
    assertThat(waits.now()).isZero();
  }

  @Test
  void aFailureIsItsErrorNumber() {
    files.failing("/core1/state", Reason.UNREACHABLE);

    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.errno).isEqualTo(Errno.EHOSTUNREACH));
  }

  @Test
  void userWithWaitingThreadsLeavesRoomForAnother() throws Exception {
    files.coldFile("/core1/state");
    Future<String> first = startAs(1);
    Future<String> second = startAs(1);
    eventually("two wait", () -> waits.now() == 2);

    assertEndsIn(startAs(1), Errno.EAGAIN);
    Future<String> another = startAs(2);
    eventually("three wait", () -> waits.now() == 3);
    assertEndsIn(startAs(3), Errno.EAGAIN);

    files.file("/core1/state", "up");
    assertThat(first.get()).isEqualTo("up");
    assertThat(second.get()).isEqualTo("up");
    assertThat(another.get()).isEqualTo("up");
  }

  @Test
  void pastTheBoundAMissIsRefusedAtOnceAndItsRequestWithdrawn() throws Exception {
    files.coldFile("/core1/state");
    Future<String> first = start();
    Future<String> second = start();
    eventually("two wait", () -> waits.now() == 2);

    assertEndsIn(start(), Errno.EAGAIN);

    assertThat(files.cancelled("/core1/state")).isEqualTo(1);
    assertThat(counted("refused")).isEqualTo(1);
    assertThat(counted("most-waiting")).isEqualTo(2);
    files.file("/core1/state", "up");
    assertThat(first.get()).isEqualTo("up");
    assertThat(second.get()).isEqualTo("up");
    assertThat(read()).isEqualTo("up");
  }

  @Test
  void aHitIsAnsweredPastTheBound() throws Exception {
    files.coldFile("/core1/state");
    List<Future<String>> stuck = List.of(start(), start());
    eventually("two wait", () -> waits.now() == 2);
    files.file("/core1/other", "hot");

    Content other =
        waits.await(
            (closure, wait) -> files.read(null, new Place("/core1/other", false), closure, wait));

    assertThat(other.bytes()).asString().isEqualTo("hot");
    assertThat(stuck).noneMatch(Future::isDone);
  }

  @Test
  void aCallerThatIsSentASignalGetsItsThreadBackAndTheRequestIsWithdrawn() throws Exception {
    files.coldFile("/core1/state");
    Future<String> read = start();
    files.awaitPending("/core1/state", 1);

    interrupted = true;

    assertEndsIn(read, Errno.EINTR);
    assertThat(files.cancelled("/core1/state")).isEqualTo(1);
    assertThat(counted("interrupted")).isEqualTo(1);
  }

  @Test
  void stoppingEndsEveryWaitAndEveryOneToCome() throws Exception {
    files.coldFile("/core1/state");
    Future<String> read = start();
    eventually("one waits", () -> waits.now() == 1);

    waits.stop();

    assertEndsIn(read, Errno.ENOTCONN);
    assertEndsIn(start(), Errno.ENOTCONN);
    assertThat(counted("stopped")).isEqualTo(2);
    assertThat(files.cancelled("/core1/state")).isEqualTo(2);
  }

  @Test
  void aMountThatWasTakenAwayEndsItsWaits() throws Exception {
    files.coldFile("/core1/state");
    Future<String> read = start();
    files.awaitPending("/core1/state", 1);

    gone = true;

    assertEndsIn(read, Errno.ENOTCONN);
  }

  @Test
  void aBoundOfNoThreadMakesNoSense() {
    assertThatThrownBy(() -> new Waits(0, caller, counts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0");
  }
}
