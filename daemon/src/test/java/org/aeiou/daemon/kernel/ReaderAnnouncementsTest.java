package org.aeiou.daemon.kernel;

import static org.aeiou.daemon.fuse.AttrDescriptor.ATTR_OUT_ATTR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.Opcode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread that asks for the attributes of a file twice in a moment is about to read it. */
class ReaderAnnouncementsTest {
  private static final long NOMINAL = 4096;

  private final MemoryFileSystem files = new MemoryFileSystem().cached();
  private final KernelSide kernel = new KernelSide(files);
  private final long[] nodes = new long[8];

  @BeforeEach
  void neverRead() {
    for (int i = 0; i < nodes.length; i++) {
      files.file("/" + i, "one\n");
      files.unread.add("/" + i);
      nodes[i] = kernel.nodeId("/" + i);
    }
  }

  private long size(int file) {
    KernelSide.Message stat = kernel.ask(Opcode.GETATTR, nodes[file], KernelSide.getattr(0));
    assertThat(stat.error()).isZero();
    return stat.size(ATTR_OUT_ATTR);
  }

  private void read(int file) {
    kernel.ask(Opcode.READ, nodes[file], KernelSide.read(0, 4096));
  }

  @Test
  void theFirstLookFetchesNothingAndTheSecondIsToldTheSize() {
    assertThat(size(0)).isEqualTo(NOMINAL);
    assertThat(files.reads).isEmpty();
    assertThat(size(0)).isEqualTo(4);
    assertThat(files.reads).containsOnlyKeys("/0");
    assertThat(kernel.counter("readers-announced")).isEqualTo(1);
  }

  @Test
  void theSecondLookIsAnsweredWhenTheFetchIs() {
    size(0);
    files.held.add("/0");
    kernel.send(Opcode.GETATTR, nodes[0], KernelSide.getattr(0));
    assertThat(kernel.raw).isEmpty();
    files.completeAll();
    assertThat(kernel.takeOnly().size(ATTR_OUT_ATTR)).isEqualTo(4);
  }

  @Test
  void aLookByAnotherThreadOrMuchLaterAnnouncesNothing() {
    size(0);
    kernel.thread++;
    assertThat(size(0)).isEqualTo(NOMINAL);
    kernel.nowNanos += TimeUnit.SECONDS.toNanos(1);
    assertThat(size(0)).isEqualTo(NOMINAL);
    size(1);
    assertThat(size(0)).isEqualTo(NOMINAL);
    assertThat(files.reads).isEmpty();
  }

  @Test
  void aThreadThatHasNoNumberAnnouncesNothing() {
    kernel.thread = 0;
    size(0);
    assertThat(size(0)).isEqualTo(NOMINAL);
  }

  @Test
  void whatCannotBeFetchedHasItsAttributesNevertheless() {
    files.failures.put("/0", Failure.Reason.TIMEOUT);
    size(0);
    size(0);
    assertThat(files.reads).containsOnlyKeys("/0");
  }

  @Test
  void theReadThatWasAnnouncedEndsOnceInWhatTheFetchFailedWith() {
    files.failures.put("/0", Failure.Reason.TIMEOUT);
    size(0);
    size(0);
    files.failures.put("/0", Failure.Reason.UNREACHABLE);
    assertThat(error(0)).isEqualTo(Errno.ETIMEDOUT);
    assertThat(error(0)).isEqualTo(Errno.EHOSTUNREACH);
  }

  @Test
  void aReadMuchLaterAsksAnew() {
    files.failures.put("/0", Failure.Reason.TIMEOUT);
    size(0);
    size(0);
    kernel.nowNanos += TimeUnit.SECONDS.toNanos(1);
    files.failures.put("/0", Failure.Reason.UNREACHABLE);
    assertThat(error(0)).isEqualTo(Errno.EHOSTUNREACH);
  }

  private int error(int file) {
    return kernel.ask(Opcode.READ, nodes[file], KernelSide.read(0, 4096)).error();
  }

  @Test
  void aUserWhoseProgramsLookTwiceAndDoNotReadIsNotWaitedForUntilTheyRead() {
    for (int i = 0; i < 2; i++) {
      size(i);
      assertThat(size(i)).isEqualTo(4);
    }
    for (int i = 2; i < 5; i++) {
      size(i);
      assertThat(size(i)).as("of " + i).isEqualTo(NOMINAL);
      read(i);
    }
    size(5);
    assertThat(size(5)).isEqualTo(4);
  }

  @Test
  void whatWasInVainIsForgottenAfterSomeSeconds() {
    for (int i = 0; i < 3; i++) {
      size(i);
      size(i);
    }
    assertThat(files.reads).containsOnlyKeys("/0", "/1");
    kernel.nowNanos += TimeUnit.SECONDS.toNanos(11);
    size(3);
    assertThat(size(3)).isEqualTo(4);
  }
}
