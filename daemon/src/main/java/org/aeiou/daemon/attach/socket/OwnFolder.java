package org.aeiou.daemon.attach.socket;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.aeiou.closures.posix.Posix;

/**
 * A folder in which only root and the user of this process can make, rename or remove anything. It
 * is opened a name at a time from the root on, and what is done in it is done through its
 * descriptor: whatever is swapped for a part of its path meanwhile leads nowhere else.
 *
 * <p>Each folder on the way must belong to root or to this user, and only they may write to it. A
 * folder with the sticky bit ({@code /tmp}) may be on the way, as others cannot rename there what
 * is not theirs; it cannot be the folder itself. A symbolic link on the way must be theirs, too.
 */
final class OwnFolder implements AutoCloseable {
  private static final Posix POSIX = Posix.INSTANCE;
  private static final Path ROOT = Path.of("/");

  /** As many as the kernel follows on one path (MAXSYMLINKS). */
  private static final int MOST_LINKS = 40;

  private static final int OTHERS_WRITE = 022;

  /** Others may enter: a socket has permissions of its own. */
  private static final String MADE_WITH = "rwxr-xr-x";

  private final int user = POSIX.geteuid();
  private Path path = ROOT;
  private int fd = -1;

  private OwnFolder() {}

  /**
   * Opens a folder; makes those on the way that are missing.
   *
   * @param path absolute
   * @throws IOException in words: the folder on the way, its owner and mode, what to do
   */
  static OwnFolder open(Path path) throws IOException {
    OwnFolder folder = new OwnFolder();
    try {
      folder.walk(path);
      return folder;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** What has this name in it, for system calls: they go through the descriptor. */
  Path at(String name) {
    return ofDescriptor(fd).resolve(name);
  }

  /** What a descriptor stands for, for system calls. */
  static Path ofDescriptor(int fd) {
    return Path.of("/proc/self/fd", Integer.toString(fd));
  }

  /**
   * Opens what is at a place, itself and not what it links to, without asking it for anything.
   *
   * @return a descriptor with O_PATH; -1 if it fails
   */
  static int handle(Path place) {
    byte[] name = (place.toString() + '\0').getBytes(UTF_8);
    return POSIX.open(name, Posix.O_PATH | Posix.O_NOFOLLOW | Posix.O_CLOEXEC);
  }

  @Override
  public void close() {
    if (fd >= 0) {
      POSIX.close(fd);
      fd = -1;
    }
  }

  private void walk(Path to) throws IOException {
    Deque<String> names = new ArrayDeque<>();
    putFirst(to, names);
    beginAtRoot();
    int links = 0;
    while (!names.isEmpty()) {
      Path target = step(names.pop());
      if (target != null) {
        if (++links > MOST_LINKS) {
          throw new IOException(to + ": too many symbolic links lead to one another");
        }
        putFirst(target, names);
        if (target.isAbsolute()) {
          beginAtRoot();
        }
      }
    }
    check(path, FileStatus.of(ofDescriptor(fd)), false);
  }

  private static void putFirst(Path path, Deque<String> names) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) {
      names.push(path.getName(i).toString());
    }
  }

  private void beginAtRoot() throws IOException {
    close();
    path = ROOT;
    fd = handle(ROOT);
    check(path, FileStatus.of(ofDescriptor(fd)), true);
  }

  /** Enters the folder of this name; or, if that is a symbolic link, returns where it leads. */
  private Path step(String name) throws IOException {
    Path shown = path.resolve(name).normalize();
    int next = handle(at(name));
    if (next < 0 && Posix.errno() == Posix.ENOENT) {
      make(shown, at(name));
      next = handle(at(name));
    }
    if (next < 0) {
      throw new IOException(shown + ": cannot be entered: " + Posix.error());
    }
    try {
      FileStatus status = FileStatus.of(ofDescriptor(next));
      if (status.isLink()) {
        checkOwner(shown, status);
        return Files.readSymbolicLink(at(name));
      }
      check(shown, status, true);
      int above = fd;
      fd = next;
      next = above;
      path = shown;
      return null;
    } finally {
      POSIX.close(next);
    }
  }

  private static void make(Path shown, Path place) throws IOException {
    try {
      Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(MADE_WITH);
      Files.createDirectory(place, PosixFilePermissions.asFileAttribute(permissions));
      // Once more, as the umask may have taken some away.
      Files.setPosixFilePermissions(place, permissions);
    } catch (FileAlreadyExistsException e) {
      // Another process made it meanwhile. Its owner is checked when it is entered.
    } catch (IOException e) {
      throw new IOException(shown + ": is not there and cannot be made: " + ErrorText.of(e), e);
    }
  }

  private void check(Path shown, FileStatus status, boolean isOnTheWay) throws IOException {
    if (!status.isDirectory()) {
      throw new IOException(shown + ": is not a folder");
    }
    checkOwner(shown, status);
    if (status.has(OTHERS_WRITE) && !(isOnTheWay && status.isSticky())) {
      throw new IOException(
          shown
              + ": users other than its owner can write to it ("
              + status.ownerAndMode()
              + "), and put something else in the socket's place; "
              + (status.isSticky()
                  ? "make a folder of its own for the socket: mkdir -m 755 " + shown + "/aeiou"
                  : "take that from them: chmod go-w " + shown)
              + ", or set attach.socket to another place");
    }
  }

  private void checkOwner(Path shown, FileStatus status) throws IOException {
    if (status.uid() != 0 && status.uid() != user) {
      throw new IOException(
          shown
              + ": belongs to user "
              + status.uid()
              + " ("
              + status.ownerAndMode()
              + ") and can be swapped for something else; expected root"
              + (user == 0 ? "" : " or user " + user)
              + " as owner of the socket's folder and of each above it: set attach.socket to another"
              + " place");
    }
  }
}
