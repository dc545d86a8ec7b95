package org.aeiou.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.app.Logging;
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
import org.aeiou.daemon.metrics.EventLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "mount",
    description = {
      "Mount a network, until Ctrl-C, SIGTERM or 'aeiou umount MOUNTPOINT'.",
      "SIGHUP reads the configuration again without unmounting."
    },
    mixinStandardHelpOptions = true)
public final class MountCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "the configuration")
  private Path file;

  @Parameters(index = "1", paramLabel = "MOUNTPOINT", description = "an empty directory")
  private Path mountPoint;

  @Option(
      names = "--channel",
      paramLabel = "KIND",
      defaultValue = "auto",
      converter = ChannelKindConverter.class,
      description = "kernel, jnr-fuse or auto: how to reach the kernel (auto)")
  private ChannelKind channelKind;

  @Option(
      names = "--no-kernel-cache",
      description = "let the kernel keep nothing: slow; for measuring and for finding faults")
  private boolean keepNothing;

  @Option(
      names = {"-v", "--verbose"},
      description = "log more")
  private boolean verbose;

  @Override
  public Integer call() throws IOException, InterruptedException {
    MountedDaemon.load(channelKind);
    Configuration configuration = ConfigurationFile.read(file, spec);
    Catalogue catalogue = Catalogues.load(configuration, spec.commandLine().getErr());
    EventLog events = Logging.start(verbose);
    Map<String, BackendFactory> backends = Program.of(spec).backends();
    try (Daemon daemon =
        Daemon.ofMount(file, configuration, backends, catalogue, events, mountPoint)) {
      MountedDaemon.Options options =
          new MountedDaemon.Options(file, mountPoint, channelKind, keepNothing, ExitCode.DIED);
      new MountedDaemon(daemon, configuration, backends, options).run();
    } catch (MountedDaemon.NotMountedException e) {
      throw new CommandFailure(ExitCode.MOUNT, e.getMessage());
    }
    return ExitCode.OK;
  }
}
