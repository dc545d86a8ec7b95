package org.aeiou.daemon.kernel;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.fuse.Errno;

/**
 * An open {@code /dev/fuse} that a mount belongs to: messages in, messages out. Any thread may call
 * any method; as many as like may read and send at once.
 */
final class FuseDevice implements ReplySink {
  private static final Posix POSIX = Posix.INSTANCE;

  private final int fd;

  /**
   * Read-locked while sending, so that a reply that comes late is never written to what the number
   * of the descriptor stands for by then.
   */
  private final StampedLock lock = new StampedLock();

  private boolean closed;

  FuseDevice(int fd) {
    this.fd = fd;
  }

  int fd() {
    return fd;
  }

  /**
   * Waits for a request and reads it.
   *
   * @param buffer off the heap; on success position 0 and limit what was read
   * @param address its {@link Posix#address}
   * @return 0 or the error number: ENODEV when unmounted
   */
  int receive(ByteBuffer buffer, long address) {
    buffer.clear();
    long length = POSIX.read(fd, address, buffer.capacity());
    if (length < 0) {
      return Posix.errno();
    }
    buffer.limit((int) length).position(0);
    return 0;
  }

  @Override
  public int send(Reply message) {
    long stamp = lock.readLock();
    try {
      if (closed) {
        return Errno.ENODEV;
      }
      if (message.address == 0) {
        // Finding out takes longer than all else here.
        message.address = Posix.address(message.bytes());
      }
      // A message is taken whole or not at all.
      return POSIX.write(fd, message.address, message.length()) < 0 ? Posix.errno() : 0;
    } finally {
      lock.unlockRead(stamp);
      // The memory is its; an address alone would not keep it.
      Reference.reachabilityFence(message);
    }
  }

  /** Closes the descriptor. No thread may be receiving. */
  void close() {
    long stamp = lock.writeLock();
    try {
      if (!closed) {
        closed = true;
        POSIX.close(fd);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }
}
