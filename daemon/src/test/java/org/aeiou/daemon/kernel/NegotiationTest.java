package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.aeiou.daemon.contract.MemoryFileSystem;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.InitDescriptor;
import org.aeiou.daemon.fuse.Opcode;
import org.junit.jupiter.api.Test;

/** Which kernels are spoken to, and in which version. */
final class NegotiationTest {
  /** Offsets in {@code struct fuse_init_in} and {@code fuse_init_out}: both begin alike. */
  private static final int MAJOR = 0;

  private static final int MINOR = 4;
  private static final int READ_AHEAD = 8;
  private static final int FLAGS = 12;
  private static final int IN_FLAGS2 = 16;
  private static final int OUT_FLAGS2 = 32;

  private final KernelSide kernel = new KernelSide(new MemoryFileSystem());

  private KernelSide.Message init(int major, int minor, int length, long flags) {
    byte[] body = new byte[length];
    ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    in.putInt(MAJOR, major)
        .putInt(MINOR, minor)
        .putInt(READ_AHEAD, 1 << 20)
        .putInt(FLAGS, (int) flags);
    if (length > IN_FLAGS2) {
      in.putInt(IN_FLAGS2, (int) (flags >>> 32));
    }
    return kernel.ask(Opcode.INIT, 0, body);
  }

  @Test
  void versionIsTheLowerOfBoth() {
    assertThat(init(7, 31, 16, 0).intAt(MINOR)).isEqualTo(31);
    assertThat(kernel.negotiation.version()).isEqualTo("7.31");
    assertThat(init(7, 45, 64, 0).intAt(MINOR)).isEqualTo(45);
    assertThat(init(7, 99, 64, 0).intAt(MINOR)).isEqualTo(Negotiation.NEWEST_MINOR);
  }

  @Test
  void kernelWithANewerMajorIsToldTheOneSpokenHere() {
    KernelSide.Message reply = init(8, 0, 64, 0);
    assertThat(reply.payload()).hasSize(8);
    assertThat(reply.intAt(MAJOR)).isEqualTo(7);
    assertThat(kernel.negotiation.isAgreed()).isFalse();
  }

  @Test
  void kernelThatIsTooOldIsRefusedInWords() {
    assertThat(init(7, 30, 16, 0).error()).isEqualTo(Errno.EPROTO);
    assertThat(kernel.negotiation.refusal()).contains("7.30", "7.31", "Linux 5.4");
    assertThat(init(6, 99, 16, 0).error()).isEqualTo(Errno.EPROTO);
  }

  @Test
  void onlyWhatIsOfferedAndWantedIsAgreed() {
    KernelSide.Message all = init(7, 45, 64, -1L);
    assertThat(Integer.toUnsignedLong(all.intAt(FLAGS))).isEqualTo(Negotiation.WANTED);
    assertThat(all.intAt(FLAGS) & InitDescriptor.ASYNC_READ).isZero();
    assertThat(all.intAt(OUT_FLAGS2)).isZero();
    assertThat(kernel.negotiation.has(InitDescriptor.NO_OPEN_SUPPORT)).isTrue();
    assertThat(init(7, 31, 16, 0).intAt(FLAGS)).isZero();
    assertThat(kernel.negotiation.has(InitDescriptor.NO_OPEN_SUPPORT)).isFalse();
  }
}
