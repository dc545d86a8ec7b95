package org.aeiou.daemon.attach.socket;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;
import org.aeiou.closures.shared.HelloDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room for a socket. A stale one is removed: its daemon is gone or does not answer any more.
 * The socket of a daemon that serves, and what is no socket, is left alone.
 */
final class StaleSocket {
  private static final Logger LOG = LoggerFactory.getLogger(StaleSocket.class);
  private static final Posix POSIX = Posix.INSTANCE;

  /** How long a daemon has for an answer; one that serves gives it at once. */
  private static final int PATIENCE_MILLIS = 5_000;

  /** Between two tries to connect to a daemon with a full queue. */
  private static final int PAUSE_MILLIS = 50;

  private StaleSocket() {}

  /**
   * Removes a stale socket, if there is one.
   *
   * @param place where it is, for system calls, in a folder that only this user can change
   * @param shown the same for people
   * @throws IOException if what is there is left alone; says what it is and what to do
   */
  static void remove(Path place, Path shown) throws IOException {
    FileStatus there;
    try {
      there = FileStatus.of(place, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!there.isSocket()) {
      throw new IOException(
          "what is there is not a socket ("
              + there.ownerAndMode()
              + ") and is left alone; move it away, or set attach.socket to another place");
    }
    int fd = UnixAddress.socket();
    try {
      if (isConnected(fd, new UnixAddress(place))) {
        int process = new PeerCredentials().process(fd);
        if (isAnswered(fd)) {
          throw new IOException(
              "process "
                  + process
                  + " serves programs there; unmount what it has mounted, or set attach.socket to"
                  + " another place");
        }
        LOG.warn("{}: taken from process {}, which does not answer", shown, process);
      }
    } finally {
      POSIX.close(fd);
    }
    Files.deleteIfExists(place);
  }

  private static boolean isConnected(int fd, UnixAddress address) {
    for (int waited = 0; waited < PATIENCE_MILLIS; waited += PAUSE_MILLIS) {
      if (address.connect(fd)) {
        return true;
      }
      // EAGAIN: its queue is full. Anything else: no process has it open.
      if (Posix.errno() != Posix.EAGAIN) {
        return false;
      }
      var unused = POSIX.poll(0, 0, PAUSE_MILLIS);
    }
    return false;
  }

  /** Whether there is an answer to a hello, which with nothing but zeroes in it is a refusal. */
  private static boolean isAnswered(int fd) {
    Structure hello = new Structure(HelloDescriptor.BYTES);
    PollSet polled = new PollSet();
    polled.add(fd);
    try {
      return POSIX.send(fd, hello.address, hello.length(), Posix.MSG_NOSIGNAL) < 0
          || polled.await(PATIENCE_MILLIS);
    } finally {
      Reference.reachabilityFence(hello);
    }
  }
}
