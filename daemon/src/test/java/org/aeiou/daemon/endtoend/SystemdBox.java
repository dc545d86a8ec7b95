package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A systemd in a box of its own, see {@code src/test/resources/systemd/box}; killed when closed.
 */
final class SystemdBox implements AutoCloseable {
  private static final Path SCRIPT = Path.of("src/test/resources/systemd/box").toAbsolutePath();
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path log;
  private final Process process;
  private final long first;

  /**
   * Starts one, and waits until it has.
   *
   * @param at an empty folder
   * @param files what is different from this machine's files
   * @param places folders that are wanted in it, wherever they are
   */
  SystemdBox(Path at, Path files, List<Path> places) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("bash", SCRIPT.toString(), at.toString(), files.toString()));
    places.forEach(place -> command.add(place.toString()));
    log = Files.createTempFile("aeiou-systemd", ".log");
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long start = System.nanoTime();
    long found = -1;
    while (found < 0 || !run("systemctl", "is-active", "basic.target").out().equals("active\n")) {
      if (!process.isAlive() || System.nanoTime() - start > LIMIT_NANOS) {
        process.destroyForcibly();
        throw new IOException("systemd does not start: " + Files.readString(log, UTF_8));
      }
      TimeUnit.MILLISECONDS.sleep(50);
      found = process.children().findFirst().map(ProcessHandle::pid).orElse(-1L);
      firstProcess = found;
    }
    first = found;
  }

  // While it starts.
  private long firstProcess = -1;

  /** Whether this user may make one here. */
  static boolean isPossible() {
    return Commands.run(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--cgroup",
                "mount",
                "-t",
                "cgroup2",
                "none",
                "/mnt")
            .exit()
        == 0;
  }

  /** Runs a command in it. */
  Commands.Result run(String... command) {
    List<String> all =
        new ArrayList<>(List.of("nsenter", "-t", "" + firstProcess, "-m", "-p", "-u", "-i", "-C"));
    all.addAll(List.of("timeout", "30"));
    all.addAll(List.of(command));
    return Commands.run(all);
  }

  /** Runs a line of shell in it. */
  Commands.Result shell(String line) {
    return run("sh", "-c", line);
  }

  /** Its first process, as this machine sees it. */
  long first() {
    return first;
  }

  /** A file of the root. */
  static Path write(Path files, String path, String text) throws IOException {
    Path file = files.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  static void program(Path files, String path, String text) throws IOException {
    Files.setPosixFilePermissions(
        write(files, path, text), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Override
  public void close() throws IOException {
    long outer = process.pid();
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(log);
    // The groups are empty once the kernel has done the rest.
    Commands.shell(
        """
        groups=$(awk '$3 == "cgroup2" {print $2; exit}' /proc/self/mounts)
        for _ in $(seq 40); do
          left=$(find "$groups" -depth -type d -path '*/aeiou-box.%d*')
          [ -n "$left" ] || break
          rmdir $left 2>/dev/null || sleep 0.05
        done
        """
            .formatted(outer));
  }
}
