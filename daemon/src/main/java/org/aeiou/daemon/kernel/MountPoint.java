package org.aeiou.daemon.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory that is mounted on: whether it can be, and what is there now. */
public final class MountPoint {
  private static final Logger LOG = LoggerFactory.getLogger(MountPoint.class);

  /** For how long a mount that may be dead is waited for. */
  private static final int DEADLINE_SECONDS = 5;

  /** So many mounts on top of each other are not removed one by one. */
  private static final int DEEPEST = 16;

  private final Path path;

  private MountPoint(Path path) {
    this.path = path;
  }

  /**
   * The mount point as the kernel calls it. Its last name is not looked at: asking a dead mount for
   * anything fails.
   *
   * @throws IOException if the directory it is in does not exist
   */
  public static MountPoint of(Path given) throws IOException {
    Path absolute = given.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      return new MountPoint(absolute);
    }
    if (!Files.isDirectory(parent)) {
      throw new IOException(missing(absolute));
    }
    Path path = parent.toRealPath().resolve(absolute.getFileName());
    return new MountPoint(Files.isSymbolicLink(path) ? path.toRealPath() : path);
  }

  public Path path() {
    return path;
  }

  /** What is mounted here, if anything is. */
  public Optional<MountTable.Entry> mounted() throws IOException {
    return MountTable.read().at(path);
  }

  /**
   * Makes sure that it can be mounted on, and removes mounts that a daemon left here when it died.
   *
   * @throws IOException saying what stands in the way
   */
  public void prepare(Mounting mounting) throws IOException {
    Optional<MountTable.Entry> there = mounted();
    for (int i = 0; i < DEEPEST && there.isPresent(); i++) {
      MountTable.Entry entry = there.get();
      if (!entry.type().equals(Mounting.TYPE) || !isDead()) {
        throw new IOException(
            "%s: is already mounted: %s (type %s); unmount it first: umount %s"
                .formatted(path, entry.source(), entry.type(), path));
      }
      LOG.warn("{}: removing the mount of a daemon that is gone", path);
      if (mounting.unmount(path) == Mounting.Unmounted.BUSY) {
        mounting.detach(path);
      }
      there = mounted();
    }
    check();
  }

  /**
   * Whether the mount here has no daemon any more. Asked with statfs(2), which the kernel never
   * answers from what it knows.
   */
  private boolean isDead() throws IOException {
    FutureTask<Integer> asking =
        new FutureTask<>(
            () ->
                LibC.INSTANCE.statfs(LibC.string(path), new byte[LibC.STATFS_LENGTH]) == 0
                    ? 0
                    : LibC.errno());
    Thread thread = new Thread(asking, "aeiou-mount-check");
    thread.setDaemon(true);
    thread.start();
    try {
      int errno = asking.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      return errno == Errno.ENOTCONN || errno == Errno.ECONNABORTED;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException(path + ": cannot be looked at", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(path + ": interrupted while looking at what is mounted there", e);
    }
  }

  private void check() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(missing(path));
    }
    if (!Files.isDirectory(path)) {
      throw new IOException(
          "%s: the mount point is not a directory; give an empty directory".formatted(path));
    }
    Path first;
    try (Stream<Path> children = Files.list(path)) {
      first = children.findFirst().orElse(null);
    } catch (IOException e) {
      throw new IOException("%s: the mount point cannot be read: no permission".formatted(path), e);
    }
    if (first != null) {
      throw new IOException(
          "%s: the mount point is not empty (it holds '%s'); give an empty directory"
              .formatted(path, first.getFileName()));
    }
  }

  private static String missing(Path path) {
    return "%s: the mount point does not exist; create it first: mkdir -p %s".formatted(path, path);
  }
}
