package org.aeiou.daemon.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The version of the program, and whether another one was put in its place since the start. */
public final class Version {
  /** What it runs from; null for classes in folders, as in development. */
  private static final Path FILE = jar();

  private static final List<Object> AT_START = FILE == null ? null : identity(FILE);

  private Version() {}

  /** What the jar was built as. */
  public static String text() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }

  /** Whether the file that this process runs from is another one now, or gone: an upgrade. */
  public static boolean isReplaced() {
    return FILE != null && !Objects.equals(AT_START, identity(FILE));
  }

  private static Path jar() {
    var source = Version.class.getProtectionDomain().getCodeSource();
    String path = source == null ? "" : source.getLocation().getPath();
    return path.endsWith(".jar") ? Path.of(path) : null;
  }

  /** Which file it is, and as of when; null if there is none. */
  static List<Object> identity(Path file) {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return Arrays.asList(is.fileKey(), is.lastModifiedTime(), is.size());
    } catch (IOException e) {
      return null;
    }
  }
}
