package org.aeiou.daemon.kernel.portable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is mounted where, as {@code /proc/self/mountinfo} says (proc(5)). Empty on systems that have
 * no such file.
 */
final class MountTable {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  /**
   * A mount.
   *
   * @param device the minor device number: for FUSE, the number of the connection in {@code
   *     /sys/fs/fuse/connections}
   * @param type as in {@code fuse.aeiou}
   */
  record Mounted(String mountPoint, int device, String type, String source) {}

  private final List<Mounted> mounts;

  private MountTable(List<Mounted> mounts) {
    this.mounts = mounts;
  }

  static MountTable read() throws IOException {
    return Files.exists(MOUNTINFO)
        ? parse(Files.readString(MOUNTINFO, StandardCharsets.UTF_8).lines().toList())
        : new MountTable(List.of());
  }

  static MountTable parse(List<String> lines) {
    List<Mounted> mounts = new ArrayList<>();
    for (String line : lines) {
      // 36 35 0:98 /root /mnt/point rw,noatime [optional fields] - type source options
      List<String> fields = List.of(line.split(" ", -1));
      int separator = fields.indexOf("-");
      if (separator >= 6 && fields.size() > separator + 2) {
        String device = fields.get(2);
        mounts.add(
            new Mounted(
                unescape(fields.get(4)),
                Integer.parseInt(device.substring(device.indexOf(':') + 1)),
                fields.get(separator + 1),
                unescape(fields.get(separator + 2))));
      }
    }
    return new MountTable(mounts);
  }

  /** What is seen at a directory: of several mounts on top of each other, the last. */
  Optional<Mounted> at(Path directory) {
    return mounts.stream()
        .filter(mount -> mount.mountPoint.equals(directory.toString()))
        .reduce((below, above) -> above);
  }

  /** Blank, tab, newline and backslash are written as three octal digits. */
  private static String unescape(String field) {
    StringBuilder text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 <= field.length() - 1) {
        text.append((char) Integer.parseInt(field, i + 1, i + 4, 8));
        i += 3;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
