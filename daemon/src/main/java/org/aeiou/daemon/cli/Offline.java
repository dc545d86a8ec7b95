package org.aeiou.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.app.Logging;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.cli.command.Catalogues;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ConfigurationFile;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.PathReader;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.metrics.EventLog;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What {@code get} and {@code ls} share: a daemon for one command, without a mount. */
abstract class Offline {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "the configuration")
  private Path file;

  @Option(
      names = {"-v", "--verbose"},
      description = "log more")
  private boolean verbose;

  CommandSpec spec() {
    return spec;
  }

  /**
   * Runs {@code ask} with the tree, waits, and gives the answer to {@code show}, which returns the
   * exit code.
   */
  <T> int with(Function<PathReader, CompletableFuture<T>> ask, ToIntFunction<T> show) {
    Configuration configuration = ConfigurationFile.read(file, spec);
    Catalogue catalogue = Catalogues.load(configuration, spec.commandLine().getErr());
    EventLog events = Logging.start(verbose);
    try (Daemon daemon =
        new Daemon(file, configuration, Program.of(spec).backends(), catalogue, events)) {
      return show.applyAsInt(ask.apply(new PathReader(daemon.service())).join());
    } catch (IOException | PathReader.Unreadable e) {
      throw new CommandFailure(ExitCode.FAILED, e.getMessage());
    }
  }
}
