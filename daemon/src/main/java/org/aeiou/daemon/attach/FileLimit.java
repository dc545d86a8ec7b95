package org.aeiou.daemon.attach;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;

/**
 * How many files this process may have open (RLIMIT_NOFILE), and how many of them programs that
 * attach may take. The daemon keeps some for itself: without one it can neither be mounted nor read
 * its configuration again.
 *
 * @param limit how many it may have
 * @param used how many it has before the first program attaches
 */
record FileLimit(int limit, int used) {
  /**
   * For {@code /dev/fuse}, the pipes and sockets of {@code fusermount3}, files that are read,
   * look-ups of names, and what a client has while it is welcomed.
   */
  static final int RESERVED = 48;

  /** Its socket and its bell; and as much again for connections that have said no hello yet. */
  private static final int OF_CLIENT = 4;

  private static final Path OWN = Path.of("/proc/self/fd");

  static FileLimit ofThisProcess() throws IOException {
    Structure limits = new Structure(2 * Long.BYTES);
    if (Posix.INSTANCE.getrlimit(Posix.RLIMIT_NOFILE, limits.address) != 0) {
      throw new IOException("the limit of open files cannot be read: " + Posix.error());
    }
    // Without a limit it is -1.
    long limit = limits.bytes.getLong(0);
    try (Stream<Path> all = Files.list(OWN)) {
      return new FileLimit(
          (int) Math.min(limit & Long.MAX_VALUE, Integer.MAX_VALUE), (int) all.count());
    }
  }

  /** For how many clients there are enough. */
  int clients() {
    return Math.max(0, (limit - used - RESERVED) / OF_CLIENT);
  }

  /** Which limit would be enough for so many. */
  int neededFor(int clients) {
    return used + RESERVED + OF_CLIENT * clients;
  }
}
