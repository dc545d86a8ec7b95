package org.aeiou.daemon.kernel.portable;

import static com.google.common.util.concurrent.Uninterruptibles.awaitUninterruptibly;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import jnr.ffi.Memory;
import jnr.ffi.Runtime;
import org.aeiou.daemon.kernel.Errno;
import org.aeiou.daemon.kernel.portable.MountTable.Mounted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that is mounted on: what must be true of it before, and how the mount is taken away
 * again whoever still holds a file open in it.
 */
final class MountPoint {
  private static final Logger log = LoggerFactory.getLogger(MountPoint.class);

  static final String SUBTYPE = "aeiou";
  private static final String TYPE = "fuse." + SUBTYPE;

  /** At least as large as {@code struct statvfs} anywhere. */
  private static final int STATVFS_SIZE = 256;

  private final Path directory;
  private final LibC libc = LibC.Holder.libc();
  private volatile int device = -1;

  private MountPoint(Path directory) {
    this.directory = directory;
  }

  /**
   * Looks at the directory, and takes away a mount of ours whose daemon is gone.
   *
   * @throws IOException if it cannot be mounted on
   */
  static MountPoint prepare(Path path) throws IOException {
    MountPoint point = new MountPoint(real(path));
    Optional<Mounted> there = MountTable.read().at(point.directory);
    if (there.isPresent()) {
      point.removeStale(there.get());
      point = new MountPoint(real(path));
    }
    point.check();
    return point;
  }

  Path directory() {
    return directory;
  }

  /** Without touching the directory itself: at a dead mount that would fail. */
  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException("mount point '" + path + "' is the root; use an empty directory");
    }
    if (Files.isSymbolicLink(absolute)) {
      return absolute.toRealPath();
    }
    return Files.exists(parent) ? parent.toRealPath().resolve(absolute.getFileName()) : absolute;
  }

  private void removeStale(Mounted mounted) throws IOException {
    if (!mounted.type().equals(TYPE) || !isDead()) {
      throw new IOException(
          "mount point '%s' is mounted already (%s from %s); unmount it or use another directory"
              .formatted(directory, mounted.type(), mounted.source()));
    }
    if (libc.umount2(directory.toString(), LibC.MNT_DETACH) != 0
        && !fusermount("-u", "-z", directory.toString())) {
      throw new IOException(
          "mount point '%s' has a mount whose daemon is gone, and it cannot be removed; run: umount -l '%s'"
              .formatted(directory, directory));
    }
    log.info("removed the mount of a daemon that is gone from {}", directory);
  }

  private boolean isDead() {
    Runtime runtime = Runtime.getSystemRuntime();
    int result = libc.statvfs(directory.toString(), Memory.allocateDirect(runtime, STATVFS_SIZE));
    return result != 0 && runtime.getLastError() == Errno.ENOTCONN;
  }

  private void check() throws IOException {
    if (!Files.exists(directory)) {
      throw new IOException(
          "mount point '%s' does not exist; run: mkdir -p '%s'".formatted(directory, directory));
    }
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          "mount point '%s' is not a directory; use an empty directory".formatted(directory));
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      if (entries.iterator().hasNext()) {
        throw new IOException(
            "mount point '%s' is not empty; use an empty directory".formatted(directory));
      }
    }
    if (!Files.exists(Path.of("/dev/fuse")) && Files.exists(Path.of("/proc/self"))) {
      throw new IOException(
          "cannot mount on '%s': there is no /dev/fuse; run: modprobe fuse (in a container: start it with --device /dev/fuse --cap-add SYS_ADMIN)"
              .formatted(directory));
    }
  }

  /** Remembers which mount is ours; called when it answers. */
  void mounted() throws IOException {
    device = MountTable.read().at(directory).map(Mounted::device).orElse(-1);
  }

  /**
   * Unmounts: in peace if nobody has a file open, else by force, so that whoever still waits gets
   * an error and libfuse ends.
   *
   * @param ended counted down when libfuse has ended
   */
  void unmount(CountDownLatch ended) throws IOException {
    if (device < 0) {
      // It never answered. Nothing was mounted there before, so what is there now is ours.
      mounted();
    }
    // Who was just given an error needs a moment to close his file.
    for (int attempt = 0; attempt < 25 && ended.getCount() > 0 && isOurs(); attempt++) {
      if (libc.umount2(directory.toString(), 0) == 0
          || (Runtime.getSystemRuntime().getLastError() == Errno.EPERM
              && fusermount("-u", directory.toString()))) {
        break;
      }
      if (awaitUninterruptibly(ended, 20, MILLISECONDS)) {
        return;
      }
    }
    if (isOurs()
        && libc.umount2(directory.toString(), LibC.MNT_FORCE | LibC.MNT_DETACH) != 0
        && !fusermount("-u", "-z", directory.toString())) {
      log.warn("{} is still mounted; run: umount -l '{}'", directory, directory);
    }
    if (!awaitUninterruptibly(ended, 1, SECONDS)) {
      // Taken out of the tree, but somebody's open file keeps the connection alive.
      abort();
    }
    if (!awaitUninterruptibly(ended, 10, SECONDS)) {
      log.error("libfuse has not ended 10 s after {} was unmounted", directory);
    }
  }

  private boolean isOurs() throws IOException {
    return MountTable.read()
        .at(directory)
        .filter(mount -> mount.type().equals(TYPE) && mount.device() == device)
        .isPresent();
  }

  private void abort() throws IOException {
    Path abort = Path.of("/sys/fs/fuse/connections", Integer.toString(device), "abort");
    if (device >= 0 && Files.exists(abort)) {
      Files.writeString(abort, "1");
    }
  }

  private static boolean fusermount(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("fusermount"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
