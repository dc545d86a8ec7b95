package org.aeiou.daemon.attach.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.aeiou.closures.posix.Posix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket that programs connect to.
 *
 * <p>It is made in a folder that only this user can enter. There it gets its owner and mode, and is
 * then renamed to its place. All of that goes through descriptors, so that a link that is swapped
 * meanwhile changes nothing, and a program that finds the socket finds it finished. Nothing but a
 * socket is ever removed, and at the end only the one that was made here.
 */
public final class ListeningSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);
  private static final Posix POSIX = Posix.INSTANCE;
  private static final int BACKLOG = 128;
  private static final String ONLY_OURS = "rwx------";

  /** Its name in the folder that only this user can enter. */
  private static final String UNFINISHED = "socket";

  private final int fd;
  private final OwnFolder folder;
  private final Path path;
  private final FileStatus made;
  private boolean closed;

  private ListeningSocket(int fd, OwnFolder folder, Path path, FileStatus made) {
    this.fd = fd;
    this.folder = folder;
    this.path = path;
    this.made = made;
  }

  /**
   * Opens the socket.
   *
   * @param path absolute
   * @param permissions it gets this owner and group if this user may give it away to them
   * @throws IOException in words: the path, what stands in the way, what to do
   */
  public static ListeningSocket open(Path path, Permissions permissions) throws IOException {
    int fd = UnixAddress.socket();
    OwnFolder folder = null;
    try {
      if (fd < 0) {
        throw new IOException("there is no socket to be had: " + Posix.error());
      }
      UnixAddress.check(path);
      folder = OwnFolder.open(path.getParent());
      StaleSocket.remove(folder.at(name(path)), path);
      FileStatus made = make(fd, folder, path, permissions);
      return new ListeningSocket(fd, folder, path, made);
    } catch (IOException | RuntimeException e) {
      POSIX.close(fd);
      if (folder != null) {
        folder.close();
      }
      throw new IOException(path + ": " + ErrorText.of(e), e);
    }
  }

  public int fd() {
    return fd;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static FileStatus make(int fd, OwnFolder folder, Path path, Permissions permissions)
      throws IOException {
    Path making = folder.at("." + name(path) + ".new");
    remove(making);
    Files.createDirectory(
        making, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(ONLY_OURS)));
    int inside = -1;
    int socket = -1;
    try {
      inside = OwnFolder.handle(making);
      Path unfinished = OwnFolder.ofDescriptor(inside).resolve(UNFINISHED);
      if (!new UnixAddress(unfinished).bind(fd)) {
        throw new IOException("it cannot be made there: " + Posix.error());
      }
      socket = OwnFolder.handle(unfinished);
      Path itself = OwnFolder.ofDescriptor(socket);
      give(path, itself, "unix:uid", permissions.uid());
      give(path, itself, "unix:gid", permissions.gid());
      Files.setAttribute(itself, "unix:mode", permissions.mode());
      if (POSIX.listen(fd, BACKLOG) != 0) {
        throw new IOException("it cannot be listened at: " + Posix.error());
      }
      Files.move(unfinished, folder.at(name(path)));
      return FileStatus.of(itself);
    } finally {
      POSIX.close(socket);
      POSIX.close(inside);
      remove(making);
    }
  }

  /** Removes the folder that a socket was made in, also that of a daemon that was killed. */
  private static void remove(Path making) throws IOException {
    if (Files.isDirectory(making, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(making.resolve(UNFINISHED));
      Files.delete(making);
    }
  }

  private static void give(Path path, Path itself, String attribute, int to) throws IOException {
    if (((Integer) Files.getAttribute(itself, attribute)) == to) {
      return;
    }
    try {
      Files.setAttribute(itself, attribute, to);
    } catch (IOException e) {
      // Only root can give it to any user; others to groups that they are in.
      LOG.warn("{}: its {} cannot be made {}: {}", path, attribute, to, ErrorText.of(e));
    }
  }

  /** Removes it from its place, unless another daemon's socket is there by now. */
  public synchronized void withdraw() {
    if (closed) {
      return;
    }
    Path place = folder.at(name(path));
    try {
      if (FileStatus.of(place, LinkOption.NOFOLLOW_LINKS).isSameFileAs(made)) {
        Files.delete(place);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{}: was removed before", path);
    } catch (IOException e) {
      LOG.warn("{}: cannot be removed: {}", path, ErrorText.of(e));
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      withdraw();
      closed = true;
      POSIX.close(fd);
      folder.close();
    }
  }
}
