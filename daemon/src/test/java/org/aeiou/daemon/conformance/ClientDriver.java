package org.aeiou.daemon.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program that plays steps with one client's library: lines in, lines out. */
final class ClientDriver implements AutoCloseable {
  /** How long an answer may take; longer than what the drivers themselves wait for. */
  private static final int LIMIT_SECONDS = 40;

  private static final String RESULT = "= ";
  private static final String END = "(the driver has ended)";

  private final Process process;
  private final Writer in;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Path errors;

  /**
   * What a driver said to one command.
   *
   * @param lines what closures were told meanwhile
   * @param result how the call went
   */
  record Answer(List<String> lines, String result) {}

  private ClientDriver(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    in = new OutputStreamWriter(process.getOutputStream(), UTF_8);
    Thread reader = new Thread(this::read, "output of a driver");
    reader.setDaemon(true);
    reader.start();
  }

  static ClientDriver start(List<String> command) throws IOException {
    Path errors = Files.createTempFile("aeiou-driver", ".log");
    return new ClientDriver(
        new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      out.lines().forEach(lines::add);
    } catch (IOException | RuntimeException e) {
      lines.add("(its output ended: " + e + ")");
    } finally {
      lines.add(END);
    }
  }

  /** Sends a command; {@link #answer} is what comes of it. */
  void send(String command) throws IOException {
    in.write(command + "\n");
    in.flush();
  }

  /**
   * The answer to the last command.
   *
   * @throws IOException if there is none, with what the driver said of itself
   */
  Answer answer() throws IOException, InterruptedException {
    List<String> told = new ArrayList<>();
    while (true) {
      String line = lines.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (line == null || line.equals(END)) {
        String why = line == null ? "no answer within " + LIMIT_SECONDS + " s" : "it has ended";
        throw new IOException(why + "; " + told + Files.readString(errors, UTF_8));
      }
      if (line.startsWith(RESULT)) {
        return new Answer(told, line.substring(RESULT.length()));
      }
      told.add(line);
    }
  }

  /** What it wrote to its standard error. */
  String errors() throws IOException {
    return Files.readString(errors, UTF_8);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(errors);
  }
}
