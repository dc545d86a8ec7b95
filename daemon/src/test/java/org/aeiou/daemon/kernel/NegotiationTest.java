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
  private final KernelSide kernel = new KernelSide(new MemoryFileSystem());

  private KernelSide.Message init(int major, int minor, int length, long flags) {
    byte[] body = new byte[length];
    ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    in.putInt(0, major).putInt(4, minor).putInt(8, 1 << 20).putInt(12, (int) flags);
    if (length > 16) {
      in.putInt(16, (int) (flags >>> 32));
    }
    return kernel.ask(Opcode.INIT, 0, body);
  }

  @Test
  void versionIsTheLowerOfBoth() {
    assertThat(init(7, 31, 16, 0).intAt(4)).isEqualTo(31);
    assertThat(kernel.negotiation.version()).isEqualTo("7.31");
    assertThat(init(7, 45, 64, 0).intAt(4)).isEqualTo(45);
    assertThat(init(7, 99, 64, 0).intAt(4)).isEqualTo(Negotiation.NEWEST_MINOR);
  }

  @Test
  void kernelWithANewerMajorIsToldTheOneSpokenHere() {
    KernelSide.Message reply = init(8, 0, 64, 0);
    assertThat(reply.payload()).hasSize(8);
    assertThat(reply.intAt(0)).isEqualTo(7);
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
    assertThat(Integer.toUnsignedLong(all.intAt(12))).isEqualTo(Negotiation.WANTED);
    assertThat(all.intAt(12) & InitDescriptor.ASYNC_READ).isZero();
    assertThat(all.intAt(32)).isZero();
    assertThat(kernel.negotiation.has(InitDescriptor.NO_OPEN_SUPPORT)).isTrue();
    assertThat(init(7, 31, 16, 0).intAt(12)).isZero();
    assertThat(kernel.negotiation.has(InitDescriptor.NO_OPEN_SUPPORT)).isFalse();
  }
}
