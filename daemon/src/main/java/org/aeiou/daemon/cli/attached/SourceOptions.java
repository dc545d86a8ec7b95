package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.aeiou.closures.attached.RequestOptions;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.cli.command.Catalogues;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ConfigurationFile;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.document.Durations;
import org.aeiou.daemon.logging.Logging;
import org.aeiou.daemon.metrics.EventLog;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which daemon is asked: the one behind a mount, or one for this command alone. */
final class SourceOptions {
  /** What waits for an answer has a page; what waits for a page has a place in a list. */
  private static final int PAGES = 16384;

  /** Room for long values and listings; a listing of ten thousand systems takes 200 KB. */
  private static final int ARENA_BYTES = 8 << 20;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--mount",
      paramLabel = "MOUNTPOINT",
      description =
          "ask the daemon behind this mount; without it the one that the first path lies in, or the"
              + " only one that is there")
  private Path mountPoint;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "ask the systems of this configuration, without a mount and its cache")
  private Path file;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "how long a value may take, as 500ms or 5s; without it as long as the daemon gives its"
              + " system. Not with --config")
  private Duration timeout;

  @Option(
      names = {"-v", "--verbose"},
      description = "log more, with --config")
  private boolean verbose;

  /** A duration as the configuration writes it. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** The tree, and what its paths are called. */
  record Source(Tree tree, MountedNetwork network) {
    /** A path of the command line as the tree knows it. */
    String path(String given) {
      return network == null ? given : network.below(given);
    }
  }

  /** Opens it for a command that asks the daemon behind a mount only. */
  Source openMounted(String firstPath, CommandLoop loop) throws IOException {
    if (file != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--config: '"
              + spec.name()
              + "' asks a daemon that runs; mount the network, and use --mount MOUNTPOINT");
    }
    MountedNetwork network = MountedNetwork.of(mountPoint, firstPath, "");
    return new Source(attach(network, loop), network);
  }

  /**
   * Opens it.
   *
   * @param firstPath of the command line
   */
  Source open(String firstPath, CommandLoop loop) throws IOException {
    if (file != null && mountPoint != null) {
      throw new ParameterException(
          spec.commandLine(), "--mount and --config exclude each other; expected one of them");
    }
    if (file == null) {
      MountedNetwork network =
          MountedNetwork.of(mountPoint, firstPath, ", or ask without one: '--config FILE'");
      return new Source(attach(network, loop), network);
    }
    Configuration configuration = ConfigurationFile.read(file, spec);
    Catalogue catalogue = Catalogues.load(configuration, spec.commandLine().getErr());
    EventLog events = Logging.start(verbose);
    try {
      return new Source(
          new OfflineTree(
              new Daemon(file, configuration, Program.of(spec).backends(), catalogue, events),
              loop),
          null);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, e.getMessage());
    }
  }

  private Tree attach(MountedNetwork network, CommandLoop loop) throws IOException {
    return new AttachedTree(
        network.socket("read its files instead; the daemon is process "),
        PAGES,
        ARENA_BYTES,
        timeout == null ? RequestOptions.NONE : RequestOptions.NONE.timeout(timeout),
        loop::post,
        Program.of(spec));
  }
}
