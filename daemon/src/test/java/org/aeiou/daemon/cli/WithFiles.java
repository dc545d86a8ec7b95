package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.util.Map;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.file.FileFactory;

/** The program with one back end more: the line that it takes. */
public final class WithFiles {
  /** Those of the program, and files. */
  public static final Map<String, BackendFactory> BACKENDS =
      ImmutableMap.<String, BackendFactory>builder()
          .putAll(Backends.ALL)
          .put("file", new FileFactory())
          .buildOrThrow();

  private WithFiles() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(
        Main.run(
            BACKENDS,
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            args));
  }
}
