package org.aeiou.daemon.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.TestInfo;

/**
 * A browser that does to the page what a function of {@code src/test/python/page.py} says, one for
 * each test.
 */
final class PageProgram implements AutoCloseable {
  private final Process process;
  private final BufferedReader from;
  private final BufferedWriter to;
  private final Changes changes;

  /** Does what the program asks, of which it knows the words; returns what it is to know. */
  interface Changes {
    String change(List<String> what) throws Exception;
  }

  /** Starts it; the page is at that address. */
  PageProgram(String url, Changes changes) throws IOException {
    Path program = Path.of("src/test/python/page.py").toAbsolutePath();
    ProcessBuilder builder =
        new ProcessBuilder("python3", program.toString(), url)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    this.process = builder.start();
    this.from = process.inputReader(UTF_8);
    this.to = process.outputWriter(UTF_8);
    this.changes = changes;
  }

  /** Lets the browser do what the test of this name says, and changes what it asks for. */
  void check(TestInfo test) throws Exception {
    String name = test.getTestMethod().orElseThrow().getName();
    say(name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT));
    for (String line = from.readLine(); ; line = from.readLine()) {
      assertThat(line).as("what the browser's program says").isNotNull();
      if (line.startsWith("> ")) {
        say(changes.change(List.of(line.substring(2).split(" "))));
      } else if (line.equals("passed")) {
        return;
      } else if (line.startsWith("failed: ")) {
        throw new AssertionError(line.substring(8).replace("\\n", "\n"));
      } else {
        System.out.println(line);
      }
    }
  }

  private void say(String line) throws IOException {
    to.write(line + "\n");
    to.flush();
  }

  @Override
  public void close() throws IOException {
    to.close();
    try {
      boolean unused = process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
