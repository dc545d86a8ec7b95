package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.aeiou.closures.shared.Posix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket that programs connect to: where it is, and whose. */
final class ListeningSocket {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int ADDRESS_BYTES = 110;
  private static final int LONGEST_PATH = 107;
  private static final int BACKLOG = 128;

  private ListeningSocket() {}

  /**
   * Opens the socket.
   *
   * @throws IOException if that is not possible, or the folder is somebody else's
   */
  static int open(AttachOptions options) throws IOException {
    Path path = options.socket();
    byte[] name = path.toString().getBytes(UTF_8);
    if (name.length > LONGEST_PATH) {
      throw new IOException(
          path + ": is longer than the " + LONGEST_PATH + " bytes that a socket's path may have");
    }
    Files.createDirectories(path.getParent());
    checkOwner(path.getParent());
    Files.deleteIfExists(path);
    int fd = POSIX.socket(Posix.AF_UNIX, flags(), 0);
    byte[] address = new byte[ADDRESS_BYTES];
    address[0] = Posix.AF_UNIX;
    System.arraycopy(name, 0, address, 2, name.length);
    if (fd < 0 || POSIX.bind(fd, address, name.length + 3) != 0 || POSIX.listen(fd, BACKLOG) != 0) {
      int errno = Posix.errno();
      POSIX.close(fd);
      throw new IOException(path + ": programs cannot attach there: error " + errno);
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(text(options.mode())));
    give(path, "unix:uid", options.uid());
    give(path, "unix:gid", options.group());
    return fd;
  }

  /** Whoever owns the folder could put another socket in the place of this one. */
  private static void checkOwner(Path folder) throws IOException {
    int owner = (Integer) Files.getAttribute(folder, "unix:uid");
    if (owner != 0 && owner != POSIX.geteuid()) {
      throw new IOException(
          folder
              + ": belongs to user "
              + owner
              + "; expected a folder of user "
              + POSIX.geteuid()
              + " or of root for the socket, see attach.socket in the configuration");
    }
  }

  private static void give(Path path, String attribute, int to) throws IOException {
    if (((Integer) Files.getAttribute(path, attribute)) == to) {
      return;
    }
    try {
      Files.setAttribute(path, attribute, to);
    } catch (IOException e) {
      // Only root can give it to anybody; others to groups that they are in.
      LOG.warn("{}: its {} cannot be made {}: {}", path, attribute, to, e.getMessage());
    }
  }

  private static int flags() {
    return Posix.SOCK_STREAM | Posix.SOCK_NONBLOCK | Posix.SOCK_CLOEXEC;
  }

  private static String text(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return text.toString();
  }
}
