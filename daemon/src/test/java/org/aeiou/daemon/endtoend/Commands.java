package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs what a person would type, with a limit: a test never touches a mount from its own threads,
 * which could hang.
 */
final class Commands {
  private static final int LIMIT_SECONDS = 60;

  /** How a command ended. */
  record Result(int exit, String out, String err, long millis) {
    String firstLine() {
      return out.lines().findFirst().orElse("");
    }
  }

  private Commands() {}

  /** Runs a program to its end. */
  static Result run(String... command) {
    return run(List.of(command));
  }

  static Result run(List<String> command) {
    try {
      long start = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(devNull()))
              .start();
      try {
        CompletableFuture<String> out = drain(process.getInputStream());
        CompletableFuture<String> err = drain(process.getErrorStream());
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + command);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        return new Result(process.exitValue(), out.join(), err.join(), millis);
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs a line of shell. */
  static Result shell(String line) {
    return run("bash", "-c", line);
  }

  private static File devNull() {
    return new File("/dev/null");
  }

  private static CompletableFuture<String> drain(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new String(stream.readAllBytes(), UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> {
          Thread thread = new Thread(task, "output of a command");
          thread.setDaemon(true);
          thread.start();
        });
  }
}
