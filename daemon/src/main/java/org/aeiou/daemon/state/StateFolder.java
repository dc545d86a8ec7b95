package org.aeiou.daemon.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A folder for what one mount keeps from one run to the next. Nothing is made before something is
 * written. Any thread may call any method; they block, so no thread that answers requests does.
 */
public final class StateFolder {
  private static final Path OF_ROOT = Path.of("/var/lib/aeiou");

  /** What is longer gets a number in place of its end: a name may have 255 bytes. */
  private static final int LONGEST_NAME = 200;

  private final Path path;

  /** A folder that need not be there. */
  public StateFolder(Path path) {
    this.path = path.toAbsolutePath();
  }

  /**
   * The configured folder, or one that is named by the mount point: {@code /var/lib/aeiou/net} for
   * {@code /net} of root, below {@code $XDG_STATE_HOME/aeiou} or {@code ~/.local/state/aeiou} for
   * another user. A service manager says with {@code STATE_DIRECTORY} what is in their place.
   *
   * @param configured null if nothing is configured
   * @param uid the user that this process acts as
   * @throws IOException if there is no place for it; says what to set
   */
  public static StateFolder of(
      Path configured, Path mountPoint, Map<String, String> environment, int uid)
      throws IOException {
    if (configured != null) {
      return new StateFolder(configured);
    }
    return new StateFolder(ofAllMounts(environment, uid).resolve(nameOf(mountPoint)));
  }

  private static Path ofAllMounts(Map<String, String> environment, int uid) throws IOException {
    Path managed = absolute(environment.get("STATE_DIRECTORY"));
    if (managed != null) {
      return managed;
    }
    if (uid == 0) {
      // What the environment says counts for nothing then: it may be another user's.
      return OF_ROOT;
    }
    Path ofUser = absolute(environment.get("XDG_STATE_HOME"));
    Path home = absolute(environment.get("HOME"));
    if (ofUser == null && home == null) {
      throw new IOException(
          "user "
              + uid
              + " has no folder for what is kept: neither XDG_STATE_HOME nor HOME is set; set one"
              + " of them, or 'state' in the configuration");
    }
    return (ofUser == null ? home.resolve(".local/state") : ofUser).resolve("aeiou");
  }

  private static Path absolute(String path) {
    return path == null || !path.startsWith("/") ? null : Path.of(path);
  }

  /** A mount point as one name, each one another: {@code mnt-lab} for {@code /mnt/lab}. */
  private static String nameOf(Path mountPoint) {
    String path = mountPoint.toAbsolutePath().normalize().toString().substring(1);
    StringBuilder name = new StringBuilder();
    for (byte octet : path.getBytes(UTF_8)) {
      char c = (char) (octet & 0xFF);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '.');
      name.append(c == '/' ? "-" : plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    if (name.length() > LONGEST_NAME) {
      CRC32 crc = new CRC32();
      crc.update(path.getBytes(UTF_8));
      name.setLength(LONGEST_NAME);
      name.append("%%%08x".formatted(crc.getValue()));
    }
    return name.isEmpty() ? "-" : name.toString();
  }

  public Path path() {
    return path;
  }

  /** Where a text of this name is. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Reads a text.
   *
   * @param mostBytes more than that is not read
   * @return null if there is none
   * @throws IOException if it cannot be read, or is too large
   */
  public String read(String name, int mostBytes) throws IOException {
    Path file = file(name);
    try {
      long size = Files.size(file);
      if (size > mostBytes) {
        throw new IOException(file + ": has " + size + " bytes; expected at most " + mostBytes);
      }
      // What is not UTF-8 is for the reader of the text to find.
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Writes a text so that a reader, also after a loss of power, finds all of the old one or all of
   * this one.
   */
  public void write(String name, String text) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path next = file(name + ".next");
    Files.deleteIfExists(next); // it may be another's, or a link
    Files.createFile(
        next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Puts a text that cannot be used out of the way, for a person to look at; one that was put there
   * before is lost.
   *
   * @return where it is now
   */
  public Path setAside(String name) throws IOException {
    Path aside = file(name + ".unusable");
    Files.move(file(name), aside, StandardCopyOption.REPLACE_EXISTING);
    return aside;
  }
}
