package org.aeiou.daemon.kernel;

import static org.aeiou.daemon.fuse.AttrDescriptor.ATTR_OUT_ATTR;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.Opcode;
import org.aeiou.daemon.kernel.coherence.InodeTable;
import org.junit.jupiter.api.Test;

/** Directories, page by page. */
final class DirectoryPagesTest {
  private static final long ROOT = InodeTable.ROOT_ID;

  private final MemoryFileSystem files = new MemoryFileSystem();
  private final KernelSide kernel = new KernelSide(files);

  private static String name(int i) {
    // Names of all lengths, so that every padding occurs.
    return "%03d%s".formatted(i, "x".repeat(i % 17));
  }

  private List<String> fill(int count) {
    List<String> names = new ArrayList<>(List.of(".", ".."));
    IntStream.range(0, count).mapToObj(DirectoryPagesTest::name).forEach(names::add);
    names.subList(2, names.size()).forEach(name -> files.file("/" + name, name));
    return names;
  }

  private static List<String> names(List<Pages.Entry> entries) {
    return entries.stream().map(Pages.Entry::name).toList();
  }

  @Test
  void everyEntryComesOnceWhateverTheSizeOfAPage() {
    List<String> expected = fill(200);
    for (int size = 48; size < 400; size += 7) {
      assertThat(names(Pages.all(kernel, ROOT, size, false))).isEqualTo(expected);
    }
    for (int size = 176; size < 1000; size += 31) {
      assertThat(names(Pages.all(kernel, ROOT, size, true))).isEqualTo(expected);
    }
  }

  @Test
  void pageIsFullToTheByte() {
    files.file("/0123456789abcdef", "");
    // 32 for each of the dots, 24 and 16 for the file.
    assertThat(Pages.page(kernel, ROOT, 0, 104, false)).hasSize(3);
    assertThat(Pages.page(kernel, ROOT, 0, 103, false)).hasSize(2);
  }

  @Test
  void roomForNoEntryAtAllIsAnErrorAndNotTheEnd() {
    files.file("/a", "");
    assertThat(kernel.ask(Opcode.READDIR, ROOT, KernelSide.read(0, 31)).error())
        .isEqualTo(Errno.EINVAL);
    assertThat(kernel.ask(Opcode.READDIR, ROOT, KernelSide.read(2, 31)).error())
        .isEqualTo(Errno.EINVAL);
  }

  @Test
  void seekingToAnyCookieGoesOnBehindItsEntry() {
    fill(100);
    List<Pages.Entry> all = Pages.all(kernel, ROOT, 4096, false);
    for (int i = all.size() - 1; i >= 0; i--) {
      assertThat(all.get(i).cookie()).isPositive();
      List<Pages.Entry> rest = Pages.page(kernel, ROOT, all.get(i).cookie(), 65536, false);
      assertThat(rest).isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  @Test
  void entriesThatStayAreSeenOnceWhileOthersComeAndGo() {
    Random random = new Random(20070222);
    for (int round = 0; round < 200; round++) {
      files.files.clear();
      Set<String> stay = new TreeSet<>();
      for (int i = 0; i < 60; i++) {
        files.file("/" + name(i), "");
        stay.add(name(i));
      }
      List<String> seen = new ArrayList<>();
      List<Pages.Entry> page = Pages.page(kernel, ROOT, 0, 400, false);
      while (!page.isEmpty()) {
        seen.addAll(names(page));
        Pages.Entry last = page.get(page.size() - 1);
        // What was returned last stays: without it there is no telling where the reader was.
        for (int i = 0; i < 3; i++) {
          String name = name(random.nextInt(90));
          if (!name.equals(last.name())) {
            stay.remove(name);
            if (files.files.remove("/" + name) == null) {
              files.file("/" + name, "");
            }
          }
        }
        // Another reader begins, and so replaces the listing.
        Pages.page(kernel, ROOT, 0, 400, false);
        page = Pages.page(kernel, ROOT, last.cookie(), 400, false);
      }
      assertThat(seen).containsAll(stay);
      assertThat(seen.stream().filter(stay::contains)).doesNotHaveDuplicates();
    }
  }

  @Test
  void readerGoesOnWithTheListingItBeganWith() {
    fill(100);
    List<Pages.Entry> first = Pages.page(kernel, ROOT, 0, 400, false);
    kernel.nowNanos += 3600_000_000_000L;
    Pages.page(kernel, ROOT, first.get(first.size() - 1).cookie(), 400, false);
    assertThat(files.lists).containsEntry("", 1);
    Pages.page(kernel, ROOT, 0, 400, false);
    assertThat(files.lists).containsEntry("", 2);
  }

  @Test
  void listingThatWasReadToItsEndIsNotKept() {
    fill(10);
    List<Pages.Entry> all = Pages.all(kernel, ROOT, 4096, false);
    Pages.page(kernel, ROOT, all.get(5).cookie(), 4096, false);
    assertThat(files.lists).containsEntry("", 2);
  }

  @Test
  void inodeNumbersOfListingsAreThoseOfStat() {
    files.file("/d/e/f", "");
    long d = kernel.nodeId("/d");
    long e = kernel.nodeId("/d/e");
    List<Pages.Entry> listed = Pages.all(kernel, d, 4096, false);
    assertThat(listed.get(0).ino()).isEqualTo(ino(d));
    assertThat(listed.get(1).ino()).isEqualTo(1);
    assertThat(listed.get(2).ino()).isEqualTo(ino(e));
    assertThat(Pages.all(kernel, e, 4096, false).get(1).ino()).isEqualTo(ino(d));
    Pages.Entry plus = Pages.all(kernel, d, 4096, true).get(2);
    assertThat(plus.ino()).isEqualTo(ino(e));
    assertThat(plus.attrIno()).isEqualTo(ino(e));
    assertThat(plus.nodeId()).isEqualTo(e);
  }

  private long ino(long nodeId) {
    return kernel
        .ask(Opcode.GETATTR, nodeId, KernelSide.getattr(0))
        .longAt(ATTR_OUT_ATTR + KernelSide.INO);
  }

  @Test
  void typesOfEntriesAreThoseOfStat() {
    files.file("/d/f", "").file("/f", "");
    for (boolean plus : new boolean[] {false, true}) {
      assertThat(Pages.all(kernel, ROOT, 4096, plus))
          .extracting(Pages.Entry::type)
          .containsExactly(4, 4, 4, 8);
    }
  }

  @Test
  void namesThatNoDirectoryCanHaveAreLeftOutAndCounted() {
    files.file("/" + "x".repeat(256), "").file("/good", "").file("/\0", "");
    assertThat(names(Pages.all(kernel, ROOT, 4096, false))).containsExactly(".", "..", "good");
    assertThat(kernel.counter("bad-names")).isPositive();
  }

  @Test
  void expiredListingGivesTheDirectoryAnotherTimeOfChange() {
    fill(3);
    files.attributesValid = 60_000_000_000L;
    long before = changed();
    Pages.all(kernel, ROOT, 4096, false);
    assertThat(changed()).isEqualTo(before);
    assertThat(validSeconds()).isEqualTo(1);
    kernel.nowNanos += 1_000_000_000L;
    assertThat(changed()).isEqualTo(before + 1);
    assertThat(changed()).isEqualTo(before + 1);
  }

  @Test
  void attributesThatOutlastTheListingAreCalledBack() {
    fill(3);
    files.attributesValid = 60_000_000_000L;
    assertThat(validSeconds()).isEqualTo(60);
    Pages.page(kernel, ROOT, 0, 4096, false);
    assertThat(kernel.changedAttributes).containsExactly(ROOT);
    assertThat(validSeconds()).isEqualTo(1);
    Pages.page(kernel, ROOT, 0, 4096, false);
    assertThat(kernel.changedAttributes).hasSize(1);
  }

  @Test
  void listingThatNamesChangedMeanwhileIsValidForNoTime() {
    fill(3);
    long before = changed();
    files.held.add("/");
    kernel.send(Opcode.READDIR, ROOT, KernelSide.read(0, 4096));
    files.observers.forEach(observer -> observer.namesChanged(files.root, List.of("new")));
    files.completeAll();
    kernel.takeOnly();
    assertThat(validSeconds()).isZero();
    assertThat(changed()).isEqualTo(before + 1);
    files.held.clear();
    Pages.page(kernel, ROOT, 0, 4096, false);
    assertThat(validSeconds()).isEqualTo(1);
    assertThat(changed()).isEqualTo(before + 1);
  }

  private long changed() {
    return kernel
        .ask(Opcode.GETATTR, ROOT, KernelSide.getattr(0))
        .intAt(ATTR_OUT_ATTR + KernelSide.MTIME_NANOS);
  }

  private long validSeconds() {
    return kernel.ask(Opcode.GETATTR, ROOT, KernelSide.getattr(0)).longAt(KernelSide.ATTR_VALID);
  }

  @Test
  void onlyDirectoriesAreListedAndSearchedAndOnlyFilesRead() {
    files.file("/f", "");
    long f = kernel.nodeId("/f");
    assertThat(kernel.ask(Opcode.READDIR, f, KernelSide.read(0, 4096)).error())
        .isEqualTo(Errno.ENOTDIR);
    assertThat(kernel.lookUp(f, "x").error()).isEqualTo(Errno.ENOTDIR);
    assertThat(kernel.ask(Opcode.READ, ROOT, KernelSide.read(0, 4096)).error())
        .isEqualTo(Errno.EISDIR);
  }
}
