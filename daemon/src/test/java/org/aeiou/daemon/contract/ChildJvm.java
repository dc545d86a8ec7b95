package org.aeiou.daemon.contract;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A {@link MountedChild} in a JVM of its own. */
public final class ChildJvm {
  private static final String NOBODY = "65534";

  public final Process process;

  /** What it said of the mount; all its log if it said nothing. */
  public final String greeting;

  /** How it was started, without what chose the user and the namespace. */
  public final List<String> command;

  private ChildJvm(Process process, String greeting, List<String> command) {
    this.process = process;
    this.greeting = greeting;
    this.command = command;
  }

  /** Starts it as the user of this test. */
  public static ChildJvm start(Mounts mounts, String... arguments) throws IOException {
    return start(mounts, List.of(), classPath(), arguments);
  }

  /**
   * Starts it as the user {@code nobody}, with copies of the classes that this user may read, and
   * with a device of this mode, whatever the machine's own has: in a mount namespace that ends with
   * the child. See {@link #inside}.
   */
  public static ChildJvm startAsNobody(Mounts mounts, String deviceMode, String... arguments)
      throws IOException {
    Path copies = mounts.directory("classes");
    List<String> copied = new ArrayList<>();
    for (String entry : classPath().split(File.pathSeparator, -1)) {
      Path from = Path.of(entry);
      if (Files.exists(from)) {
        Path to = copies.resolve(copied.size() + "-" + from.getFileName());
        copy(from, to);
        copied.add(to.toString());
      }
    }
    Path device = mounts.directory("device");
    String setUp =
        "mount -t tmpfs tmpfs \"$0\" && mknod -m \"$1\" \"$0/fuse\" c 10 229"
            + " && mount --bind \"$0/fuse\" /dev/fuse && shift && exec \"$@\"";
    List<String> prefix = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", setUp));
    prefix.addAll(List.of(device.toString(), deviceMode));
    prefix.addAll(asNobody());
    return start(mounts, prefix, String.join(File.pathSeparator, copied), arguments);
  }

  /** A command that runs where this child's mounts can be seen. */
  public String[] inside(List<String> prefix, String... command) {
    List<String> inside =
        new ArrayList<>(List.of("nsenter", "--mount", "-t", Long.toString(process.pid())));
    inside.addAll(prefix);
    inside.addAll(Arrays.asList(command));
    return inside.toArray(String[]::new);
  }

  /** What runs a command as the user {@code nobody}. */
  public static List<String> asNobody() {
    return List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");
  }

  private static ChildJvm start(
      Mounts mounts, List<String> prefix, String classPath, String... arguments)
      throws IOException {
    List<String> java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                MountedChild.class.getName()));
    java.addAll(Arrays.asList(arguments));
    List<String> command = new ArrayList<>(prefix);
    command.addAll(java);
    return start(mounts, command, java, arguments[0]);
  }

  /** Starts one with the command of another. */
  public static ChildJvm start(Mounts mounts, List<String> command, String mountPoint)
      throws IOException {
    return start(mounts, command, command, mountPoint);
  }

  private static ChildJvm start(
      Mounts mounts, List<String> command, List<String> java, String mountPoint)
      throws IOException {
    Process process =
        mounts.keep(
            new ProcessBuilder(command).directory(new File("/")).redirectErrorStream(true).start());
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder log = new StringBuilder();
    String line = output.readLine();
    while (line != null && !line.equals("mounted") && !line.startsWith(mountPoint + ":")) {
      log.append(line).append('\n');
      line = output.readLine();
    }
    return new ChildJvm(process, line == null ? log.toString() : line, java);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isRegularFile(from)) {
      Files.copy(from, to);
      to.toFile().setReadable(true, false);
      return;
    }
    try (Stream<Path> paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        Files.copy(path, copy);
        copy.toFile().setReadable(true, false);
        copy.toFile().setExecutable(Files.isDirectory(copy), false);
      }
    }
  }
}
