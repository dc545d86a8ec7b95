package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.aeiou.daemon.app.MountedDaemonOrder;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.fuse.mount.MountPoint;
import org.aeiou.daemon.fuse.mount.Mounting;

/** A network that is mounted: which one a command means, and what its paths are called there. */
final class MountedNetwork {
  private final Path mounted;

  private MountedNetwork(Path mounted) {
    this.mounted = mounted.toAbsolutePath().normalize();
  }

  /**
   * The network at a mount point.
   *
   * @param given what the user said; null for the one that a path is in, or the only one there is
   * @param path the first that the command is about
   * @param otherwise what else the user may do where none is mounted
   */
  static MountedNetwork of(Path given, String path, String otherwise) throws IOException {
    return new MountedNetwork(given == null ? above(path, otherwise) : given);
  }

  private static Path above(String path, String otherwise) throws IOException {
    List<Path> all = MountPoint.all(Mounting.TYPE);
    Path absolute = Path.of(path).toAbsolutePath().normalize();
    for (Path mounted : all) {
      if (absolute.startsWith(mounted)) {
        return mounted;
      }
    }
    if (all.size() == 1) {
      return all.get(0);
    }
    throw new CommandFailure(
        ExitCode.MOUNT,
        all.isEmpty()
            ? "no network is mounted; mount one with 'aeiou mount FILE MOUNTPOINT'" + otherwise
            : "several networks are mounted, "
                + all.stream().map(Path::toString).collect(Collectors.joining(", "))
                + "; say which one with '--mount MOUNTPOINT'");
  }

  /** Where its daemon listens. */
  Path socket(String otherwise) throws IOException {
    try {
      return MountedDaemonOrder.socketOf(mounted, otherwise);
    } catch (MountedDaemonOrder.NotGivenException e) {
      throw CommandFailure.of(e);
    }
  }

  /**
   * A path as the daemon knows it: below the mount point, if it is there by the current directory;
   * else as it is.
   */
  String below(String path) {
    Path absolute = Path.of(path).toAbsolutePath().normalize();
    return path.indexOf('/') >= 0 && absolute.startsWith(mounted)
        ? mounted.relativize(absolute).toString()
        : path;
  }

  @Override
  public String toString() {
    return mounted.toString();
  }
}
