package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.kenai.jffi.MemoryIO;
import java.io.IOException;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.shared.Memory;

/**
 * Memory with a descriptor that can be given away. Its size is sealed: no process can make it
 * shorter under another one that has mapped it. The file is gone when all processes have closed and
 * unmapped it.
 */
final class SharedFile implements AutoCloseable {
  private static final Posix POSIX = Posix.INSTANCE;

  final int fd;
  final Memory memory;
  private final long address;
  private final int bytes;
  private boolean closed;

  private SharedFile(int fd, long address, int bytes) {
    this.fd = fd;
    this.address = address;
    this.bytes = bytes;
    memory = new Memory(MemoryIO.getInstance().newDirectByteBuffer(address, bytes));
  }

  /**
   * Makes a file that is all zeroes.
   *
   * @param writable whether a process that gets the descriptor may write
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
      long address = POSIX.mmap(null, bytes, Posix.PROT_READ_WRITE, Posix.MAP_SHARED, fd, 0);
      if (address == Posix.MAP_FAILED) {
        throw failed(name, "mapped");
      }
      int seals = Posix.F_SEAL_SHRINK | Posix.F_SEAL_GROW | Posix.F_SEAL_SEAL;
      if (!writable) {
        // After it was mapped here: that mapping stays writable.
        seals |= Posix.F_SEAL_FUTURE_WRITE;
      }
      if (POSIX.fcntl(fd, Posix.F_ADD_SEALS, seals) != 0) {
        POSIX.munmap(address, bytes);
        throw failed(name, "sealed");
      }
      return new SharedFile(fd, address, bytes);
    } catch (IOException e) {
      POSIX.close(fd);
      throw e;
    }
  }

  private static IOException failed(String name, String what) {
    return new IOException("shared memory '" + name + "' cannot be " + what + ": " + Posix.error());
  }

  /** Gives the descriptor up; the memory stays. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      POSIX.close(fd);
    }
  }

  /** Gives the memory up too: no thread may touch it after this, not even to read. */
  void free() {
    close();
    POSIX.munmap(address, bytes);
  }
}
