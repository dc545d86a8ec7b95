package org.aeiou.daemon.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.kernel.ScriptedFileSystem;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PathCallsTest {
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;

  private final ScriptedFileSystem files = new ScriptedFileSystem();
  private final PortableCounters counts = new PortableCounters();
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return nanos.get();
        }
      };

  private final Waits waits =
      new Waits(
          1,
          new Caller() {
            @Override
            public int uid() {
              return 0;
            }

            @Override
            public int pid() {
              return 7;
            }

            @Override
            public boolean interrupted() {
              return false;
            }

            @Override
            public boolean gone() {
              return false;
            }
          },
          counts);

  private final NameCache names = new NameCache(files, waits, ticker, 3);
  private final PathCalls calls = new PathCalls(files, waits, names, counts);

  @BeforeEach
  void keepWhatIsRead() {
    files.keepContent(TimeUnit.HOURS.toNanos(1));
  }

  @AfterEach
  void endEverything() {
    files.close();
  }

  private static byte[] octets(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertRefused(ThrowingCallable call, int errno) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.errno).isEqualTo(errno));
  }

  @Test
  void anOpenFileKeepsTheReadingItWasOpenedWithAndItsLength() throws Exception {
    files.file("/core1/state", "lowerLayerDown");
    long handle = calls.open(octets("/core1/state"), O_RDONLY);
    files.file("/core1/state", "up");

    assertThat(calls.content(handle, 0, 100)).asString().isEqualTo("lowerLayerDown");
    assertThat(calls.attributes(handle).size()).isEqualTo(14);
    assertThat(calls.attributes(octets("/core1/state")).size()).isEqualTo(2);
    assertThat(calls.openFiles()).isEqualTo(1);
  }

  @Test
  void aClosedFileIsForgotten() throws Exception {
    files.file("/core1/state", "up");
    long handle = calls.open(octets("/core1/state"), O_RDONLY);

    calls.close(handle);
    calls.close(handle);

    assertThat(calls.openFiles()).isZero();
    assertRefused(() -> calls.content(handle, 0, 100), Errno.EIO);
    assertRefused(() -> calls.attributes(handle), Errno.EIO);
  }

  @Test
  void openingToWriteIsRefusedWithoutReading() {
    files.file("/core1/state", "up");

    assertRefused(() -> calls.open(octets("/core1/state"), O_WRONLY), Errno.EROFS);
    assertRefused(() -> calls.open(octets("/core1/state"), O_RDWR), Errno.EROFS);
    assertThat(files.reads("/core1/state")).isZero();
  }

  @Test
  void filesAndDirectoriesAreNotTakenForEachOther() {
    files.file("/core1/state", "up");

    assertRefused(() -> calls.open(octets("/core1"), O_RDONLY), Errno.EISDIR);
    assertRefused(() -> calls.list(octets("/core1/state")), Errno.ENOTDIR);
    assertRefused(() -> calls.attributes(octets("/core1/state/x")), Errno.ENOTDIR);
    assertRefused(() -> calls.linkTarget(octets("/core1/state")), Errno.EINVAL);
    assertRefused(() -> calls.linkTarget(octets("/core1/none")), Errno.ENOENT);
  }

  @Test
  void namesNoDirectoryCanHaveAreLeftOutAndCounted() throws Exception {
    for (String name : new String[] {"good", "..", "a\0b", "ü".repeat(128)}) {
      files.file("/core1/" + name, "x");
    }

    assertThat(calls.list(octets("/core1"))).extracting(Entry::name).containsExactly("good");
    assertThat(counts.metrics().values().get("bad-names")).isEqualTo(3);
  }

  @Test
  void aNameIsLookedUpAgainWhenItIsSaidToHaveChanged() throws Exception {
    files.keepNames(TimeUnit.HOURS.toNanos(1));
    files.directory("/core1");
    assertRefused(() -> calls.attributes(octets("/core1/state")), Errno.ENOENT);
    files.file("/core1/state", "up");
    files.file("/core1/name", "x");
    assertRefused(() -> calls.attributes(octets("/core1/state")), Errno.ENOENT);
    calls.attributes(octets("/core1/name"));
    int lookups = files.lookups("/core1");

    files.namesChanged("/core1", "state");

    assertThat(calls.attributes(octets("/core1/state")).size()).isEqualTo(2);
    calls.attributes(octets("/core1/name"));
    assertThat(files.lookups("/core1")).isEqualTo(lookups + 1);
  }

  @Test
  void whatWasSaidOfANameBeforeItChangedIsNotRemembered() throws Exception {
    files.keepNames(TimeUnit.HOURS.toNanos(1));
    files.file("/core1/state", "up");
    long before = names.changes();
    files.namesChanged("/core1", "state");
    Entry entry = calls.list(octets("/core1")).get(0);
    names.learn(before, new ScriptedFileSystem.Place("/core1", true), List.of(entry));
    int lookups = files.lookups("/core1");
    calls.attributes(octets("/core1/state"));
    assertThat(files.lookups("/core1")).isEqualTo(lookups + 1);
  }

  @Test
  void aNameIsLookedUpAgainWhenItMayHaveChanged() throws Exception {
    files.keepNames(TimeUnit.SECONDS.toNanos(1));
    files.file("/core1/state", "up");

    calls.attributes(octets("/core1/state"));
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
    calls.attributes(octets("//core1/state/"));
    assertThat(files.lookups("/core1")).isEqualTo(1);
    nanos.addAndGet(1);
    calls.attributes(octets("/core1/state"));
    assertThat(files.lookups("/core1")).isEqualTo(2);
  }

  @Test
  void anAbsenceIsRememberedForAsLongAsItIsValid() {
    files.directory("/core1");

    assertRefused(() -> calls.attributes(octets("/core1/state")), Errno.ENOENT);
    assertRefused(() -> calls.attributes(octets("/core1/state")), Errno.ENOENT);
    assertThat(files.lookups("/core1")).isEqualTo(1);
  }

  @Test
  void aNameThatMayChangeAtAnyTimeIsNeverRemembered() throws Exception {
    files.keepNames(0);
    files.file("/core1/state", "up");

    calls.attributes(octets("/core1/state"));
    calls.attributes(octets("/core1/state"));

    assertThat(files.lookups("/core1")).isEqualTo(2);
  }

  @Test
  void namesThatAreValidForEverAreRemembered() throws Exception {
    files.keepNames(Long.MAX_VALUE);
    files.directory("/core1/interfaces");

    calls.attributes(octets("/core1/interfaces"));
    calls.attributes(octets("/core1/interfaces"));

    assertThat(files.lookups("/core1")).isEqualTo(1);
  }

  @Test
  void noMoreNamesAreRememberedThanTheBound() throws Exception {
    for (int i = 0; i < 50; i++) {
      files.file("/core1/state" + i, "up");
    }
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 50; i++) {
        calls.attributes(octets("/core1/state" + i));
      }
    }

    assertThat(files.lookups("/core1")).isGreaterThanOrEqualTo(2 * 50 - 3);
  }

  @Test
  void whatAListingShowedNeedsNoLookup() throws Exception {
    files.file("/core1/state", "up");

    calls.list(octets("/core1"));
    calls.attributes(octets("/core1/state"));

    assertThat(files.lookups("/core1")).isZero();
  }

  @Test
  void octetsThatAreNoTextNameNothingAndAreNotAskedFor() {
    files.directory("/core1");
    byte[] path = {'/', 'c', 'o', 'r', 'e', '1', '/', (byte) 0xff};

    assertRefused(() -> calls.attributes(path), Errno.ENOENT);
    assertRefused(() -> calls.attributes(octets("/core1/" + "ü".repeat(128))), Errno.ENAMETOOLONG);
    assertRefused(
        () -> calls.extendedAttribute(octets("/core1"), new byte[] {(byte) 0xff}), Errno.ENODATA);
    assertThat(files.lookups("/core1")).isZero();
  }
}
