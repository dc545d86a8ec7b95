package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.GetattrDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.kernel.coherence.Times;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What poll, select and epoll are told, as sysfs does: read, poll, read again. */
final class PollsTest {
  private static final int IN = 0x1;
  private static final int URGENT = 0x2;
  private static final int ERROR = 0x8;
  private static final long SECOND = 1_000_000_000L;
  private static final long HANDLE = 7;
  private static final long OTHER = 8;

  private final MemoryFileSystem files = new MemoryFileSystem().file("/a", "one\n");
  private final KernelSide kernel = new KernelSide(files);
  private long a;

  @BeforeEach
  void find() {
    files.isCached = true;
    a = kernel.nodeId("/a");
    read();
  }

  private void change(String content) {
    kernel.nowNanos++;
    files.file("/a", content);
    files.takenNanos = kernel.nowNanos;
    files.changedMillis++;
    files.observers.forEach(
        observer -> observer.contentChanged(new MemoryFileSystem.Place("/a", false)));
  }

  /** Reads as the kernel does: once more if that fails. */
  private String read() {
    kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE));
    KernelSide.Message ahead = kernel.ask(Opcode.READ, a, KernelSide.read(0, 4096));
    return ahead.error() == 0
        ? ahead.text()
        : kernel.ask(Opcode.READ, a, KernelSide.read(0, 4096)).text();
  }

  private int poll(long handle, boolean waits) {
    return kernel.ask(Opcode.POLL, a, KernelSide.poll(handle, waits, IN | URGENT)).intAt(0);
  }

  @Test
  void fileIsAlwaysReadyAndNotUrgentWhenNothingChanged() {
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
  }

  @Test
  void waitingPollIsWokenByAChangeFindsItUrgentAndReadsIt() {
    poll(HANDLE, true);
    change("seven\n");
    assertThat(kernel.woken).containsExactly(HANDLE);
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
    assertThat(read()).isEqualTo("seven\n");
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
  }

  @Test
  void itStaysUrgentUntilItIsRead() {
    poll(HANDLE, false);
    change("seven\n");
    assertThat(kernel.woken).isEmpty();
    assertThat(poll(HANDLE, false)).isEqualTo(IN | URGENT | ERROR);
    assertThat(poll(HANDLE, false)).isEqualTo(IN | URGENT | ERROR);
  }

  @Test
  void everyWaitingPollLearnsOfAChangeAlsoAfterAnotherThreadHasReadIt() {
    kernel.nowNanos += Times.REPLY;
    kernel.thread = 1;
    poll(HANDLE, true);
    kernel.thread = 2;
    poll(OTHER, true);
    change("seven\n");
    assertThat(kernel.woken).containsExactlyInAnyOrder(HANDLE, OTHER);
    kernel.thread = 1;
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
    read();
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
    kernel.thread = 2;
    assertThat(poll(OTHER, true)).isEqualTo(IN | URGENT | ERROR);
    assertThat(poll(OTHER, true)).isEqualTo(IN | URGENT | ERROR);
    read();
    assertThat(poll(OTHER, true)).isEqualTo(IN);
  }

  @Test
  void readByAThreadThatPollsNothingCountsForEveryPollThatWasToldOfTheChange() {
    kernel.nowNanos += Times.REPLY;
    kernel.thread = 1;
    poll(HANDLE, true);
    change("seven\n");
    kernel.thread = 2;
    read();
    kernel.thread = 1;
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
    kernel.thread = 2;
    read();
    kernel.thread = 1;
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
  }

  @Test
  void kernelKeepsNothingOfWhatIsPolledSoThatEveryReadIsSeen() {
    files.attributesValid = 60 * SECOND;
    files.contentValid = 60 * SECOND;
    read();
    poll(HANDLE, true);
    kernel.passDeferred();
    assertThat(kernel.overtaken).containsExactly(a);
    KernelSide.Message size =
        kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE));
    assertThat(size.longAt(KernelSide.ATTR_VALID)).isZero();
    assertThat(size.intAt(KernelSide.ATTR_VALID_NANOS)).isZero();
    KernelSide.Message stat = kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(0));
    assertThat(stat.longAt(KernelSide.ATTR_VALID)).isZero();
  }

  @Test
  void firstPollOfAnInodeThatHasMovedOnIsToldSoAsItMayHaveReadWhatWasBefore() {
    change("seven\n");
    kernel.nowNanos += 2 * SECOND;
    read();
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
    assertThat(read()).isEqualTo("seven\n");
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
  }

  @Test
  void readOfWhatWasBeforeDoesNotCount() {
    poll(HANDLE, true);
    change("seven\n");
    kernel.thread = 2;
    kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(0));
    kernel.thread = 1;
    change("eight\n");
    kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(0));
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
  }

  @Test
  void waitingPollIsNotWokenByAReadingOfTheSameValue() {
    poll(HANDLE, true);
    change("one\n");
    assertThat(kernel.woken).isEmpty();
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
  }

  @Test
  void changeBetweenReadingAndPollingIsNotMissed() {
    change("seven\n");
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
  }

  @Test
  void changeIsNotMissedAlsoIfItIsPastItsUseWhenPolled() {
    change("seven\n");
    files.isCached = false;
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
  }

  @Test
  void pollThatIsWokenOnceIsNotWokenAgainBeforeItWaitsAgain() {
    poll(HANDLE, true);
    change("seven\n");
    change("eight\n");
    assertThat(kernel.woken).containsExactly(HANDLE);
  }

  @Test
  void waitingPollIsWokenAlsoIfALookWithoutWaitingComesAfterIt() {
    poll(HANDLE, true);
    poll(HANDLE, false);
    change("seven\n");
    assertThat(kernel.woken).containsExactly(HANDLE);
  }

  @Test
  void readByAThreadThatTheKernelCannotNameCountsOnlyForPollsThatWereToldOfTheChange() {
    kernel.nowNanos += Times.REPLY;
    kernel.thread = 0;
    poll(HANDLE, true);
    poll(OTHER, true);
    change("seven\n");
    assertThat(poll(HANDLE, true)).isEqualTo(IN | URGENT | ERROR);
    // What was before lingers for another thread with this number.
    kernel.nowNanos += Times.PATIENCE;
    assertThat(read()).isEqualTo("seven\n");
    assertThat(poll(HANDLE, true)).isEqualTo(IN);
    assertThat(poll(OTHER, true)).isEqualTo(IN | URGENT | ERROR);
  }

  @Test
  void fileIsWatchedFromTheFirstWaitUntilTheKernelForgetsIt() {
    poll(HANDLE, false);
    assertThat(files.watched).isEmpty();
    poll(HANDLE, true);
    poll(OTHER, true);
    assertThat(files.watched).containsExactly("/a");
    assertThat(kernel.counter("polled")).isEqualTo(1);
    kernel.send(Opcode.FORGET, a, KernelSide.number(1));
    assertThat(files.watched).isEmpty();
    assertThat(kernel.counter("polled")).isZero();
  }

  @Test
  void openingAPolledFileGetsAnInodeOfItsOwn() {
    poll(HANDLE, true);
    assertThat(kernel.changedNames).containsExactly("1/a");
    long next = kernel.lookUp(1, "a").nodeId();
    assertThat(next).isNotEqualTo(a);
    assertThat(kernel.lookUp(1, "a").nodeId()).isEqualTo(next);
  }

  @Test
  void nothingIsWatchedAfterTheEndOfTheSession() {
    poll(HANDLE, true);
    kernel.session.stop();
    assertThat(files.watched).isEmpty();
  }

  @Test
  void pollOfAnInodeThatIsForgottenMeanwhileDoesNoHarm() {
    kernel.send(Opcode.FORGET, a, KernelSide.number(1));
    kernel.send(Opcode.POLL, a, KernelSide.poll(HANDLE, true, 0));
    assertThat(kernel.takeOnly().error()).isEqualTo(Errno.ESTALE);
    assertThat(files.watched).isEmpty();
  }

  @Test
  void changeWhilePollingWithALongValidityIsReadAtOnce() {
    files.contentValid = 60 * SECOND;
    files.attributesValid = 60 * SECOND;
    read();
    poll(HANDLE, true);
    kernel.passDeferred();
    assertThat(kernel.overtaken).contains(a);
    change("seven\n");
    assertThat(read()).isEqualTo("seven\n");
  }
}
