package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.AttrDescriptor;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.GetattrDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.fuse.WriteDescriptor;
import org.aeiou.daemon.kernel.KernelSide.Message;
import org.aeiou.daemon.kernel.coherence.Times;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a program that writes is told, and what others read meanwhile and afterwards. */
final class WritesTest {
  private static final int SIZE = 1 << 3;
  private static final int MODE = 1;
  private static final int OWNER = 1 << 1;
  private static final int TIMES = 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8;
  private static final int ATTR = AttrDescriptor.ATTR_OUT_ATTR;
  private static final String STATE = "/state";
  private static final String WRITE = MemoryFileSystem.write(STATE);

  private final MemoryFileSystem files = new MemoryFileSystem().file(STATE, "up\n").cached();
  private final KernelSide kernel = new KernelSide(files);
  private long state;

  @BeforeEach
  void openForWriting() {
    files.writable.add(STATE);
    state = kernel.nodeId(STATE);
  }

  private Message write(String text) {
    return kernel.ask(Opcode.WRITE, state, KernelSide.write(0, text));
  }

  private Message attributes(long nodeId) {
    return kernel.ask(Opcode.GETATTR, nodeId, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE));
  }

  private String read(long nodeId) {
    Message size = attributes(nodeId);
    assertThat(size.error()).isZero();
    Message content = kernel.ask(Opcode.READ, nodeId, KernelSide.read(0, 4096));
    assertThat(content.error()).isZero();
    assertThat(size.size(ATTR)).isEqualTo(content.payload().length);
    return content.text();
  }

  @Test
  void oneWriteIsOneWholeValueAndItsReplyIsTheVerdict() {
    Message reply = write("down\n");

    assertThat(reply.error()).isZero();
    assertThat(reply.intAt(0)).isEqualTo(5);
    assertThat(files.writes).containsExactly("user 0, process 77: /state = down\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"REFUSED", "BAD_REQUEST", "NOT_WRITABLE", "OUT_OF_RANGE", "NOT_DONE", "TIMEOUT"})
  void aWriteThatFailsIsAnsweredWithTheErrorOfItsReason(Reason reason) {
    files.failures.put(WRITE, reason);
    files.held.add(WRITE);

    long asked = kernel.send(Opcode.WRITE, state, KernelSide.write(0, "down\n"));
    assertThat(kernel.raw).isEmpty();
    files.completeAll();

    Message reply = kernel.takeOnly();
    assertThat(reply.unique()).isEqualTo(asked);
    assertThat(reply.error()).isEqualTo(Errno.of(reason));
  }

  @Test
  void theErrorsOfWritingAreThoseOfItsManual() {
    Map<Reason, Integer> errors =
        Map.of(
            Reason.REFUSED, Errno.EACCES,
            Reason.BAD_REQUEST, Errno.EINVAL,
            Reason.NOT_WRITABLE, Errno.EROFS,
            Reason.OUT_OF_RANGE, Errno.ERANGE,
            Reason.NOT_DONE, Errno.EIO,
            Reason.TIMEOUT, Errno.ETIMEDOUT);
    errors.forEach((reason, errno) -> assertThat(Errno.of(reason)).isEqualTo(errno));
  }

  @Test
  void syncingSaysTheVerdictOfTheLastWriteOnceMore() {
    assertThat(sync()).isZero();
    files.failures.put(WRITE, Reason.REFUSED);
    assertThat(write("down\n").error()).isEqualTo(Errno.EACCES);
    assertThat(sync()).isEqualTo(Errno.EACCES);
    assertThat(sync()).isEqualTo(Errno.EACCES);
    files.failures.clear();
    assertThat(write("down\n").error()).isZero();
    assertThat(sync()).isZero();
  }

  private int sync() {
    return kernel.ask(Opcode.FSYNC, state, new byte[16]).error();
  }

  /** At an offset, from a page of a mapping, with O_APPEND. */
  @ParameterizedTest
  @CsvSource({"3, 0, 0", "4096, 0, 0", "-1, 0, 0", "0, 1, 0", "0, 0, 1024"})
  void whatMayBeAPartOfAValueReachesNoSystem(long offset, int writeFlags, int openFlags) {
    byte[] body = KernelSide.write(offset, writeFlags, openFlags, "down\n");

    assertThat(kernel.ask(Opcode.WRITE, state, body).error()).isEqualTo(Errno.EINVAL);

    assertThat(files.writes).isEmpty();
    assertThat(kernel.counter("write-parts-refused")).isEqualTo(1);
    assertThat(read(state)).isEqualTo("up\n");
  }

  @Test
  void whatMayGoOnInAnotherRequestIsTooLong() {
    String longest = "x".repeat(WriteDescriptor.MOST - 1);

    assertThat(write(longest + "x").error()).isEqualTo(Errno.EFBIG);
    assertThat(files.writes).isEmpty();
    assertThat(write(longest).error()).isZero();
  }

  @Test
  void aLengthThatIsNotWhatFollowsIsMalformed() {
    byte[] body = KernelSide.write(0, "down\n");
    body[16] = 6;
    assertThat(kernel.ask(Opcode.WRITE, state, body).error()).isEqualTo(Errno.EINVAL);
    body[19] = -1;
    assertThat(kernel.ask(Opcode.WRITE, state, body).error()).isEqualTo(Errno.EINVAL);
    assertThat(kernel.counter("malformed")).isEqualTo(2);
    assertThat(files.writes).isEmpty();
  }

  @Test
  void whatMayNotBeWrittenIsReadOnlyAndSaysSoInItsMode() {
    files.writable.clear();
    files.observers.forEach(observer -> observer.permissionsChanged());

    assertThat(write("down\n").error()).isEqualTo(Errno.EROFS);
    assertThat(setattr(SIZE, 0)).isEqualTo(Errno.EROFS);
    assertThat(files.writes).isEmpty();
    assertThat(attributes(state).intAt(ATTR + 60) & 0777).isEqualTo(0444);
  }

  @Test
  void aFileThatMayBeWrittenIsSoByItsOwnerAndItsGroup() {
    assertThat(attributes(state).intAt(ATTR + 60) & 0777).isEqualTo(0664);
  }

  private int setattr(int which, long size) {
    return kernel.ask(Opcode.SETATTR, state, KernelSide.setattr(which, size)).error();
  }

  @Test
  void openingToWriteMakesNoFileEmpty() {
    Message reply = kernel.ask(Opcode.SETATTR, state, KernelSide.setattr(SIZE | 1 << 9, 0));

    assertThat(reply.error()).isZero();
    assertThat(reply.size(ATTR)).isEqualTo(3);
    assertThat(reply.attrValidNanos()).isZero();
    assertThat(read(state)).isEqualTo("up\n");
    assertThat(files.writes).isEmpty();
  }

  @Test
  void openingToWriteLeavesThePagesThatTheKernelHas() {
    assertThat(read(state)).isEqualTo("up\n");
    Message before = attributes(state);

    assertThat(setattr(SIZE, 0)).isZero();

    assertThat(attributes(state).mtimeNanos(ATTR)).isEqualTo(before.mtimeNanos(ATTR));
    assertThat(attributes(state).attrValidNanos()).isZero();
  }

  /** For the time in the reply to SETATTR, other than for that in one to GETATTR, it drops none. */
  @Test
  void openingToWriteDoesNotMakeTheKernelTakeOldPagesForTheNewContent() {
    assertThat(read(state)).isEqualTo("up\n");
    files.file(STATE, "no\n");
    files.takenNanos = 1;
    kernel.nowNanos += 3 * Times.MOMENT;

    Message told = kernel.ask(Opcode.SETATTR, state, KernelSide.setattr(SIZE, 0));

    assertThat(attributes(state).mtimeNanos(ATTR)).isNotEqualTo(told.mtimeNanos(ATTR));
    assertThat(read(state)).isEqualTo("no\n");
  }

  @Test
  void truncateByNameIsTheSame() {
    assertThat(setattr(SIZE | 1 << 5 | 1 << 8, 0)).isZero();
  }

  @Test
  void nothingElseOfAFileIsSet() {
    assertThat(setattr(SIZE, 2)).isEqualTo(Errno.EINVAL);
    assertThat(setattr(MODE, 0)).isEqualTo(Errno.EPERM);
    assertThat(setattr(OWNER, 0)).isEqualTo(Errno.EPERM);
    assertThat(setattr(TIMES, 0)).isEqualTo(Errno.EPERM);
    assertThat(setattr(MODE | SIZE, 0)).isEqualTo(Errno.EPERM);
  }

  @Test
  void namesAreNeitherMadeNorChanged() {
    byte[] name = KernelSide.name("new");
    for (Opcode opcode : new Opcode[] {Opcode.CREATE, Opcode.MKNOD}) {
      assertThat(kernel.ask(opcode, 1, name).error()).isEqualTo(Errno.EACCES);
    }
    for (Opcode opcode :
        new Opcode[] {
          Opcode.MKDIR,
          Opcode.RMDIR,
          Opcode.UNLINK,
          Opcode.SYMLINK,
          Opcode.LINK,
          Opcode.RENAME,
          Opcode.RENAME2
        }) {
      assertThat(kernel.ask(opcode, 1, name).error()).isEqualTo(Errno.EPERM);
    }
  }

  @Test
  void aSignalEndsTheWaitAtOnceAndTheWriteIsWithdrawn() {
    files.held.add(WRITE);
    long asked = kernel.send(Opcode.WRITE, state, KernelSide.write(0, "down\n"));

    kernel.send(Opcode.INTERRUPT, 0, KernelSide.number(asked));

    Message reply = kernel.takeOnly();
    assertThat(reply.unique()).isEqualTo(asked);
    assertThat(reply.error()).isEqualTo(Errno.EINTR);
    assertThat(files.waiting.peek().cancels).hasValue(1);
    assertThat(files.waiting.poll().completeCancelled()).isTrue();
    assertThat(kernel.raw).isEmpty();
    assertThat(sync()).isEqualTo(Errno.EINTR);
  }

  @Test
  void whatEveryProgramReadsAfterwardsIsWhatWasReadBack() {
    assertThat(read(state)).isEqualTo("up\n");

    assertThat(write("lowerLayerDown\n").error()).isZero();

    assertThat(read(state)).isEqualTo("LOWERLAYERDOWN\n");
    assertThat(read(kernel.nodeId(STATE))).isEqualTo("LOWERLAYERDOWN\n");
    assertThat(write("x\n").error()).isZero();
    assertThat(read(state)).isEqualTo("X\n");
  }

  @Test
  void aWriterReadsWhatItWroteAlsoIfAnotherProgramLookedJustNow() {
    kernel.thread = 5;
    assertThat(attributes(state).size(ATTR)).isEqualTo(3);
    kernel.thread = 77;

    assertThat(write("down\n").error()).isZero();

    assertThat(read(state)).isEqualTo("DOWN\n");
  }

  @Test
  void aProgramThatOpensTheFileMeanwhileReadsPagesThatNoWriteTouches() {
    files.held.add(WRITE);
    kernel.send(Opcode.WRITE, state, KernelSide.write(0, "down\n"));

    assertThat(kernel.changedNames).containsExactly("1/state");
    assertThat(kernel.changedPages).containsExactly(state);
    long other = kernel.nodeId(STATE);
    assertThat(other).isNotEqualTo(state);
    assertThat(read(other)).isEqualTo("up\n");
    assertThat(attributes(other).attrValidNanos()).isPositive();
  }

  @Test
  void aProgramThatHasItOpenIsMadeToDropThePageBeforeEachRead() {
    files.held.add(WRITE);
    long before = attributes(state).mtimeNanos(ATTR);
    kernel.send(Opcode.WRITE, state, KernelSide.write(0, "down\n"));

    Message first = attributes(state);
    Message second = attributes(state);

    assertThat(first.attrValidNanos()).isZero();
    assertThat(first.mtimeNanos(ATTR)).isNotEqualTo(before);
    assertThat(second.mtimeNanos(ATTR)).isNotEqualTo(first.mtimeNanos(ATTR));
    assertThat(read(state)).isEqualTo("up\n");
  }

  /** The kernel takes in no attributes of a file that a write is making longer. */
  @Test
  void aProgramThatHasItOpenIsToldOfNoOtherContentBeforeTheWriterHasItsReply() {
    assertThat(read(state)).isEqualTo("up\n");
    files.held.add(WRITE);
    kernel.send(Opcode.WRITE, state, KernelSide.write(0, "lowerLayerDown\n"));
    kernel.thread = 5;
    files.file(STATE, "LOWERLAYERDOWN\n");
    files.observers.forEach(
        observer -> observer.contentChanged(new MemoryFileSystem.Place(STATE, false)));

    assertThat(read(state)).isEqualTo("up\n");
    files.completeAll();
    kernel.afterNames.remove(0).run();
    kernel.raw.clear();
    assertThat(read(state)).isEqualTo("up\n");

    kernel.nowNanos += Times.REPLY;
    kernel.runDeferred();
    assertThat(read(state)).isEqualTo("LOWERLAYERDOWN\n");
  }

  @Test
  void aMomentAfterTheVerdictTheKernelMayKeepItAgain() {
    assertThat(write("down\n").error()).isZero();
    assertThat(attributes(state).attrValidNanos()).isZero();

    kernel.nowNanos += Times.MOMENT;

    files.takenNanos = kernel.nowNanos;
    Message first = attributes(state);
    Message second = attributes(state);
    assertThat(second.mtimeNanos(ATTR)).isEqualTo(first.mtimeNanos(ATTR));
    assertThat(second.attrValidNanos()).isPositive();
  }

  @Test
  void theWriterGoesOnWhenNoOtherProgramCanOpenWhatTheFileWas() {
    files.held.add(WRITE);
    long asked = kernel.send(Opcode.WRITE, state, KernelSide.write(0, "down\n"));
    long other = kernel.nodeId(STATE);
    assertThat(read(other)).isEqualTo("up\n");
    kernel.changedNames.clear();

    files.held.clear();
    files.completeAll();

    assertThat(kernel.changedNames).containsExactly("1/state");
    assertThat(kernel.raw).isEmpty();
    kernel.afterNames.remove(0).run();
    assertThat(kernel.takeOnly().unique()).isEqualTo(asked);
    kernel.passDeferred();
    assertThat(kernel.raw).isEmpty();
  }

  @Test
  void theWriterDoesNotWaitForADirectoryThatIsStuck() {
    files.held.add(WRITE);
    long asked = kernel.send(Opcode.WRITE, state, KernelSide.write(0, "down\n"));
    kernel.nodeId(STATE);
    files.completeAll();
    assertThat(kernel.raw).isEmpty();

    kernel.nowNanos += TimeUnit.MILLISECONDS.toNanos(100);
    kernel.runDeferred();

    assertThat(kernel.takeOnly().unique()).isEqualTo(asked);
  }

  @Test
  void aPollerWakesWithWhatWasReadBack() {
    long reader = kernel.nodeId(STATE);
    assertThat(read(reader)).isEqualTo("up\n");
    kernel.ask(Opcode.POLL, reader, KernelSide.poll(9, true, 3));
    state = kernel.nodeId(STATE);

    assertThat(write("down\n").error()).isZero();

    assertThat(kernel.woken).containsExactly(9L);
    assertThat(read(reader)).isEqualTo("DOWN\n");
  }

  @Test
  void inodesThatWereWrittenAreForgottenWithTheirLastProgram() {
    assertThat(write("down\n").error()).isZero();
    assertThat(kernel.counter("written")).isEqualTo(1);

    kernel.send(Opcode.FORGET, state, KernelSide.number(1));

    assertThat(kernel.counter("written")).isZero();
    assertThat(kernel.counter("inodes")).isEqualTo(1);
  }

  @Test
  void aVerdictForAnInodeThatIsForgottenLeavesNothingBehind() {
    files.held.add(WRITE);
    kernel.send(Opcode.WRITE, state, KernelSide.write(0, "down\n"));
    kernel.send(Opcode.FORGET, state, KernelSide.number(1));

    files.completeAll();
    kernel.passDeferred();

    assertThat(kernel.takeOnly().error()).isZero();
    assertThat(kernel.counter("written")).isZero();
  }

  @Test
  void theKernelIsToldOfTheFilesThatMayBeWrittenNow() {
    files.file("/other", "1\n");
    long other = kernel.nodeId("/other");
    assertThat(attributes(other).intAt(ATTR + 60) & 0222).isZero();
    assertThat(attributes(state).intAt(ATTR + 60) & 0222).isEqualTo(0220);
    files.writable.clear();
    files.writable.add("/other");

    files.observers.forEach(observer -> observer.permissionsChanged());

    assertThat(kernel.changedAttributes).containsExactlyInAnyOrder(state, other);
    assertThat(attributes(other).intAt(ATTR + 60) & 0222).isEqualTo(0220);
    assertThat(attributes(state).intAt(ATTR + 60) & 0222).isZero();
    kernel.changedAttributes.clear();
    files.observers.forEach(observer -> observer.permissionsChanged());
    assertThat(kernel.changedAttributes).isEmpty();
  }
}
