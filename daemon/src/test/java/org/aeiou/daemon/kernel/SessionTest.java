package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.Golden;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.junit.jupiter.api.Test;

/** What the session does with requests that are none of names, contents and directories. */
final class SessionTest {
  private final MemoryFileSystem files = new MemoryFileSystem().file("/a", "hello\n");
  private final KernelSide kernel = new KernelSide(files);

  private KernelSide.Message ask(int opcode, byte[] body) {
    kernel.send(opcode, kernelA(), body);
    return kernel.takeOnly();
  }

  private long kernelA() {
    return kernel.nodeId("/a");
  }

  @Test
  void whatIsNotKnownIsNotImplemented() {
    // SETXATTR, ACCESS, BMAP, IOCTL, LSEEK, COPY_FILE_RANGE, SYNCFS, STATX and no such.
    for (int opcode : new int[] {21, 34, 37, 39, 46, 47, 50, 52, 63, 64, 4096, -1}) {
      assertThat(ask(opcode, new byte[128]).error()).isEqualTo(Errno.ENOSYS);
    }
    assertThat(kernel.counter("requests.unknown")).isEqualTo(11);
    assertThat(kernel.counter("requests.access")).isEqualTo(1);
  }

  @Test
  void openIsNotImplementedWhereTheKernelCanDoWithout() {
    kernel.feed(Golden.INIT_IN);
    kernel.raw.clear();
    assertThat(ask(Opcode.OPEN.number, new byte[8]).error()).isEqualTo(Errno.ENOSYS);
    assertThat(ask(Opcode.OPENDIR.number, new byte[8]).error()).isEqualTo(Errno.ENOSYS);
    assertThat(ask(Opcode.FLUSH.number, new byte[24]).error()).isEqualTo(Errno.ENOSYS);
    assertThat(ask(Opcode.RELEASE.number, new byte[24]).error()).isZero();
    assertThat(ask(Opcode.RELEASEDIR.number, new byte[24]).error()).isZero();
  }

  @Test
  void unknownNodeIsStaleAndCounted() {
    assertThat(kernel.ask(Opcode.GETATTR, 99, new byte[16]).error()).isEqualTo(Errno.ESTALE);
    assertThat(kernel.counter("stale")).isEqualTo(1);
  }

  @Test
  void namesAreUtf8AndAtMost255BytesLong() {
    files.file("/größe", "").file("/" + "é".repeat(127), "");
    assertThat(kernel.lookUp(1, "größe").error()).isZero();
    assertThat(kernel.lookUp(1, "é".repeat(127)).error()).isZero();
    assertThat(kernel.lookUp(1, "é".repeat(128)).error()).isEqualTo(Errno.ENAMETOOLONG);
    byte[] latin1 = "größe\0".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(kernel.ask(Opcode.LOOKUP, 1, latin1).error()).isEqualTo(Errno.ENOENT);
  }

  @Test
  void nameWithoutAnEndAndEmptyNameAreMalformed() {
    assertThat(kernel.ask(Opcode.LOOKUP, 1, new byte[] {'a', 'b'}).error()).isEqualTo(Errno.EINVAL);
    assertThat(kernel.ask(Opcode.LOOKUP, 1, new byte[2]).error()).isEqualTo(Errno.EINVAL);
    assertThat(kernel.counter("malformed")).isEqualTo(2);
  }

  @Test
  void nameThatDoesNotExistIsRememberedOnlyIfItMayBe() {
    assertThat(kernel.lookUp(1, "none").error()).isEqualTo(Errno.ENOENT);
    files.missingValid = 5_000_000_000L;
    KernelSide.Message none = kernel.lookUp(1, "none");
    assertThat(none.error()).isZero();
    assertThat(none.nodeId()).isZero();
    assertThat(none.longAt(KernelSide.ENTRY_VALID)).isEqualTo(5);
  }

  @Test
  void everyShortRequestIsRefused() {
    long a = kernelA();
    for (Opcode opcode : Opcode.values()) {
      byte[] whole = KernelSide.request(opcode.number, 1000, a, new byte[opcode.minimumBody]);
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        kernel.raw.clear();
        kernel.feed(cut);
        boolean silent =
            switch (opcode) {
              case FORGET, BATCH_FORGET, INTERRUPT, NOTIFY_REPLY -> true;
              default -> length < HeaderDescriptor.UNIQUE_KNOWN;
            };
        if (silent) {
          assertThat(kernel.raw).isEmpty();
        } else {
          assertThat(kernel.takeOnly().error()).isEqualTo(Errno.EINVAL);
        }
      }
    }
    assertThat(kernel.counter("faults")).isZero();
  }

  @Test
  void requestWithoutANumberIsNotAnswered() {
    kernel.feed(KernelSide.request(Opcode.STATFS.number, 0, 1, new byte[0]));
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.counter("malformed")).isEqualTo(1);
  }

  @Test
  void extendedAttributesSayHowMuchRoomTheyNeed() {
    files.xattrs.put("user.aeiou.oid", new byte[10]);
    files.xattrs.put("user.aeiou.raw", new byte[0]);
    long a = kernelA();
    byte[] get =
        KernelSide.body(8 + 15).putInt(0, 9).put(8, KernelSide.name("user.aeiou.oid")).array();
    assertThat(kernel.ask(Opcode.GETXATTR, a, get).error()).isEqualTo(Errno.ERANGE);
    byte[] none = KernelSide.body(8 + 20).put(8, KernelSide.name("user.none")).array();
    assertThat(kernel.ask(Opcode.GETXATTR, a, none).error()).isEqualTo(Errno.ENODATA);
    byte[] other = KernelSide.body(8 + 20).put(8, KernelSide.name("security.selinux")).array();
    assertThat(kernel.ask(Opcode.GETXATTR, a, other).error()).isEqualTo(Errno.EOPNOTSUPP);
    byte[] empty =
        KernelSide.body(8 + 15).putInt(0, 9).put(8, KernelSide.name("user.aeiou.raw")).array();
    assertThat(kernel.ask(Opcode.GETXATTR, a, empty).payload()).isEmpty();

    KernelSide.Message probe = kernel.ask(Opcode.LISTXATTR, a, new byte[8]);
    assertThat(probe.intAt(0)).isEqualTo(30);
    assertThat(kernel.ask(Opcode.LISTXATTR, a, KernelSide.number(29)).error())
        .isEqualTo(Errno.ERANGE);
    assertThat(kernel.ask(Opcode.LISTXATTR, a, KernelSide.number(30)).text())
        .isEqualTo("user.aeiou.oid\0user.aeiou.raw\0");
  }

  @Test
  void noLinkIsReadAsOne() {
    assertThat(ask(Opcode.READLINK.number, new byte[0]).error()).isEqualTo(Errno.EINVAL);
  }

  @Test
  void destroyIsAcknowledged() {
    assertThat(kernel.ask(Opcode.DESTROY, 0, new byte[0]).error()).isZero();
  }

  @Test
  void batchThatClaimsMoreThanItHoldsForgetsWhatItHolds() {
    long a = kernelA();
    byte[] batch =
        KernelSide.body(8 + 16).putInt(0, 1_000_000).putLong(8, a).putLong(16, 1).array();
    kernel.send(Opcode.BATCH_FORGET, 0, batch);
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.counter("inodes")).isEqualTo(1);
    assertThat(kernel.counter("malformed")).isEqualTo(1);
  }
}
