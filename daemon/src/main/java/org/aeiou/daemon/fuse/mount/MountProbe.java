package org.aeiou.daemon.fuse.mount;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  /** A property of Java shortens it, for tests of what hangs. */
  private static final Duration DEADLINE =
      Duration.ofMillis(Long.getLong("aeiou.mount.answer.ms", 5000));

  /** Longer than any file that is read here. */
  private static final int MOST_BYTES = 1 << 20;

  private MountProbe() {}

  /**
   * Asks a mount of this kind with statfs(2), which the kernel never answers from what it knows,
   * and a daemon at once.
   */
  static MountPoint.Health health(Path mountPoint) throws IOException {
    try {
      return within(DEADLINE, () -> asked(mountPoint));
    } catch (TimeoutException e) {
      return MountPoint.Health.HANGS;
    }
  }

  private static MountPoint.Health asked(Path mountPoint) {
    byte[] path = Posix.string(mountPoint);
    if (Posix.INSTANCE.statfs(path, new byte[Posix.STATFS_LENGTH]) == 0) {
      return MountPoint.Health.ALIVE;
    }
    int errno = Posix.errno();
    return errno == Errno.ENOTCONN || errno == Errno.ECONNABORTED
        ? MountPoint.Health.DEAD
        : MountPoint.Health.ALIVE;
  }

  /** Asks the same, and for texts in it; those that are not there are left out. */
  static MountPoint.Answer ask(Path mountPoint, List<String> files, Duration deadline)
      throws IOException {
    try {
      return within(
          deadline,
          () -> {
            Map<String, String> texts = new LinkedHashMap<>();
            MountPoint.Health health = asked(mountPoint);
            if (health == MountPoint.Health.ALIVE) {
              for (String file : files) {
                text(mountPoint.resolve(file)).ifPresent(text -> texts.put(file, text));
              }
            }
            return new MountPoint.Answer(health, texts);
          });
    } catch (TimeoutException e) {
      return new MountPoint.Answer(MountPoint.Health.HANGS, Map.of());
    }
  }

  private static Optional<String> text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(new String(in.readNBytes(MOST_BYTES), UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes calls that look at a path.
   *
   * @throws IOException theirs; or, in words, which mount does not answer
   */
  static <T> T look(Path path, Callable<T> calls) throws IOException {
    try {
      return within(DEADLINE, calls);
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

  private static <T> T within(Duration deadline, Callable<T> calls)
      throws IOException, TimeoutException {
    FutureTask<T> task = new FutureTask<>(calls);
    Thread thread = new Thread(task, "aeiou-mount-probe");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
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
