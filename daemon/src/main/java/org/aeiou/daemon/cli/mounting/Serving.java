package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.app.MountedDaemon;
import org.aeiou.daemon.app.MountedDaemon.ChannelKind;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.cli.command.Catalogues;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ConfigurationFile;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.logging.Logging;
import org.aeiou.daemon.metrics.EventLog;
import picocli.CommandLine.Model.CommandSpec;

/** Mounts and serves until it is unmounted, whichever command says so. */
final class Serving {
  private final CommandSpec spec;
  private final Path file;
  private final Path mountPoint;
  private final MountChoices choices;

  /** Null in the foreground. */
  private final Background background;

  Serving(
      CommandSpec spec, Path file, Path mountPoint, MountChoices choices, Background background) {
    this.spec = spec;
    // In the background it is in another folder than its caller.
    this.file = background == null ? file : file.toAbsolutePath();
    this.mountPoint = background == null ? mountPoint : mountPoint.toAbsolutePath();
    this.choices = choices;
    this.background = background;
  }

  /**
   * Serves.
   *
   * @param answering what to say to the caller once the mount answers
   */
  void run(Runnable answering) throws IOException, InterruptedException {
    if (background != null) {
      background.open(choices.log());
    }
    ChannelKind kind = choices.channel();
    MountedDaemon.load(kind);
    Configuration configuration = configuration();
    Catalogue catalogue = Catalogues.load(configuration, spec.commandLine().getErr());
    EventLog events =
        background == null
            ? Logging.start(choices.verbose())
            : Logging.startForBackground(choices.verbose());
    Map<String, BackendFactory> backends = backends();
    try (Daemon daemon =
        Daemon.ofMount(file, configuration, backends, catalogue, events, mountPoint)) {
      MountedDaemon.Options options =
          new MountedDaemon.Options(
              file,
              this::read,
              mountPoint,
              kind,
              choices.keepNothing(),
              ExitCode.DIED,
              () -> {
                answering.run();
                if (background != null) {
                  background.enter();
                }
              });
      new MountedDaemon(daemon, configuration, options).run();
    } catch (MountedDaemon.NotMountedException e) {
      throw new CommandFailure(ExitCode.MOUNT, e.getMessage());
    }
  }

  /** The configuration with what was chosen; errors end the command, warnings are printed. */
  Configuration configuration() {
    Configuration configuration =
        choices.applyTo(ConfigurationFile.readWith(choices.asYaml(), file, spec));
    PrintWriter err = spec.commandLine().getErr();
    configuration.warnings().forEach(warning -> err.println("warning: " + warning));
    if (configuration.cluster() != null && !configuration.cluster().reads()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          file
              + ": cluster.role: is poll alone, and a mount serves readers; expected poll and read,"
              + " or '--role read', or use 'aeiou poller'");
    }
    return configuration;
  }

  private Configuration read(String inventory) throws ConfigurationException {
    return choices.applyTo(
        ConfigurationReader.readWith(
            choices.asYaml(), inventory, file, System.getenv(), backends()));
  }

  private Map<String, BackendFactory> backends() {
    return Program.of(spec).backends();
  }
}
