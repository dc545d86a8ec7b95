package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.cli.Main;

/**
 * A daemon in a process of its own, mounted, as a person starts it; ended and unmounted when
 * closed, whatever happened.
 */
final class DaemonProcess implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final Pattern SOCKET = Pattern.compile("programs attach at (/run/aeiou/.*)");

  private final Process process;
  private final Path mountPoint;
  private final Path log;

  private DaemonProcess(Process process, Path mountPoint, Path log) {
    this.process = process;
    this.mountPoint = mountPoint;
    this.log = log;
  }

  /** Starts {@code aeiou mount} and waits until it answers. */
  static DaemonProcess mount(Path configuration, Path mountPoint, String... options)
      throws IOException, InterruptedException {
    return mount("1g", configuration, mountPoint, options);
  }

  /** The same with a heap of this size. */
  static DaemonProcess mount(String heap, Path configuration, Path mountPoint, String... options)
      throws IOException, InterruptedException {
    return mount(List.of(), List.of("-Xmx" + heap), configuration, mountPoint, options);
  }

  /**
   * The same, in other circumstances.
   *
   * @param prefix a command that runs the rest of its arguments: {@code prlimit --nofile=256}
   * @param jvm options of Java
   */
  static DaemonProcess mount(
      List<String> prefix, List<String> jvm, Path configuration, Path mountPoint, String... options)
      throws IOException, InterruptedException {
    return mount(Main.class, prefix, jvm, configuration, mountPoint, options);
  }

  /** The same with another program, which has more back ends. */
  static DaemonProcess mount(
      Class<?> program,
      List<String> prefix,
      List<String> jvm,
      Path configuration,
      Path mountPoint,
      String... options)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("aeiou-daemon", ".log");
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(List.of("mount", configuration.toString(), mountPoint.toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    // Its socket goes with the test's folder, also if it is killed; but that of root is elsewhere.
    builder.environment().put("XDG_RUNTIME_DIR", mountPoint.resolveSibling("run").toString());
    builder.environment().put("STATE_DIRECTORY", mountPoint.resolveSibling("state").toString());
    Process process = builder.start();
    DaemonProcess daemon = new DaemonProcess(process, mountPoint, log);
    try {
      daemon.awaitAnswering();
    } catch (Throwable t) {
      daemon.close();
      throw t;
    }
    return daemon;
  }

  private void awaitAnswering() throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (!isMounted(mountPoint)
        || Commands.run("cat", mountPoint + "/.aeiou/version").exit() != 0) {
      if (!process.isAlive() || System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("the daemon does not answer: " + log());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Whether there is a mount of the daemon's kind at a place. */
  static boolean isMounted(Path mountPoint) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts"), UTF_8).stream()
        .anyMatch(line -> line.contains(" " + mountPoint + " fuse.aeiou "));
  }

  Path path(String inside) {
    return mountPoint.resolve(inside);
  }

  long pid() {
    return process.pid();
  }

  String log() throws IOException {
    return Files.readString(log, UTF_8);
  }

  /** How many threads the process has. */
  int threads() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid() + "/status"), UTF_8).stream()
        .filter(line -> line.startsWith("Threads:"))
        .mapToInt(line -> Integer.parseInt(line.substring(8).trim()))
        .findFirst()
        .orElseThrow();
  }

  /** Sends a signal by name, as in {@code TERM}. */
  void signal(String name) {
    Commands.Result kill = Commands.run("kill", "-" + name, Long.toString(pid()));
    assertThat(kill.exit()).as(kill.err()).isZero();
  }

  /** Waits for the end; returns the exit code. */
  int awaitExit() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the daemon did not end within 30 s");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    if (isMounted(mountPoint)) {
      Commands.run("umount", "-l", mountPoint.toString());
    }
    Matcher socket = SOCKET.matcher(log());
    if (socket.find()) {
      Files.deleteIfExists(Path.of(socket.group(1)));
    }
    Files.deleteIfExists(log);
  }
}
