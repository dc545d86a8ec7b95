package org.aeiou.daemon.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.kernel.KernelSide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every message has the bytes that a C program gives it. */
final class GoldenBytesTest {
  private final MemoryFileSystem files = new MemoryFileSystem().file("/a", "hello\n").cached();
  private final KernelSide kernel = new KernelSide(files);

  @BeforeEach
  void validFor1500Millis() {
    files.entryValid = 1_500_000_000L;
    files.attributesValid = 1_500_000_000L;
    files.contentValid = 1_500_000_000L;
    files.listingValid = 1_500_000_000L;
    files.xattrs.put("user.oi", "1.3.6".getBytes(StandardCharsets.UTF_8));
  }

  private void assertAnswer(byte[] request, byte[] reply) {
    kernel.raw.clear();
    kernel.feed(request);
    assertThat(kernel.raw).hasSize(1);
    assertThat(hex(kernel.raw.get(0))).isEqualTo(hex(reply));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  private void lookUpFirst() {
    kernel.feed(Golden.LOOKUP_IN);
  }

  @Test
  void init() {
    assertAnswer(Golden.INIT_IN, Golden.INIT_OUT);
  }

  @Test
  void lookup() {
    assertAnswer(Golden.LOOKUP_IN, Golden.LOOKUP_OUT);
  }

  @Test
  void lookupOfANameThatIsKnownNotToExist() {
    files.files.clear();
    files.missingValid = 2_000_000_001L;
    assertAnswer(Golden.LOOKUP_IN, Golden.NEGATIVE_OUT);
  }

  @Test
  void getattr() {
    lookUpFirst();
    assertAnswer(Golden.GETATTR_IN, Golden.GETATTR_OUT);
  }

  @Test
  void read() {
    lookUpFirst();
    assertAnswer(Golden.READ_IN, Golden.READ_OUT);
  }

  @Test
  void readdir() {
    assertAnswer(Golden.READDIR_IN, Golden.READDIR_OUT);
  }

  @Test
  void readdirplus() {
    assertAnswer(Golden.READDIRPLUS_IN, Golden.READDIRPLUS_OUT);
  }

  @Test
  void write() {
    lookUpFirst();
    files.writable.add("/a");
    assertAnswer(Golden.WRITE_IN, Golden.WRITE_OUT);
    assertThat(files.writes).containsExactly("user 1000, process 77: /a = down\n");
  }

  @Test
  void setattr() {
    files.writable.add("/a");
    lookUpFirst();
    assertAnswer(Golden.SETATTR_IN, Golden.SETATTR_OUT);
  }

  @Test
  void fsync() {
    lookUpFirst();
    assertAnswer(Golden.FSYNC_IN, Golden.FSYNC_OUT);
  }

  @Test
  void statfs() {
    assertAnswer(Golden.STATFS_IN, Golden.STATFS_OUT);
  }

  @Test
  void getxattr() {
    lookUpFirst();
    assertAnswer(Golden.GETXATTR_PROBE_IN, Golden.GETXATTR_PROBE_OUT);
    assertAnswer(Golden.GETXATTR_IN, Golden.GETXATTR_OUT);
  }

  @Test
  void listxattr() {
    lookUpFirst();
    assertAnswer(Golden.LISTXATTR_IN, Golden.LISTXATTR_OUT);
  }

  @Test
  void openOfAKernelThatInsists() {
    lookUpFirst();
    assertAnswer(Golden.OPEN_IN, Golden.OPEN_OUT);
  }

  @Test
  void poll() {
    lookUpFirst();
    assertAnswer(Golden.POLL_IN, Golden.POLL_OUT);
  }

  @Test
  void forgetsHaveNoReplyAndGiveLookUpsBack() {
    lookUpFirst();
    lookUpFirst();
    lookUpFirst();
    kernel.raw.clear();
    kernel.feed(Golden.FORGET_IN);
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.counter("inodes")).isEqualTo(1);
    assertThat(kernel.counter("forgets-unknown")).isZero();
  }

  @Test
  void batchForgetsHaveNoReplyAndGiveLookUpsBack() {
    files.file("/b", "b");
    lookUpFirst();
    kernel.raw.clear();
    kernel.lookUp(1, "b");
    kernel.lookUp(1, "b");
    kernel.feed(Golden.BATCH_FORGET_IN);
    assertThat(kernel.raw).isEmpty();
    assertThat(kernel.counter("inodes")).isEqualTo(1);
    assertThat(kernel.counter("forgets-unknown")).isZero();
  }

  @Test
  void interrupt() {
    files.isCached = false;
    lookUpFirst();
    files.held.add("/a");
    kernel.raw.clear();
    kernel.feed(Golden.READ_IN);
    assertAnswer(Golden.INTERRUPT_IN, Golden.EINTR_OUT);
    assertAnswer(Golden.INTERRUPT_IN, Golden.EAGAIN_OUT);
  }

  @Test
  void notifications() {
    ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    HeaderDescriptor.putOut(out, 40, NotifyDescriptor.INVAL_INODE, 0);
    NotifyDescriptor.putInvalInode(
        out, HeaderDescriptor.OUT_LENGTH, 2, NotifyDescriptor.ATTRIBUTES_ONLY, 0);
    assertThat(hex(Arrays.copyOf(out.array(), 40))).isEqualTo(hex(Golden.INVAL_INODE));

    int length = NotifyDescriptor.putInvalEntry(out, 0, 1, FileNames.encode("a"));
    assertThat(hex(Arrays.copyOf(out.array(), length))).isEqualTo(hex(Golden.INVAL_ENTRY_BODY));

    length = NotifyDescriptor.putStore(out, 0, 2, 0, FileNames.encode("up\n"));
    assertThat(hex(Arrays.copyOf(out.array(), length))).isEqualTo(hex(Golden.STORE_BODY));

    NotifyDescriptor.putPoll(out, 0, 0x1122);
    assertThat(hex(Arrays.copyOf(out.array(), NotifyDescriptor.POLL_LENGTH)))
        .isEqualTo(hex(Golden.POLL_BODY));
  }
}
