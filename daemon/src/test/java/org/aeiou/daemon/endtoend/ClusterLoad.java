package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is attached to a mount and asks all the time: {@code load.py}. */
final class ClusterLoad implements AutoCloseable {

  /**
   * What became of a request.
   *
   * @param sent when it was asked, of {@link System#nanoTime}
   * @param reason {@code ok}, {@code stale}, or why it failed: {@code timeout}
   * @param value what was read, or was to be written
   */
  record Ended(long number, long sent, long ended, String reason, String path, String value) {
    boolean isGood() {
      return reason.equals("ok") || reason.equals("stale");
    }

    long millis() {
      return TimeUnit.NANOSECONDS.toMillis(ended - sent);
    }

    /** The system, in a folder or not, of an attribute of a group. */
    String system() {
      return path.substring(0, path.lastIndexOf('/', path.lastIndexOf('/') - 1));
    }
  }

  private final Process process;
  private final Path out;

  private ClusterLoad(Process process, Path out) {
    this.process = process;
    this.out = out;
  }

  /**
   * Starts it; when this returns it asks.
   *
   * @param task {@code read}, {@code fetch} or {@code write}
   * @param period seconds from the outcome of a request to the next one of the same path
   */
  static ClusterLoad start(
      ClusterMember mount, Path out, String task, double period, List<String> paths)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add("python3");
    command.add(Path.of("src/test/python/load.py").toAbsolutePath().toString());
    command.add(Path.of("../client-py/src").toAbsolutePath().normalize().toString());
    command.addAll(List.of(mount.path("").toString(), out.toString(), task, period + ""));
    command.addAll(paths);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String ready =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
      if (!"ready".equals(ready)) {
        throw new AssertionError("the program does not attach to " + mount.name());
      }
      return new ClusterLoad(process, out);
    } catch (Throwable t) {
      process.destroyForcibly();
      throw t;
    }
  }

  /** All that has ended so far and was asked in a time. */
  List<Ended> askedBetween(long from, long until) throws IOException {
    return soFar().stream()
        .filter(ended -> ended.sent() - from >= 0 && ended.sent() - until < 0)
        .toList();
  }

  List<Ended> soFar() throws IOException {
    List<Ended> all = new ArrayList<>();
    String text = Files.readString(out, UTF_8);
    // The last line may be in the making.
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String[] words = line.split(" ", 6);
      if (words.length > 2) {
        all.add(
            new Ended(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                words[3],
                words[4],
                words.length > 5 ? words[5] : ""));
      }
    }
    return all;
  }

  /** Ends it; returns how many requests had no outcome fifteen seconds later. */
  int end() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the program does not end");
    }
    return Files.readString(out, UTF_8)
        .lines()
        .filter(line -> line.startsWith("end "))
        .mapToInt(line -> Integer.parseInt(line.substring(4)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the program broke off"));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
