package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.NotifyDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In which order the kernel is told, and which notification waits for which. */
@Timeout(60)
final class KernelNotifierTest {
  private static final long STUCK = 5;

  private final KernelCounters counters = new KernelCounters();
  private final KernelNotifier notifier = new KernelNotifier(counters);
  private final Thread thread = new Thread(() -> notifier.run(this::device));
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  /** Opened when the lock of a directory that is stuck is free again. */
  private final CountDownLatch free = new CountDownLatch(1);

  private final CountDownLatch stuck = new CountDownLatch(1);

  @BeforeEach
  void start() throws InterruptedException {
    thread.start();
    notifier.attributesChanged(1);
    assertThat(next()).isEqualTo("attributes of 1");
  }

  @AfterEach
  void end() throws InterruptedException {
    free.countDown();
    notifier.end();
    thread.join();
  }

  private int device(Reply message) {
    KernelSide.Message sent = message(message);
    String what = what(sent);
    boolean locks = what.startsWith("name") || what.startsWith("pages");
    if (locks && sent.longAt(0) == STUCK) {
      stuck.countDown();
      try {
        free.await();
      } catch (InterruptedException e) {
        return Errno.EINTR;
      }
    }
    told.add(what);
    return 0;
  }

  private static KernelSide.Message message(Reply message) {
    byte[] bytes = new byte[message.length()];
    message.bytes().get(0, bytes);
    return KernelSide.message(bytes);
  }

  private static String what(KernelSide.Message sent) {
    return switch (-sent.error()) {
      case NotifyDescriptor.POLL -> "wake " + sent.longAt(0);
      case NotifyDescriptor.INVAL_INODE -> {
        yield switch ((int) sent.longAt(8)) {
          case 0 -> "pages of " + sent.longAt(0);
          case (int) NotifyDescriptor.ATTRIBUTES_ONLY -> "attributes of " + sent.longAt(0);
          default -> "part of " + sent.longAt(0);
        };
      }
      case NotifyDescriptor.INVAL_ENTRY ->
          "name "
              + new String(sent.payload(), 16, sent.intAt(8), StandardCharsets.UTF_8)
              + " in "
              + sent.longAt(0);
      default -> "code " + -sent.error();
    };
  }

  private String next() throws InterruptedException {
    return told.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void directoryThatIsStuckHoldsUpNeitherNamesElsewhereNorAttributesNorWakeUps() throws Exception {
    for (int i = 0; i < 100; i++) {
      notifier.nameChanged(STUCK, "row" + i);
    }
    stuck.await();
    notifier.nameChanged(6, "a");
    assertThat(next()).isEqualTo("name a in 6");
    notifier.attributesChanged(STUCK);
    assertThat(next()).isEqualTo("attributes of 5");
    notifier.wake(7);
    assertThat(next()).isEqualTo("wake 7");
    notifier.overtakeAttributes(STUCK);
    assertThat(next()).isEqualTo("attributes of 5");
  }

  @Test
  void pagesThatAreStuckHoldUpNothingElse() throws Exception {
    notifier.pagesChanged(STUCK);
    stuck.await();
    notifier.pagesChanged(6);
    assertThat(next()).isEqualTo("pages of 6");
    notifier.nameChanged(6, "a");
    assertThat(next()).isEqualTo("name a in 6");
    notifier.overtakeAttributes(6);
    assertThat(next()).isEqualTo("attributes of 6");
    free.countDown();
    assertThat(next()).isEqualTo("pages of 5");
  }

  @Test
  void whatWaitsForNamesIsDoneWhenTheNamesBeforeItAreTold() throws Exception {
    notifier.nameChanged(STUCK, "first");
    stuck.await();
    notifier.nameChanged(STUCK, "second");
    notifier.afterNames(STUCK, () -> told.add("then"));
    notifier.afterNames(6, () -> told.add("at once elsewhere"));
    assertThat(next()).isEqualTo("at once elsewhere");
    free.countDown();
    assertThat(next()).isEqualTo("name first in 5");
    assertThat(next()).isEqualTo("name second in 5");
    assertThat(next()).isEqualTo("then");
  }

  @Test
  void namesOfADirectoryAreToldInTheirOrderEachOnceHoweverOftenItChangedMeanwhile()
      throws Exception {
    notifier.nameChanged(STUCK, "first");
    stuck.await();
    List<String> expected = new ArrayList<>(List.of("name first in 5"));
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 20; i++) {
        notifier.nameChanged(STUCK, "row" + i);
      }
    }
    for (int i = 0; i < 20; i++) {
      expected.add("name row" + i + " in 5");
    }
    free.countDown();
    for (String name : expected) {
      assertThat(next()).isEqualTo(name);
    }
    notifier.nameChanged(STUCK, "last");
    assertThat(next()).isEqualTo("name last in 5");
    assertThat(told).isEmpty();
  }

  @Test
  void manyNamesArriveAndAreCounted() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      notifier.nameChanged(100 + i % 50, "row" + i);
    }
    for (int i = 0; i < 20_000; i++) {
      assertThat(next()).startsWith("name row");
    }
    // The last one is counted after it was sent.
    notifier.end();
    assertThat(notifier.threads().get(0).awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    thread.join();
    assertThat(counters.notifications.sum()).isEqualTo(1 + 20_000);
  }

  @Test
  void nothingIsToldAfterTheEnd() throws Exception {
    notifier.end();
    assertThat(notifier.threads().get(0).awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    notifier.nameChanged(6, "a");
    notifier.attributesChanged(6);
    thread.join();
    assertThat(told).isEmpty();
  }
}
