package org.aeiou.daemon.kernel;

import static org.aeiou.daemon.fuse.AttrDescriptor.ATTR_OUT_ATTR;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.GetattrDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.junit.jupiter.api.Test;

/** Requests with an answer that comes later, or from elsewhere. */
final class MissesTest {
  private final MemoryFileSystem files =
      new MemoryFileSystem().file("/a", "hello\n").file("/d/b", "b\n");
  private final KernelSide kernel = new KernelSide(files);
  private final long a = kernel.nodeId("/a");

  private long readHeld() {
    files.held.add("/a");
    return kernel.send(Opcode.READ, a, KernelSide.read(0, 4096));
  }

  private KernelSide.Message sizeForReading() {
    return kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE));
  }

  @Test
  void missIsAnsweredByTheThreadThatCompletesIt() {
    files.held.add("/a");
    byte[] forReading = KernelSide.getattr(GetattrDescriptor.HAS_HANDLE);
    long asked = kernel.send(Opcode.GETATTR, a, forReading);
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.counter("pending")).isEqualTo(1);

    files.completeAll();

    KernelSide.Message reply = kernel.takeOnly();
    assertThat(reply.unique()).isEqualTo(asked);
    assertThat(reply.size(ATTR_OUT_ATTR)).isEqualTo(6);
    assertThat(kernel.counter("pending")).isZero();
    assertThat(kernel.counter("misses")).isEqualTo(1);
  }

  @Test
  void missOfEachKindIsAnsweredAsAHitWouldBe() {
    files.held.add("/d");
    kernel.send(Opcode.LOOKUP, 1, KernelSide.name("d"));
    files.completeAll();
    long d = kernel.takeOnly().nodeId();

    files.held.add("/d/");
    kernel.send(Opcode.READDIR, d, KernelSide.read(0, 4096));
    assertThat(kernel.raw).isEmpty();
    files.completeAll();
    assertThat(Pages.names(kernel.takeOnly(), false)).containsExactly(".", "..", "b");

    kernel.send(Opcode.READDIRPLUS, d, KernelSide.read(0, 4096));
    files.completeAll();
    assertThat(Pages.names(kernel.takeOnly(), true)).containsExactly(".", "..", "b");

    files.held.add("/a");
    kernel.send(Opcode.GETATTR, a, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE));
    files.completeAll();
    assertThat(kernel.takeOnly().size(ATTR_OUT_ATTR)).isEqualTo(6);
  }

  @Test
  void failureOfTheReadThatASizeWaitsForIsItsError() {
    files.failures.put("/a", Failure.Reason.TIMEOUT);
    assertThat(
            kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE)).error())
        .isEqualTo(Errno.ETIMEDOUT);
    assertThat(kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(0)).error()).isZero();
  }

  @Test
  void absentIsNoData() {
    files.outcomes.put("/a", new Absent<FileSystemContent>(0, 0));
    assertThat(kernel.ask(Opcode.READ, a, KernelSide.read(0, 10)).error()).isEqualTo(Errno.ENODATA);
  }

  /** Only to give an absence a type. */
  private interface FileSystemContent {}

  @Test
  void interruptAnswersAtOnceAndWithdrawsTheRequest() {
    long asked = readHeld();
    kernel.send(Opcode.INTERRUPT, 0, KernelSide.number(asked));

    KernelSide.Message reply = kernel.takeOnly();
    assertThat(reply.unique()).isEqualTo(asked);
    assertThat(reply.error()).isEqualTo(Errno.EINTR);
    MemoryFileSystem.Wait wait = files.waiting.poll();
    assertThat(wait.cancels).hasValue(1);

    assertThat(wait.completeCancelled()).isTrue();
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.counter("interrupted")).isEqualTo(1);
    assertThat(kernel.counter("late")).isZero();
    assertThat(kernel.counter("pending")).isZero();
  }

  @Test
  void lateAnswerAfterAnInterruptIsCountedAndNotSent() {
    long asked = readHeld();
    kernel.send(Opcode.INTERRUPT, 0, KernelSide.number(asked));
    kernel.raw.clear();
    files.completeAll();
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.counter("late")).isEqualTo(1);
  }

  @Test
  void interruptThatOvertookItsRequestGoesBackToTheKernel() {
    long interrupt = kernel.send(Opcode.INTERRUPT, 0, KernelSide.number(4711));
    KernelSide.Message reply = kernel.takeOnly();
    assertThat(reply.unique()).isEqualTo(interrupt);
    assertThat(reply.error()).isEqualTo(Errno.EAGAIN);
    assertThat(kernel.counter("interrupts-returned")).isEqualTo(1);
  }

  @Test
  void replyThatTheKernelNoLongerWaitsForIsCountedAndTakesItsLookUpBack() {
    kernel.refusal = Errno.ENOENT;
    kernel.send(Opcode.LOOKUP, 1, KernelSide.name("d"));
    assertThat(kernel.counter("unwanted")).isEqualTo(1);
    assertThat(kernel.counter("inodes")).isEqualTo(2);

    kernel.send(Opcode.READDIRPLUS, 1, KernelSide.read(0, 4096));
    assertThat(kernel.counter("inodes")).isEqualTo(2);
  }

  @Test
  void listingThatTheKernelRejectsTakesItsLookUpsBack() {
    kernel.refusal = Errno.EINVAL;
    kernel.send(Opcode.READDIRPLUS, 1, KernelSide.read(0, 4096));
    assertThat(KernelSide.message(kernel.raw.get(1)).error()).isEqualTo(Errno.EIO);
    assertThat(kernel.counter("inodes")).isEqualTo(2);
    assertThat(kernel.counter("faults")).isZero();
  }

  @Test
  void replyThatTheKernelRejectsBecomesAnError() {
    sizeForReading();
    kernel.refusal = Errno.EINVAL;
    kernel.send(Opcode.READ, a, KernelSide.read(0, 10));
    assertThat(kernel.raw).hasSize(2);
    assertThat(KernelSide.message(kernel.raw.get(1)).error()).isEqualTo(Errno.EIO);
    assertThat(kernel.counter("rejected")).isEqualTo(1);
  }

  @Test
  void stopAnswersWhatIsPendingAndWhateverComesLater() {
    long asked = readHeld();
    kernel.session.stop();

    KernelSide.Message reply = kernel.takeOnly();
    assertThat(reply.unique()).isEqualTo(asked);
    assertThat(reply.error()).isEqualTo(Errno.ENOTCONN);
    assertThat(files.waiting.peek().cancels).hasValue(1);
    files.completeAll();
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.ask(Opcode.READ, a, KernelSide.read(0, 10)).error())
        .isEqualTo(Errno.ENOTCONN);
    assertThat(kernel.counter("pending")).isZero();
  }

  @Test
  void fileSystemThatThrowsIsAnsweredWithAnError() {
    MemoryFileSystem.Place unknown = new MemoryFileSystem.Place("/a", false);
    files.outcomes.put("/a", Reading.of(unknown, 0, 0));
    assertThat(kernel.ask(Opcode.READ, a, KernelSide.read(0, 10)).error()).isEqualTo(Errno.EIO);
    assertThat(kernel.counter("faults")).isEqualTo(1);

    files.outcomes.clear();
    sizeForReading();
    assertThat(kernel.ask(Opcode.READ, a, KernelSide.read(0, 10)).text()).isEqualTo("hello\n");
  }

  @Test
  void contentLongerThanARequestIsReadInSlices() {
    files.files.put("/a", "0123456789".repeat(30_000).getBytes(StandardCharsets.UTF_8));
    sizeForReading();
    KernelSide.Message first = kernel.ask(Opcode.READ, a, KernelSide.read(0, 131_072));
    assertThat(first.payload()).hasSize(131_072);
    KernelSide.Message last = kernel.ask(Opcode.READ, a, KernelSide.read(299_995, 131_072));
    assertThat(last.text()).isEqualTo("56789");
    assertThat(kernel.ask(Opcode.READ, a, KernelSide.read(300_000, 10)).payload()).isEmpty();
    assertThat(kernel.ask(Opcode.READ, a, KernelSide.read(1L << 40, 10)).payload()).isEmpty();
    assertThat(kernel.ask(Opcode.READ, a, KernelSide.read(-1, 10)).error()).isEqualTo(Errno.EINVAL);
  }
}
