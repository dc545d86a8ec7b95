package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Sizes, contents and times that belong to the same reading. */
final class PromisesTest {
  private static final long SECOND = 1_000_000_000L;

  private final MemoryFileSystem files = new MemoryFileSystem().file("/a", "one\n");
  private final KernelSide kernel = new KernelSide(files);
  private final long a = kernel.nodeId("/a");

  private KernelSide.Message sizeForReading() {
    return kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(GetattrDescriptor.HAS_HANDLE));
  }

  private KernelSide.Message stat() {
    return kernel.ask(Opcode.GETATTR, a, KernelSide.getattr(0));
  }

  private String read() {
    return kernel.ask(Opcode.READ, a, KernelSide.read(0, 4096)).text();
  }

  private static long size(KernelSide.Message attributes) {
    return attributes.longAt(16 + 8);
  }

  private static int changedNanos(KernelSide.Message attributes) {
    return attributes.intAt(16 + 52);
  }

  @Test
  void statOfAFileNeverReadFetchesNothingAndMayNotBeKept() {
    files.unread.add("/a");
    KernelSide.Message stat = stat();
    assertThat(size(stat)).isEqualTo(4096);
    assertThat(stat.longAt(0)).isZero();
    assertThat(stat.intAt(8)).isZero();
    assertThat(files.reads).isEmpty();
  }

  @Test
  void readAfterItsSizeIsOfTheSameReading() {
    files.unread.add("/a");
    assertThat(size(sizeForReading())).isEqualTo(4);
    files.file("/a", "seven\n");
    assertThat(read()).isEqualTo("one\n");
    assertThat(files.reads).containsEntry("/a", 1);
  }

  @Test
  void readerGoesOnWithItsReadingEvenIfThatMayNotBeKept() {
    files.contentValid = 0;
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
  void whoKeepsAFileOpenMovesOnAfterAMoment() {
    sizeForReading();
    files.file("/a", "seven\n");
    kernel.nowNanos += SECOND + KeptContent.MOMENT_NANOS;
    assertThat(size(sizeForReading())).isEqualTo(6);
    assertThat(read()).isEqualTo("seven\n");
  }

  @Test
  void whoOpensAFileAfterItsTimeGetsAnotherInodeAndDisturbsNoReader() {
    sizeForReading();
    files.file("/a", "seven\n");
    kernel.nowNanos += SECOND;
    KernelSide.Message entry = kernel.lookUp(1, "a");
    long next = entry.longAt(0);
    assertThat(next).isNotEqualTo(a);
    assertThat(entry.longAt(40)).isEqualTo(stat().longAt(16));
    assertThat(kernel.lookUp(1, "a").longAt(0)).isEqualTo(next);
    assertThat(kernel.ask(Opcode.READ, next, KernelSide.read(0, 4096)).text()).isEqualTo("seven\n");
    assertThat(read()).isEqualTo("one\n");

    assertThat(kernel.counter("inodes")).isEqualTo(3);
    kernel.send(Opcode.FORGET, a, KernelSide.number(1));
    kernel.send(Opcode.FORGET, next, KernelSide.number(2));
    assertThat(kernel.counter("inodes")).isEqualTo(1);
    assertThat(kernel.counter("forgets-unknown")).isZero();
  }

  @Test
  void whoOpensAFileWhileItsReadingIsValidGetsTheSameInode() {
    sizeForReading();
    kernel.nowNanos += SECOND / 2;
    assertThat(kernel.lookUp(1, "a").longAt(0)).isEqualTo(a);
  }

  @Test
  void whoOpensAFileThatNobodyCanBeReadingAnyMoreGetsTheSameInode() {
    sizeForReading();
    kernel.nowNanos += SECOND + KeptContent.MOMENT_NANOS;
    assertThat(kernel.lookUp(1, "a").longAt(0)).isEqualTo(a);
  }

  @Test
  void nameOfAFileIsNotValidForLongerThanItsAttributes() {
    files.entryValid = 60 * SECOND;
    files.attributesValid = 3 * SECOND;
    assertThat(kernel.lookUp(1, "a").longAt(16)).isEqualTo(3);
    files.unread.add("/a");
    assertThat(kernel.lookUp(1, "a").longAt(16)).isZero();
    files.file("/d/b", "");
    assertThat(kernel.lookUp(1, "d").longAt(16)).isEqualTo(60);
  }

  private static long validNanos(KernelSide.Message attributes) {
    return attributes.longAt(0) * SECOND + attributes.intAt(8);
  }

  @Test
  void validityIsTheShorterOfContentAndAttributes() {
    files.attributesValid = 5 * SECOND;
    files.contentValid = 3 * SECOND;
    assertThat(sizeForReading().longAt(0)).isEqualTo(3);
    kernel.nowNanos += SECOND;
    assertThat(stat().longAt(0)).isEqualTo(2);
    kernel.nowNanos += 2 * SECOND + KeptContent.MOMENT_NANOS;
    files.contentValid = 9 * SECOND;
    assertThat(sizeForReading().longAt(0)).isEqualTo(5);
  }

  @Test
  void changeWithinAMillisecondIsAnotherTimeOfChange() {
    int before = changedNanos(sizeForReading());
    files.file("/a", "two\n");
    int after = changedNanosLater();
    assertThat(after).isEqualTo(before + 1);
    assertThat(changedNanosLater()).isEqualTo(after);
    files.file("/a", "six\n");
    files.changedMillis = 1_700_000_000_124L;
    assertThat(changedNanosLater()).isEqualTo(after + 1_000_000);
  }

  private int changedNanosLater() {
    kernel.nowNanos += SECOND + KeptContent.MOMENT_NANOS;
    return changedNanos(sizeForReading());
  }

  @Test
  void readAfterNewerAttributesIsOfNewerContent() {
    sizeForReading();
    kernel.nowNanos += SECOND + KeptContent.MOMENT_NANOS;
    files.file("/a", "seven\n");
    assertThat(size(stat())).isEqualTo(6);
    assertThat(read()).isEqualTo("seven\n");
  }

  @Test
  void statWithinTheValidityIsOfTheReadingThatWasPromised() {
    sizeForReading();
    files.file("/a", "seven\n");
    kernel.nowNanos += SECOND / 2;
    assertThat(size(stat())).isEqualTo(4);
    assertThat(size(kernel.lookUp(1, "a").bytes())).isEqualTo(4);
  }

  private static long size(java.nio.ByteBuffer entry) {
    return entry.getLong(40 + 8);
  }

  @Test
  void negativeValiditiesAreNone() {
    files.attributesValid = -5;
    files.entryValid = -5;
    KernelSide.Message entry = kernel.lookUp(1, "a");
    assertThat(entry.longAt(16)).isZero();
    assertThat(entry.longAt(24)).isZero();
    assertThat(entry.longAt(32)).isZero();
  }
}
