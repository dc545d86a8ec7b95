package org.aeiou.daemon.kernel;

import static org.aeiou.daemon.fuse.AttrDescriptor.ATTR_OUT_ATTR;
import static org.aeiou.daemon.fuse.AttrDescriptor.ENTRY_OUT_ATTR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.GetattrDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.kernel.coherence.Times;
import org.junit.jupiter.api.Test;

/** Sizes, contents and times that belong to the same reading. */
final class CoherenceTest {
  private static final long SECOND = 1_000_000_000L;

  private final MemoryFileSystem files = new MemoryFileSystem().file("/a", "one\n");
  private final KernelSide kernel = new KernelSide(files);
  private long a;

  /** A file that was never read, and that the kernel has found. */
  private void unread() {
    files.isCached = true;
    files.unread.add("/a");
    a = kernel.nodeId("/a");
  }

  /** A file that is made anew at each read. */
  private void madeAnew() {
    files.contentValid = 0;
    a = kernel.nodeId("/a");
  }

  /** There is another value, with a time of change of its own; a watch is told. */
  private void change(String content) {
    files.file("/a", content);
    files.takenNanos = kernel.nowNanos;
    files.changedMillis++;
    files.observers.forEach(
        observer -> observer.contentChanged(new MemoryFileSystem.Place("/a", false)));
  }

  private KernelSide.Message sizeForReading() {
    return kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE));
  }

  private KernelSide.Message stat() {
    return kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(0));
  }

  private String read() {
    return read(a);
  }

  /** Reads as the kernel does: once more if that fails. */
  private String read(long nodeId) {
    KernelSide.Message ahead = kernel.ask(Opcode.READ, nodeId, KernelSide.read(0, 4096));
    return ahead.error() == 0
        ? ahead.text()
        : kernel.ask(Opcode.READ, nodeId, KernelSide.read(0, 4096)).text();
  }

  private static long size(KernelSide.Message attributes) {
    return attributes.size(ATTR_OUT_ATTR);
  }

  private static long changed(KernelSide.Message attributes) {
    return attributes.mtimeNanos(ATTR_OUT_ATTR);
  }

  private static long validNanos(KernelSide.Message attributes) {
    return attributes.attrValidNanos();
  }

  private static long entryValidNanos(KernelSide.Message entry) {
    return entry.nameValidNanos();
  }

  private static long entrySize(KernelSide.Message entry) {
    return entry.size(ENTRY_OUT_ATTR);
  }

  @Test
  void statOfAFileNeverReadFetchesNothingAndMayNotBeKept() {
    unread();
    KernelSide.Message stat = stat();
    assertThat(size(stat)).isEqualTo(4096);
    assertThat(validNanos(stat)).isZero();
    assertThat(files.reads).isEmpty();
  }

  @Test
  void nameOfAFileNeverReadIsValidSoThatItsSecondOpeningCostsNothing() {
    files.entryValid = 5 * SECOND;
    unread();
    KernelSide.Message entry = kernel.lookUp(1, "a");
    assertThat(entryValidNanos(entry)).isEqualTo(5 * SECOND);
    assertThat(entry.longAt(KernelSide.ENTRY_ATTR_VALID)).isZero();
  }

  @Test
  void nameIsNotValidForLongerThanItsContent() {
    unread();
    files.entryValid = 60 * SECOND;
    files.contentValid = 3 * SECOND;
    files.attributesValid = 3 * SECOND;
    sizeForReading();
    kernel.nowNanos += SECOND;
    assertThat(entryValidNanos(kernel.lookUp(1, "a"))).isEqualTo(2 * SECOND);
    files.file("/d/b", "");
    assertThat(entryValidNanos(kernel.lookUp(1, "d"))).isEqualTo(60 * SECOND);
  }

  @Test
  void readAfterItsSizeIsOfTheSameReading() {
    unread();
    assertThat(size(sizeForReading())).isEqualTo(4);
    change("seven\n");
    assertThat(read()).isEqualTo("one\n");
    assertThat(files.reads).containsEntry("/a", 1);
  }

  @Test
  void sizeToldByALookUpHasItsContentEvenIfThatChangesBeforeItIsRead() {
    files.isCached = true;
    a = kernel.nodeId("/a");
    change("seven\n");
    assertThat(read()).isEqualTo("one\n");
    assertThat(files.reads).isEmpty();
  }

  @Test
  void readerGoesOnWithItsReadingEvenIfThatMayNotBeKept() {
    madeAnew();
    KernelSide.Message size = sizeForReading();
    assertThat(size(size)).isEqualTo(4);
    assertThat(validNanos(size)).isZero();
    files.file("/a", "seven\n");
    assertThat(read()).isEqualTo("one\n");
    assertThat(size(sizeForReading())).isEqualTo(4);
    assertThat(size(stat())).isEqualTo(4);
    assertThat(read()).isEqualTo("one\n");
    assertThat(files.reads).containsEntry("/a", 1);
  }

  @Test
  void openingWhatIsMadeAnewGetsAnotherInodeWhileAReaderMayBeInTheMiddle() {
    madeAnew();
    sizeForReading();
    files.file("/a", "seven\n");
    long next = kernel.lookUp(1, "a").nodeId();
    assertThat(next).isNotEqualTo(a);
    assertThat(read(next)).isEqualTo("seven\n");
    assertThat(read()).isEqualTo("one\n");
  }

  @Test
  void readerThatKeepsAFileOpenMovesOnAfterAMoment() {
    unread();
    sizeForReading();
    change("seven\n");
    assertThat(size(sizeForReading())).isEqualTo(4);
    kernel.nowNanos += Times.MOMENT;
    assertThat(size(sizeForReading())).isEqualTo(6);
    assertThat(read()).isEqualTo("seven\n");
  }

  @Test
  void noReaderIsHeldToAReadingBeyondItsUse() {
    unread();
    files.contentValid = SECOND / 2;
    files.graceNanos = SECOND / 10;
    sizeForReading();
    kernel.nowNanos += SECOND / 2;
    change("seven\n");
    kernel.nowNanos += SECOND / 10;
    assertThat(size(sizeForReading())).isEqualTo(6);
  }

  @Test
  void readerOfAReadingThatIsAboutToEndCanFinish() {
    unread();
    files.contentValid = 0;
    files.graceNanos = 0;
    sizeForReading();
    kernel.nowNanos += Times.LEAST - 1;
    change("seven\n");
    assertThat(size(sizeForReading())).isEqualTo(4);
    kernel.nowNanos += 1;
    assertThat(size(sizeForReading())).isEqualTo(6);
  }

  @Test
  void guessAfterAReadingLetsTheKernelDropItsPagesAlsoIfTheSizeIsTheSame() {
    unread();
    files.file("/a", "x".repeat(4095) + "\n");
    long before = changed(sizeForReading());
    kernel.nowNanos += 100 * SECOND;
    files.unread.add("/a");
    KernelSide.Message guess = stat();
    assertThat(size(guess)).isEqualTo(4096);
    assertThat(changed(guess)).isNotEqualTo(before);
  }

  @Test
  void openingAFileThatChangedGetsAnotherInodeAndDisturbsNoReader() {
    unread();
    sizeForReading();
    change("seven\n");
    KernelSide.Message entry = kernel.lookUp(1, "a");
    long next = entry.nodeId();
    assertThat(next).isNotEqualTo(a);
    assertThat(entry.longAt(ENTRY_OUT_ATTR + KernelSide.INO))
        .isEqualTo(stat().longAt(ATTR_OUT_ATTR + KernelSide.INO));
    assertThat(entrySize(entry)).isEqualTo(6);
    assertThat(kernel.lookUp(1, "a").nodeId()).isEqualTo(next);
    assertThat(read(next)).isEqualTo("seven\n");
    assertThat(read()).isEqualTo("one\n");

    assertThat(kernel.counter("inodes")).isEqualTo(3);
    kernel.send(Opcode.FORGET, a, KernelSide.number(1));
    kernel.send(Opcode.FORGET, next, KernelSide.number(2));
    assertThat(kernel.counter("inodes")).isEqualTo(1);
    assertThat(kernel.counter("forgets-unknown")).isZero();
  }

  @Test
  void valueThatDidNotChangeKeepsItsInodeItsTimeOfChangeAndItsPages() {
    unread();
    long before = changed(sizeForReading());
    kernel.nowNanos += SECOND;
    files.takenNanos = kernel.nowNanos;
    KernelSide.Message entry = kernel.lookUp(1, "a");
    assertThat(entry.nodeId()).isEqualTo(a);
    assertThat(entryValidNanos(entry)).isEqualTo(SECOND);
    assertThat(changed(sizeForReading())).isEqualTo(before);
  }

  @Test
  void staleReadingIsReadAgainSoThatItIsRefreshedAndKeepsItsInode() {
    unread();
    sizeForReading();
    kernel.nowNanos += SECOND;
    files.contentValid = 0;
    files.entryValid = 0;
    KernelSide.Message entry = kernel.lookUp(1, "a");
    assertThat(entry.nodeId()).isEqualTo(a);
    assertThat(entryValidNanos(entry)).isZero();
    assertThat(size(sizeForReading())).isEqualTo(4);
    assertThat(files.reads).containsEntry("/a", 2);
    assertThat(read()).isEqualTo("one\n");
    assertThat(files.reads).containsEntry("/a", 2);
  }

  @Test
  void openingAFileWithContentPastItsUseGetsAnotherInode() {
    madeAnew();
    sizeForReading();
    kernel.nowNanos += 20 * SECOND;
    long next = kernel.lookUp(1, "a").nodeId();
    assertThat(next).isNotEqualTo(a);
    assertThat(kernel.lookUp(1, "a").nodeId()).isEqualTo(next);
  }

  @Test
  void changeOfWhatTheKernelBelievesIsPushed() {
    unread();
    sizeForReading();
    read();
    change("seven\n");
    assertThat(kernel.changedNames).containsExactly("1/a");
    assertThat(validNanos(stat())).isZero();
    kernel.passDeferred();
    assertThat(kernel.overtaken).containsExactly(a);
  }

  @Test
  void readerIsPushedOnOnlyAfterAMomentAndWhenNoReplyWithTheOldContentIsUnderWay() {
    unread();
    sizeForReading();
    change("seven\n");
    assertThat(kernel.overtaken).isEmpty();
    assertThat(kernel.deferredNanos).isEqualTo(Times.MOMENT);
    kernel.nowNanos += Times.MOMENT - 1;
    sizeForReading();
    kernel.nowNanos += 1;
    kernel.runDeferred();
    assertThat(kernel.overtaken).isEmpty();
    assertThat(kernel.deferredNanos).isEqualTo(Times.REPLY - 1);
    kernel.passDeferred();
    assertThat(kernel.overtaken).containsExactly(a);
  }

  @Test
  void changeBetweenLookingIntoTheCacheAndTellingIsPushedAfterGetattr() {
    unread();
    files.unread.clear();
    files.afterCached = () -> change("seven\n");
    KernelSide.Message stat = stat();
    assertThat(size(stat)).isEqualTo(4);
    assertThat(validNanos(stat)).isZero();
    assertThat(kernel.changedNames).containsExactly("1/a");
    kernel.passDeferred();
    assertThat(kernel.overtaken).containsExactly(a);
  }

  @Test
  void changeThatTheCacheHasLostAlreadyIsStillAChange() {
    unread();
    files.unread.clear();
    files.afterCached =
        () -> {
          change("seven\n");
          files.unread.add("/a");
        };
    assertThat(validNanos(stat())).isZero();
    assertThat(kernel.changedNames).containsExactly("1/a");
  }

  @Test
  void changeBetweenLookingIntoTheCacheAndTellingIsPushedAfterLookup() {
    unread();
    files.unread.clear();
    files.afterCached = () -> change("seven\n");
    KernelSide.Message entry = kernel.lookUp(1, "a");
    assertThat(entryValidNanos(entry)).isZero();
    assertThat(kernel.changedNames).containsExactly("1/a");
    assertThat(kernel.lookUp(1, "a").nodeId()).isNotEqualTo(a);
  }

  @Test
  void readerOfAContentThatIsAboutToEndCanReadItWholeAlsoIfNewerContentIsJustComing() {
    unread();
    sizeForReading();
    kernel.nowNanos += 2 * SECOND - 5;
    files.afterCached = () -> change("seven\n");
    assertThat(kernel.lookUp(1, "a").nodeId()).isEqualTo(a);
    kernel.nowNanos += 10;
    assertThat(size(sizeForReading())).isEqualTo(4);
    assertThat(read()).isEqualTo("one\n");
  }

  @Test
  void readerOfARetiredInodeIsPushedOnASecondTime() {
    files.contentValid = 3600 * SECOND;
    files.attributesValid = 3600 * SECOND;
    unread();
    sizeForReading();
    read();
    change("seven\n");
    long next = kernel.lookUp(1, "a").nodeId();
    kernel.passDeferred();
    assertThat(kernel.overtaken).containsExactly(a);
    kernel.nowNanos += SECOND;
    assertThat(size(sizeForReading())).isEqualTo(6);
    assertThat(read()).isEqualTo("seven\n");
    kernel.overtaken.clear();
    kernel.nowNanos += SECOND;
    change("thirteen\n");
    kernel.passDeferred();
    assertThat(kernel.overtaken).containsExactlyInAnyOrder(a, next);
  }

  @Test
  void retiredInodesThatTheKernelGivesBackAreNotPushedTo() {
    unread();
    sizeForReading();
    change("seven\n");
    long next = kernel.lookUp(1, "a").nodeId();
    kernel.send(Opcode.FORGET, a, KernelSide.number(1));
    kernel.send(Opcode.FORGET, next, KernelSide.number(1));
    kernel.changedNames.clear();
    change("thirteen\n");
    assertThat(kernel.changedNames).isEmpty();
  }

  @Test
  void guessOnItsWayIsOvertakenOnceBeforeAnyThreadIsToldTheSize() {
    unread();
    kernel.thread = 1;
    stat();
    kernel.thread = 2;
    assertThat(size(sizeForReading())).isEqualTo(4);
    assertThat(kernel.overtaken).containsExactly(a);
    kernel.thread = 3;
    assertThat(size(sizeForReading())).isEqualTo(4);
    assertThat(kernel.overtaken).containsExactly(a);
  }

  /** Reads without asking for a size before, as sendfile does. */
  private KernelSide.Message splice() {
    return kernel.ask(Opcode.READ, a, KernelSide.read(0, 4096));
  }

  @Test
  void readWithoutAToldSizeIsAskedOnceMoreAfterEveryGuessUnderWayIsOvertaken() {
    unread();
    stat();
    assertThat(splice().error()).isEqualTo(Errno.ESTALE);
    assertThat(kernel.overtaken).containsExactly(a);
    assertThat(splice().text()).isEqualTo("one\n");
    assertThat(size(stat())).isEqualTo(4);
    assertThat(files.reads).containsEntry("/a", 1);
    assertThat(kernel.overtaken).containsExactly(a);
  }

  @Test
  void readWithoutAToldSizeThatIsAMissFetchesOnceAlsoIfItsSizeIsAskedForMeanwhile() {
    unread();
    files.held.add("/a");
    long read = kernel.send(Opcode.READ, a, KernelSide.read(0, 4096));
    files.unread.add("/a");
    assertThat(size(stat())).isEqualTo(4096);
    files.completeAll();
    KernelSide.Message refused = kernel.takeOnly();
    assertThat(refused.unique()).isEqualTo(read);
    assertThat(refused.error()).isEqualTo(Errno.ESTALE);
    assertThat(kernel.overtaken).containsExactly(a);
    assertThat(splice().text()).isEqualTo("one\n");
  }

  @Test
  void readThatMayHaveBeenAskedForBeforeTheSizeWasToldIsAskedOnceMore() {
    unread();
    kernel.thread = 1;
    stat();
    kernel.thread = 2;
    assertThat(size(sizeForReading())).isEqualTo(4);
    kernel.thread = 1;
    assertThat(splice().error()).isEqualTo(Errno.ESTALE);
    assertThat(kernel.counter("reads-refused")).isEqualTo(1);
    assertThat(splice().text()).isEqualTo("one\n");
  }

  @Test
  void readIsRefusedOnceWhicheverThreadAsksForThePageThen() {
    unread();
    kernel.thread = 1;
    assertThat(splice().error()).isEqualTo(Errno.ESTALE);
    kernel.thread = 2;
    assertThat(splice().text()).isEqualTo("one\n");
  }

  @Test
  void readThatCannotHaveWaitedSinceTheSizeWasToldIsServed() {
    unread();
    sizeForReading();
    kernel.thread = 3;
    kernel.nowNanos += 2 * Times.REPLY;
    assertThat(splice().text()).isEqualTo("one\n");
  }

  @Test
  void readWithoutAToldSizeIsNeverLongerThanTheSizeThatTheKernelGoesBy() {
    unread();
    stat();
    files.file("/a", "x".repeat(4097));
    assertThat(splice().error()).isEqualTo(Errno.ESTALE);
    assertThat(splice().error()).isEqualTo(Errno.ESTALE);
    assertThat(size(sizeForReading())).isEqualTo(4097);
    assertThat(splice().payload()).hasSize(4096);
  }

  @Test
  void directReadIsAnsweredAsItIsBecauseNoPageIsFilledFromIt() {
    unread();
    byte[] direct = KernelSide.read(0, 4096);
    direct[33] = 0x40;
    assertThat(kernel.ask(Opcode.READ, a, direct).text()).isEqualTo("one\n");
  }

  @Test
  void readerThatGoesOnWithoutAskingIsNotServedMoreThanTheSizeThatTheKernelFoundOut() {
    unread();
    stat();
    splice();
    assertThat(splice().text()).isEqualTo("one\n");
    kernel.nowNanos += 100 * SECOND;
    files.isCached = false;
    files.file("/a", "two\n");
    splice();
    assertThat(splice().text()).isEqualTo("two\n");
    kernel.nowNanos += 100 * SECOND;
    files.file("/a", "three\n");
    splice();
    assertThat(splice().error()).isEqualTo(Errno.ESTALE);
  }

  @Test
  void guessIsOvertakenAlsoIfTheKernelCannotNameItsThreadWhateverThatAsksForSince() {
    unread();
    kernel.thread = 0;
    stat();
    kernel.lookUp(1, "nothing");
    assertThat(size(sizeForReading())).isEqualTo(4);
    assertThat(kernel.overtaken).containsExactly(a);
  }

  @Test
  void readOfAThreadThatTheKernelCannotNameIsServedOnceTheSizeOfItsContentIsTold() {
    unread();
    kernel.thread = 0;
    assertThat(splice().error()).isEqualTo(Errno.ESTALE);
    assertThat(splice().text()).isEqualTo("one\n");
  }

  @Test
  void guessThatHasArrivedIsNotOvertaken() {
    unread();
    kernel.lookUp(1, "nothing");
    kernel.thread = 1;
    stat();
    kernel.lookUp(1, "nothing");
    kernel.thread = 2;
    stat();
    assertThat(size(sizeForReading())).isEqualTo(4);
    assertThat(kernel.overtaken).isEmpty();
  }

  @Test
  void guessIsNotOvertakenWhereTheKernelMayHavePagesOfSomethingElse() {
    unread();
    sizeForReading();
    read();
    change("seven\n");
    files.unread.add("/a");
    kernel.nowNanos += 100 * SECOND;
    kernel.thread = 1;
    assertThat(size(stat())).isEqualTo(4096);
    kernel.thread = 2;
    assertThat(size(sizeForReading())).isEqualTo(6);
    assertThat(kernel.overtaken).isEmpty();
  }

  @Test
  void inodeIsNotReplacedWhileAListingOfTheDirectoryMayBringItBack() {
    unread();
    sizeForReading();
    kernel.thread = 1;
    kernel.ask(Opcode.READDIRPLUS, 1, KernelSide.read(0, 4096));
    change("seven\n");
    kernel.thread = 2;
    KernelSide.Message entry = kernel.lookUp(1, "a");
    assertThat(entry.nodeId()).isEqualTo(a);
    assertThat(entryValidNanos(entry)).isZero();
    assertThat(entrySize(entry)).isEqualTo(4);
    kernel.thread = 1;
    kernel.lookUp(1, "nothing");
    kernel.thread = 2;
    assertThat(kernel.lookUp(1, "a").nodeId()).isNotEqualTo(a);
  }

  @Test
  void newContentIsWaitedForAfterAListingNoLongerThanAReplyMayTake() {
    unread();
    sizeForReading();
    kernel.thread = 1;
    kernel.ask(Opcode.READDIRPLUS, 1, KernelSide.read(0, 4096));
    change("seven\n");
    kernel.thread = 2;
    kernel.nowNanos += Times.REPLY;
    assertThat(kernel.lookUp(1, "a").nodeId()).isNotEqualTo(a);
  }

  @Test
  void twoProgramsThatHoldAFileCannotKeepEachOtherFromMovingOn() {
    unread();
    sizeForReading();
    change("seven\n");
    kernel.nowNanos += Times.MOMENT;
    long superseded = kernel.nowNanos;
    long last = kernel.nowNanos;
    for (int i = 0; i < 100; i++) {
      kernel.thread = i % 2;
      if (size(sizeForReading()) == 4) {
        last = kernel.nowNanos;
      }
      kernel.nowNanos += SECOND / 100;
    }
    assertThat(last - superseded).isLessThan(Times.PATIENCE);
  }

  @Test
  void sizeToldAtTheEndOfItsValidityHasItsContentAlsoWhereThereIsNoGrace() {
    unread();
    files.graceNanos = 0;
    sizeForReading();
    kernel.nowNanos += SECOND + Times.LEAST - 1;
    change("seven\n");
    assertThat(size(sizeForReading())).isEqualTo(4);
    kernel.nowNanos += Times.REPLY + 1;
    assertThat(size(sizeForReading())).isEqualTo(6);
  }

  @Test
  void inodeGoesOverToNewContentOnlyWhenNoReplyWithTheOldIsUnderWay() {
    unread();
    sizeForReading();
    change("seven\n");
    kernel.nowNanos += SECOND;
    kernel.thread = 1;
    long told = kernel.nowNanos;
    kernel.nowNanos -= 1;
    assertThat(size(sizeForReading())).isEqualTo(4);
    kernel.nowNanos = told + 1;
    kernel.thread = 2;
    assertThat(size(sizeForReading())).isEqualTo(4);
    kernel.nowNanos += Times.REPLY;
    assertThat(size(sizeForReading())).isEqualTo(6);
  }

  @Test
  void changeIsPushedToTheDirectoryThatTheKernelKnowsByNow() {
    files.file("/d/b", "one\n");
    files.isCached = true;
    long first = kernel.lookUp(1, "d").nodeId();
    long file = kernel.lookUp(first, "b").nodeId();
    kernel.send(Opcode.FORGET, first, KernelSide.number(1));
    long second = kernel.lookUp(1, "d").nodeId();
    assertThat(second).isNotEqualTo(first);
    assertThat(kernel.lookUp(second, "b").nodeId()).isEqualTo(file);
    kernel.nowNanos += Times.REPLY;
    files.file("/d/b", "seven\n");
    files.changedMillis++;
    files.observers.forEach(
        observer -> observer.contentChanged(new MemoryFileSystem.Place("/d/b", false)));
    assertThat(kernel.changedNames).containsExactly(second + "/b");
  }

  @Test
  void changeThatIsNoneIsNotPushed() {
    unread();
    sizeForReading();
    change("one\n");
    assertThat(kernel.overtaken).isEmpty();
    assertThat(kernel.changedNames).isEmpty();
  }

  @Test
  void changeOfWhatTheKernelMayBelieveATickTooLongIsPushed() {
    unread();
    sizeForReading();
    kernel.nowNanos += SECOND + SECOND / 100;
    change("seven\n");
    assertThat(kernel.changedNames).containsExactly("1/a");
  }

  @Test
  void changeOfWhatTheKernelNoLongerBelievesIsNotPushed() {
    unread();
    sizeForReading();
    kernel.nowNanos += SECOND + SECOND / 10;
    change("seven\n");
    assertThat(kernel.changedNames).isEmpty();
  }

  @Test
  void namesThatComeAndGoArePushedWithTheirDirectory() {
    files.file("/d/b", "");
    long d = kernel.nodeId("/d");
    files.observers.forEach(
        observer -> observer.namesChanged(new MemoryFileSystem.Place("/d", true), List.of("b")));
    assertThat(kernel.changedAttributes).containsExactly(d);
    assertThat(kernel.changedNames).containsExactly(d + "/b");
  }

  @Test
  void olderReadingDoesNotReplaceANewerOne() {
    unread();
    files.takenNanos = 2;
    sizeForReading();
    files.isCached = false;
    kernel.nowNanos += 3 * SECOND;
    files.file("/a", "older\n");
    files.takenNanos = 1;
    assertThat(size(sizeForReading())).isEqualTo(4);
    files.takenNanos = 3;
    files.file("/a", "newer!\n");
    assertThat(size(sizeForReading())).isEqualTo(7);
  }

  @Test
  void changeWithinAMillisecondIsAnotherTimeOfChange() {
    unread();
    long before = changed(sizeForReading());
    changeWithinTheMillisecond("two\n");
    long after = changed(sizeForReading());
    assertThat(after).isEqualTo(before + 1);
    assertThat(changed(sizeForReading())).isEqualTo(after);
    kernel.nowNanos += Times.MOMENT;
    change("six\n");
    kernel.nowNanos += Times.MOMENT;
    assertThat(changed(sizeForReading())).isEqualTo(after + 1_000_000);
  }

  private void changeWithinTheMillisecond(String content) {
    change(content);
    files.changedMillis--;
    kernel.nowNanos += Times.MOMENT;
  }

  @Test
  void readAfterNewerAttributesIsOfNewerContent() {
    unread();
    sizeForReading();
    change("seven\n");
    kernel.nowNanos += Times.MOMENT;
    assertThat(size(stat())).isEqualTo(6);
    assertThat(read()).isEqualTo("seven\n");
  }

  @Test
  void negativeValiditiesAreNone() {
    files.attributesValid = -5;
    files.contentValid = -5;
    files.entryValid = -5;
    files.isCached = true;
    KernelSide.Message entry = kernel.lookUp(1, "a");
    assertThat(entry.longAt(KernelSide.ENTRY_VALID)).isZero();
    assertThat(entry.longAt(KernelSide.ENTRY_ATTR_VALID)).isZero();
    assertThat(entry.longAt(KernelSide.ENTRY_VALID_NANOS)).isZero();
  }
}
