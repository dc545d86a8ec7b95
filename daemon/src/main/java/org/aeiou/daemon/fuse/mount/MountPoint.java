package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory that is mounted on: whether it can be, and what is there now. */
public final class MountPoint {
  private static final Logger LOG = LoggerFactory.getLogger(MountPoint.class);

  /** So many mounts on top of each other are not removed one by one. */
  private static final int DEEPEST = 16;

  /** As many as the kernel follows on one path (MAXSYMLINKS). */
  private static final int MOST_LINKS = 40;

  /** What can be said of a mount by asking it. */
  public enum Health {
    ALIVE,
    /** Its daemon is gone. */
    DEAD,
    /** There is no answer in time. */
    HANGS
  }

  /**
   * What a mount answers.
   *
   * @param texts what it says, by file; empty unless it is alive
   */
  public record Answer(Health health, Map<String, String> texts) {}

  private final Path path;

  private MountPoint(Path path) {
    this.path = path;
  }

  /**
   * The mount point as the kernel calls it. What is mounted on it is not looked at: a mount that is
   * dead or hangs answers with an error, or never.
   *
   * @throws IOException if the directory it is in does not exist, or does not answer
   */
  public static MountPoint of(Path given) throws IOException {
    Path absolute = given.toAbsolutePath().normalize();
    return MountProbe.look(absolute, () -> new MountPoint(resolved(absolute)));
  }

  private static Path resolved(Path absolute) throws IOException {
    Path path = absolute;
    for (int links = 0; links < MOST_LINKS; links++) {
      Path parent = path.getParent();
      if (parent == null) {
        return path;
      }
      if (!Files.isDirectory(parent)) {
        throw new IOException(missing(absolute));
      }
      path = parent.toRealPath().resolve(path.getFileName());
      if (MountTable.read().at(path).isPresent() || !Files.isSymbolicLink(path)) {
        return path;
      }
      path = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
    }
    throw new IOException(absolute + ": too many symbolic links lead to one another");
  }

  /** Where file systems of a type are mounted, each place once. */
  public static List<Path> all(String type) throws IOException {
    return MountTable.read().of(type).stream().distinct().map(Path::of).toList();
  }

  /** A place out of the table of mounts, which has them as the kernel calls them. */
  public static MountPoint ofMounted(Path place) {
    return new MountPoint(place);
  }

  public Path path() {
    return path;
  }

  /** What is mounted here, if anything is. */
  public Optional<MountTable.Entry> mounted() throws IOException {
    return MountTable.read().at(path);
  }

  /** Whether there is a daemon behind what is mounted here. Takes seconds if it hangs. */
  public boolean isAnswering() throws IOException {
    return MountProbe.health(path) == Health.ALIVE;
  }

  /**
   * Asks what is mounted here for texts, by their paths in it. Takes no longer than the deadline.
   *
   * @throws IOException if it does not let this user in, or a text cannot be read
   */
  public Answer ask(List<String> files, Duration deadline) throws IOException {
    return MountProbe.ask(path, files, deadline);
  }

  /**
   * Makes sure that it can be mounted on, and removes mounts of daemons that died here, or hang.
   *
   * @throws IOException saying what stands in the way
   */
  public void prepare(Mounting mounting) throws IOException {
    Optional<MountTable.Entry> there = mounted();
    for (int i = 0; i < DEEPEST && there.isPresent(); i++) {
      MountTable.Entry entry = there.get();
      Health health = entry.type().equals(Mounting.TYPE) ? MountProbe.health(path) : Health.ALIVE;
      switch (health) {
        case ALIVE ->
            throw new IOException(
                "%s: is already mounted: %s (type %s); unmount it first: %s %s"
                    .formatted(
                        path,
                        entry.source(),
                        entry.type(),
                        entry.type().equals(Mounting.TYPE) ? "aeiou umount" : "umount",
                        path));
        case DEAD -> {
          LOG.warn("{}: removing the mount of a daemon that is gone", path);
          if (mounting.unmount(path) == Mounting.Unmounted.BUSY) {
            mounting.detach(path);
          }
        }
        case HANGS -> {
          LOG.warn("{}: taking the mount from a daemon that does not answer any more", path);
          mounting.detach(path);
        }
      }
      there = mounted();
    }
    MountProbe.look(
        path,
        () -> {
          check();
          return path;
        });
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
