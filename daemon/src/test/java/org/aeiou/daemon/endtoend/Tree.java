package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/**
 * Everything that can be read below a directory of a mount, read by a program as any other would.
 */
final class Tree {
  /**
   * Reads every attribute below its arguments, eight at a time; prints path, errno, oid, raw and
   * content in hex.
   */
  private static final String READER =
      """
      import os, sys
      from concurrent.futures import ThreadPoolExecutor
      def xattr(fd, name):
          try:
              return os.getxattr(fd, "user.aeiou." + name).decode()
          except OSError:
              return ""
      def read(path):
          content, error, at = b"", 0, path
          try:
              at = os.open(path, os.O_RDONLY)
              part = os.read(at, 1 << 16)
              while part:
                  content += part
                  part = os.read(at, 1 << 16)
          except OSError as e:
              content, error = b"", e.errno
          line = "\\t".join([path, str(error), xattr(at, "oid"), xattr(at, "raw"), content.hex()])
          if at is not path:
              os.close(at)
          return line
      def read_all(some):
          return "\\n".join(map(read, some))
      paths = []
      for top in sys.argv[1:]:
          for folder, folders, files in os.walk(top, onerror=lambda e: sys.exit(str(e))):
              paths += [os.path.join(folder, f) for f in files if f != ".health"]
      with ThreadPoolExecutor(8) as pool:
          for lines in pool.map(read_all, [paths[i:i + 64] for i in range(0, len(paths), 64)]):
              print(lines)
      """;

  /**
   * A file as it was read.
   *
   * @param error errno, or 0
   * @param oid what it stands for; null if it was not said
   * @param raw the raw value as its extended attribute has it; empty if there is none
   */
  record File(String path, int error, Oid oid, String raw, String content) {}

  private Tree() {}

  static List<File> read(Path... directories) {
    List<String> command = new ArrayList<>(List.of("python3", "-c", READER));
    for (Path directory : directories) {
      command.add(directory.toString());
    }
    Commands.Result result = Commands.run(command);
    assertThat(result.exit()).as(result.err()).isZero();
    return result.out().lines().map(Tree::file).toList();
  }

  /** A value as the extended attribute {@code raw} has it. */
  static String raw(Value value) {
    if (value instanceof Value.Octets octets) {
      return BaseEncoding.base16().lowerCase().encode(octets.octets());
    }
    return value instanceof Value.Identifier identifier
        ? identifier.oid().toString()
        : value.toString();
  }

  private static File file(String line) {
    String[] fields = line.split("\t", -1);
    return new File(
        fields[0],
        Integer.parseInt(fields[1]),
        fields[2].isEmpty() ? null : Oid.parse(fields[2]),
        fields[3],
        new String(BaseEncoding.base16().lowerCase().decode(fields[4]), UTF_8));
  }
}
