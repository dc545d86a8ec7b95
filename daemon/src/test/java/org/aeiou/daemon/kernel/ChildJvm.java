package org.aeiou.daemon.kernel;

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
final class ChildJvm {
  private static final String NOBODY = "65534";

  final Process process;

  /** The first line it printed. */
  final String greeting;

  private ChildJvm(Process process, String greeting) {
    this.process = process;
    this.greeting = greeting;
  }

  /** Starts it as the user of this test. */
  static ChildJvm start(Mounts mounts, String... arguments) throws IOException {
    return start(mounts, List.of(), classPath(), arguments);
  }

  /** Starts it as nobody, with copies of the classes that nobody may read. */
  static ChildJvm startAsNobody(Mounts mounts, String... arguments) throws IOException {
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
    return start(mounts, asNobody(), String.join(File.pathSeparator, copied), arguments);
  }

  /** What runs a command as nobody. */
  static List<String> asNobody() {
    return List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");
  }

  private static ChildJvm start(
      Mounts mounts, List<String> prefix, String classPath, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            classPath,
            MountedChild.class.getName()));
    command.addAll(Arrays.asList(arguments));
    Process process =
        mounts.keep(
            new ProcessBuilder(command).directory(new File("/")).redirectErrorStream(true).start());
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    // Whatever the log says comes before.
    while (line != null && !line.equals("mounted") && !line.startsWith(arguments[0] + ":")) {
      line = output.readLine();
    }
    return new ChildJvm(process, line);
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
