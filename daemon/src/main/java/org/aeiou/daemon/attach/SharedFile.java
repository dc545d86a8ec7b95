package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Posix;

/**
 * Memory with a descriptor that can be given away. Its size is sealed: nobody can make it shorter
 * under whoever has mapped it. It is mapped for as long as this process holds on to the memory; the
 * descriptor is closed by {@link #close}, and the file is gone when everybody has let go.
 */
final class SharedFile implements AutoCloseable {
  private static final Posix POSIX = Posix.INSTANCE;

  final int fd;
  final Memory memory;
  private boolean closed;

  private SharedFile(int fd, Memory memory) {
    this.fd = fd;
    this.memory = memory;
  }

  /**
   * Makes a file that is all zeroes.
   *
   * @param writable whether those who get the descriptor may write
   * @throws IOException if there is no memory, or no descriptor, for it
   */
  static SharedFile create(String name, int bytes, boolean writable) throws IOException {
    byte[] text = (name + '\0').getBytes(UTF_8);
    int fd = POSIX.memfd_create(text, Posix.MFD_CLOEXEC | Posix.MFD_ALLOW_SEALING);
    if (fd < 0) {
      throw failed(name, "created");
    }
    try {
      if (POSIX.ftruncate(fd, bytes) != 0) {
        throw failed(name, "made " + bytes + " bytes long");
      }
      Memory memory = new Memory(map(fd, bytes));
      int seals = Posix.F_SEAL_SHRINK | Posix.F_SEAL_GROW | Posix.F_SEAL_SEAL;
      if (!writable) {
        // After it was mapped here: that mapping stays writable.
        seals |= Posix.F_SEAL_FUTURE_WRITE;
      }
      if (POSIX.fcntl(fd, Posix.F_ADD_SEALS, seals) != 0) {
        throw failed(name, "sealed");
      }
      return new SharedFile(fd, memory);
    } catch (IOException e) {
      POSIX.close(fd);
      throw e;
    }
  }

  private static MappedByteBuffer map(int fd, int bytes) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile("/proc/self/fd/" + fd, "rw")) {
      return file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, bytes);
    }
  }

  private static IOException failed(String name, String what) {
    return new IOException(
        "shared memory '" + name + "' cannot be " + what + ": error " + Posix.errno());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      POSIX.close(fd);
    }
  }
}
