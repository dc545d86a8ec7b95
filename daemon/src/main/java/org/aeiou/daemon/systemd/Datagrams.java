package org.aeiou.daemon.systemd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.aeiou.closures.posix.Posix;

/**
 * Sends datagrams to a Unix socket. Any thread may call any method; a datagram is sent whole or not
 * at all, and sending does not wait.
 */
final class Datagrams implements AutoCloseable {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int PATH = 2;
  private static final int LONGEST_PATH = 107;

  /** What systemd and its journal take in one, beside what they take as a file. */
  private static final int MOST_BYTES = 64 << 10;

  private final byte[] address;

  // Guarded by this.
  private final ByteBuffer buffer = Posix.buffer(MOST_BYTES);
  private final long bufferAddress = Posix.address(buffer);
  private int socket = -1;

  /**
   * Sends nothing yet.
   *
   * @param name a path; or, after an {@code @}, a name of the abstract namespace (unix(7))
   * @throws IOException if it is neither
   */
  Datagrams(String name) throws IOException {
    byte[] path = name.getBytes(UTF_8);
    boolean isAbstract = name.startsWith("@");
    if (!isAbstract && !name.startsWith("/")) {
      throw new IOException("'" + name + "' is no socket; expected a path, or a name after '@'");
    }
    if (path.length > LONGEST_PATH) {
      throw new IOException("'" + name + "' is too long; expected " + LONGEST_PATH + " bytes");
    }
    if (isAbstract) {
      path[0] = 0;
    }
    // The length tells the end of an abstract name; a path has a NUL.
    address =
        Arrays.copyOf(new byte[] {Posix.AF_UNIX, 0}, PATH + path.length + (isAbstract ? 0 : 1));
    System.arraycopy(path, 0, address, PATH, path.length);
  }

  /** Sends one. Returns 0, or why it was not sent (errno). */
  synchronized int send(byte[] datagram) {
    if (datagram.length > MOST_BYTES) {
      return Posix.EMSGSIZE;
    }
    buffer.clear().put(datagram);
    int errno = trySend(datagram.length);
    if (errno != 0 && errno != Posix.EAGAIN && errno != Posix.EMSGSIZE) {
      // The receiver was started anew, and has another socket of that name.
      disconnect();
      errno = trySend(datagram.length);
    }
    return errno;
  }

  private int trySend(int length) {
    if (socket < 0 && !connect()) {
      int errno = Posix.errno();
      disconnect();
      return errno;
    }
    long sent = POSIX.send(socket, bufferAddress, length, Posix.MSG_DONTWAIT | Posix.MSG_NOSIGNAL);
    return sent < 0 ? Posix.errno() : 0;
  }

  private boolean connect() {
    socket = POSIX.socket(Posix.AF_UNIX, Posix.SOCK_DGRAM | Posix.SOCK_CLOEXEC, 0);
    return socket >= 0 && POSIX.connect(socket, address, address.length) == 0;
  }

  private void disconnect() {
    if (socket >= 0) {
      POSIX.close(socket);
      socket = -1;
    }
  }

  @Override
  public synchronized void close() {
    disconnect();
  }
}
