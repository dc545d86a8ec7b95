package org.aeiou.daemon.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Programs, run to their end. */
public final class Shell {
  private static final int DEADLINE_SECONDS = 60;

  /** What a program wrote, and how it ended. */
  public record Result(int exit, String out, String err) {}

  private Shell() {}

  /** Runs a program; it is killed if it does not end. */
  public static Result run(String... command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("aeiou-out", "");
    Path err = Files.createTempFile("aeiou-err", "");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("LC_ALL", "C.UTF-8");
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      try {
        process.getOutputStream().close();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException(String.join(" ", command) + " does not end");
        }
        return new Result(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
