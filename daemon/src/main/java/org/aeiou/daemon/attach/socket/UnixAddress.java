package org.aeiou.daemon.attach.socket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import org.aeiou.closures.posix.Posix;

/** The address of a Unix stream socket: struct sockaddr_un. */
final class UnixAddress {
  private static final int PATH = 2;

  /** With the NUL at its end, the path has 108 bytes. */
  private static final int LONGEST_PATH = 107;

  private final byte[] bytes = new byte[PATH + LONGEST_PATH + 1];
  private final int length;

  /**
   * @param path of {@link #LONGEST_PATH} bytes at the most
   */
  UnixAddress(Path path) {
    byte[] name = path.toString().getBytes(UTF_8);
    bytes[0] = Posix.AF_UNIX;
    System.arraycopy(name, 0, bytes, PATH, name.length);
    length = PATH + name.length + 1;
  }

  /** Whether programs will be able to connect to a socket with this path. */
  static void check(Path path) throws IOException {
    if (path.toString().getBytes(UTF_8).length > LONGEST_PATH) {
      throw new IOException(
          "is longer than the " + LONGEST_PATH + " bytes that a socket's path may have");
    }
    if (path.getFileName() == null) {
      throw new IOException("is a folder; expected the path of a file in one");
    }
  }

  /** A socket without an address, which does not block; -1 if there is none to be had. */
  static int socket() {
    int flags = Posix.SOCK_STREAM | Posix.SOCK_NONBLOCK | Posix.SOCK_CLOEXEC;
    return Posix.INSTANCE.socket(Posix.AF_UNIX, flags, 0);
  }

  /** False if it fails. */
  boolean bind(int socket) {
    return Posix.INSTANCE.bind(socket, bytes, length) == 0;
  }

  /** False if it fails. */
  boolean connect(int socket) {
    return Posix.INSTANCE.connect(socket, bytes, length) == 0;
  }
}
