package org.aeiou.daemon.fuse.mount;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as {@code /proc/self/mountinfo} says it (proc(5)). */
public final class MountTable {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  private static final int DEVICE = 2;
  private static final int MOUNT_POINT = 4;
  private static final int OPTIONAL_FIELDS = 6;

  /**
   * One mount.
   *
   * @param device major and minor, as in {@code 0:45}; another one for every mount of this kind
   * @param mountPoint where
   * @param type as in {@code fuse.aeiou}
   * @param source as in {@code /dev/sda1}, with spaces and the like escaped
   */
  public record Entry(String device, String mountPoint, String type, String source) {}

  private final List<Entry> entries;

  private MountTable(List<Entry> entries) {
    this.entries = entries;
  }

  static MountTable read() throws IOException {
    Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    return parse(new String(Files.readAllBytes(MOUNTINFO), charset));
  }

  static MountTable parse(String mountinfo) {
    List<Entry> entries = new ArrayList<>();
    for (String line : mountinfo.split("\n", -1)) {
      String[] fields = line.split(" ", -1);
      int dash = OPTIONAL_FIELDS;
      while (dash < fields.length && !fields[dash].equals("-")) {
        dash++;
      }
      if (dash + 2 < fields.length) {
        entries.add(
            new Entry(
                fields[DEVICE],
                plain(fields[MOUNT_POINT]),
                plain(fields[dash + 1]),
                // For people only, and chosen by any user: no line ends, nothing that moves a
                // cursor.
                fields[dash + 2].replaceAll("\\p{Cntrl}", "?")));
      }
    }
    return new MountTable(entries);
  }

  /** Where file systems of a type are mounted. */
  List<String> of(String type) {
    return entries.stream()
        .filter(entry -> entry.type.equals(type))
        .map(Entry::mountPoint)
        .toList();
  }

  /** What is mounted on a directory; of several the one on top. */
  Optional<Entry> at(Path mountPoint) {
    String wanted = mountPoint.toString();
    return entries.stream()
        .filter(entry -> entry.mountPoint.equals(wanted))
        .reduce((lower, upper) -> upper);
  }

  /** The mount that a path is in, by its name alone. */
  Optional<Entry> above(Path path) {
    return entries.stream()
        .filter(entry -> path.startsWith(entry.mountPoint))
        .reduce((a, b) -> a.mountPoint.length() > b.mountPoint.length() ? a : b);
  }

  /** Spaces and the like are written as a backslash and three octal digits. */
  private static String plain(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length()) {
        plain.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
