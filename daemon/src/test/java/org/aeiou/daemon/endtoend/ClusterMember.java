package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aeiou.daemon.cli.Main;

/** A process of a cluster, a poller or a mount, as a person starts it. */
final class ClusterMember implements AutoCloseable {
  /** What it is called, as {@code --member} says. */
  private final String name;

  private final Process process;
  private final Path log;

  /** Null for a poller. */
  private final Path mountPoint;

  private ClusterMember(String name, Process process, Path log, Path mountPoint) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.mountPoint = mountPoint;
  }

  /**
   * Starts a poller, or a mount where there is a role; does not wait.
   *
   * @param folder of the member alone
   * @param prefix a command that runs the rest of its arguments; may be empty
   * @param role of a mount: {@code read}, or {@code poll,read}; null for a poller
   * @param site where it is; empty for nowhere
   */
  static ClusterMember start(
      String name, Path folder, Path configuration, List<String> prefix, String role, String site)
      throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Path mountPoint = null;
    if (role == null) {
      command.addAll(List.of("poller", configuration.toString()));
    } else {
      mountPoint = Files.createDirectories(folder.resolve("net"));
      command.addAll(List.of("mount", configuration.toString(), mountPoint.toString()));
      command.addAll(List.of("--role", role));
    }
    command.addAll(List.of("--member", name));
    if (!site.isEmpty()) {
      command.addAll(List.of("--site", site));
    }
    Path log = folder.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder
        .environment()
        .putAll(
            Map.of(
                "XDG_RUNTIME_DIR", folder.resolve("run").toString(),
                "STATE_DIRECTORY", folder.resolve("state").toString()));
    return new ClusterMember(name, builder.start(), log, mountPoint);
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String log() throws IOException {
    return Files.readString(log, UTF_8);
  }

  Path path(String inside) {
    return mountPoint.resolve(inside);
  }

  /** Reads a file of the mount, as a person does. */
  Commands.Result cat(String inside) {
    return Commands.run("cat", path(inside).toString());
  }

  /** Writes to a file of the mount, as a person does. */
  Commands.Result echo(String text, String inside) {
    return Commands.run("bash", "-c", "printf %s \"$0\" > \"$1\"", text, path(inside).toString());
  }

  /** A line of {@code /.aeiou/stats}; 0 if there is none of that name. */
  long counter(String counter) {
    return cat(".aeiou/stats")
        .out()
        .lines()
        .filter(line -> line.startsWith(counter + ": "))
        .mapToLong(line -> Long.parseLong(line.substring(counter.length() + 2)))
        .findFirst()
        .orElse(0);
  }

  /** A line of a system's {@code .health}; empty if there is none. */
  String health(String system, String key) {
    return cat(system + "/.health")
        .out()
        .lines()
        .filter(line -> line.startsWith(key + ": "))
        .map(line -> line.substring(key.length() + 2))
        .findFirst()
        .orElse("");
  }

  /** Whether a mount answers. */
  boolean answers() {
    return Commands.run("cat", mountPoint + "/.aeiou/attach").out().length() > 1;
  }

  /** Sends a signal by name, as in {@code TERM}. */
  void signal(String signal) {
    Commands.Result kill = Commands.run("kill", "-" + signal, Long.toString(pid()));
    assertThat(kill.exit()).as(kill.err()).isZero();
  }

  /** Has it give its slots away, by the command that a person types. */
  Commands.Result drain() {
    return aeiou("drain", "--pid", Long.toString(pid()));
  }

  /** Runs a command that a person types. */
  static Commands.Result aeiou(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return Commands.run(command.toArray(String[]::new));
  }

  /** Ends it at once, as a broken machine does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for the end; returns the exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " did not end within 20 s");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    Commands.run("kill", "-CONT", Long.toString(pid()));
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (mountPoint != null && DaemonProcess.isMounted(mountPoint)) {
      Commands.run("umount", "-l", mountPoint.toString());
    }
    try (Stream<String> lines = Files.lines(log, UTF_8)) {
      for (String line : lines.filter(text -> text.contains("programs attach at /run/")).toList()) {
        Files.deleteIfExists(Path.of(line.substring(line.indexOf("/run/"))));
      }
    }
  }
}
