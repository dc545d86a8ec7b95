package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.fuse.Errno;

/**
 * Looks at places in the tree that may never answer, as what is mounted there may hang: on a thread
 * of its own each time, which is left behind when the time is up. The thread ends with the mount,
 * or with the process.
 */
final class MountProbe {
  private static final int DEADLINE_SECONDS = 5;

  /** What can be said of a mount by asking it. */
  enum Health {
    ALIVE,
    /** Its daemon is gone. */
    DEAD,
    /** There is no answer in time. */
    HANGS
  }

  private MountProbe() {}

  /**
   * Asks a mount of this kind with statfs(2), which the kernel never answers from what it knows,
   * and a daemon at once.
   */
  static Health health(Path mountPoint) throws IOException {
    byte[] path = Posix.string(mountPoint);
    try {
      int errno =
          within(
              () ->
                  Posix.INSTANCE.statfs(path, new byte[Posix.STATFS_LENGTH]) == 0
                      ? 0
                      : Posix.errno());
      return errno == Errno.ENOTCONN || errno == Errno.ECONNABORTED ? Health.DEAD : Health.ALIVE;
    } catch (TimeoutException e) {
      return Health.HANGS;
    }
  }

  /**
   * Makes calls that look at a path.
   *
   * @throws IOException theirs; or, in words, which mount does not answer
   */
  static <T> T look(Path path, Callable<T> calls) throws IOException {
    try {
      return within(calls);
    } catch (TimeoutException e) {
      throw new IOException(
          MountTable.read()
              .above(path)
              .map(
                  entry ->
                      "%s: the mount on %s (%s, type %s) does not answer; unmount that first: %s %s"
                          .formatted(
                              path,
                              entry.mountPoint(),
                              entry.source(),
                              entry.type(),
                              entry.type().equals(Mounting.TYPE) ? "aeiou umount" : "umount -l",
                              entry.mountPoint()))
              .orElse(path + ": does not answer"),
          e);
    }
  }

  private static <T> T within(Callable<T> calls) throws IOException, TimeoutException {
    FutureTask<T> task = new FutureTask<>(calls);
    Thread thread = new Thread(task, "aeiou-mount-probe");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while looking at what is mounted", e);
    }
  }
}
