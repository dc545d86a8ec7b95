package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.fuse.Errno;

/**
 * A directory with a descriptor, so that a system call reaches that very one, whatever becomes of
 * the names on the way to it. Its name was without links when it was opened.
 */
final class Pinned implements AutoCloseable {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private final int fd;
  private final Path path;

  private Pinned(int fd, Path path) {
    this.fd = fd;
    this.path = path;
  }

  /** Opens a directory itself. What is mounted on it is not asked. */
  static Pinned itself(Path real) throws IOException {
    int fd = open(real);
    return new Pinned(fd, DESCRIPTORS.resolve(Integer.toString(fd)));
  }

  /** Opens the directory above: the last name is looked up by the call. */
  static Pinned inParent(Path real) throws IOException {
    Path parent = real.getParent() == null ? real : real.getParent();
    int fd = open(parent);
    Path above = DESCRIPTORS.resolve(Integer.toString(fd));
    return new Pinned(fd, parent.equals(real) ? above : above.resolve(real.getFileName()));
  }

  private static int open(Path real) throws IOException {
    int fd = POSIX.open(Posix.string(real), Posix.O_PATH | Posix.O_CLOEXEC);
    if (fd < 0) {
      throw new IOException("%s cannot be opened: %s".formatted(real, Errno.text(Posix.errno())));
    }
    Path now = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(fd)));
    if (!now.equals(real)) {
      POSIX.close(fd);
      throw new IOException("%s is swapped for %s".formatted(real, now));
    }
    return fd;
  }

  /** What to call it in a system call. */
  Path path() {
    return path;
  }

  @Override
  public void close() {
    POSIX.close(fd);
  }
}
