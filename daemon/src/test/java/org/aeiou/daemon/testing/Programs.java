package org.aeiou.daemon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs programs, each with a deadline; none outlives its test. */
public final class Programs implements AfterEachCallback {
  private static final long DEADLINE_SECONDS = 30;

  private final List<Running> started = new ArrayList<>();

  /**
   * What a program left behind.
   *
   * @param status its exit status; 128 + n if signal n ended it
   */
  public record Result(int status, byte[] bytes, String errors) {
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The output, of a program that must have succeeded. */
    public String good() {
      assertThat(status).as("exit status; standard error: %s", errors).isZero();
      return text();
    }
  }

  /** A program that was started. */
  public static final class Running {
    private final List<String> command;
    private final Process process;
    private final Path output;
    private final Path errors;

    private Running(List<String> command, Process process, Path output, Path errors) {
      this.command = command;
      this.process = process;
      this.output = output;
      this.errors = errors;
    }

    public boolean isAlive() {
      return process.isAlive();
    }

    /** Sends a signal, as in {@code INT}. */
    public void signal(String name) throws IOException, InterruptedException {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** Sends a line to standard input. */
    public void say(String line) throws IOException {
      process.outputWriter().write(line + "\n");
      process.outputWriter().flush();
    }

    /** What it has written so far. */
    public String said() throws IOException {
      return Files.readString(output);
    }

    /** What it has written to standard error so far. */
    public String errors() throws IOException {
      return Files.readString(errors);
    }

    /** Waits for the end. */
    public Result await() throws IOException, InterruptedException {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS))
          .as("%s ends within %d s", command, DEADLINE_SECONDS)
          .isTrue();
      return new Result(process.exitValue(), Files.readAllBytes(output), Files.readString(errors));
    }
  }

  public Running start(String... command) throws IOException {
    Path output = Files.createTempFile("aeiou-test", ".out");
    Path errors = Files.createTempFile("aeiou-test", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Running running = new Running(List.of(command), builder.start(), output, errors);
    started.add(running);
    return running;
  }

  public Result run(String... command) throws IOException, InterruptedException {
    return start(command).await();
  }

  /** A script for Python, and its arguments. */
  public Running python(String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python(), "-c", script));
    command.addAll(List.of(arguments));
    return start(command.toArray(String[]::new));
  }

  /**
   * The system's own, if it has one: a version switcher in front of it costs a tenth of a second.
   */
  private static String python() {
    return Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
  }

  @Override
  public void afterEach(ExtensionContext context) {
    for (Running running : started) {
      running.process.destroyForcibly();
      try {
        Files.deleteIfExists(running.output);
        Files.deleteIfExists(running.errors);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    started.clear();
  }
}
