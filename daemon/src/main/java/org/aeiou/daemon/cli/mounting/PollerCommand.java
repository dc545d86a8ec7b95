package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.Daemon;
import org.aeiou.daemon.app.PollingDaemon;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "poller",
    description = {
      "Ask the systems of a configuration for the members of a cluster, without a mount, until"
          + " Ctrl-C or SIGTERM.",
      "SIGHUP reads the configuration again; 'aeiou drain --pid PID' gives its systems to other"
          + " members."
    },
    mixinStandardHelpOptions = true)
public final class PollerCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "the configuration, with 'cluster:'")
  private Path file;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = {"-v", "--verbose"},
      description = "log more")
  private boolean verbose;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Configuration configuration = ConfigurationFile.readWith(instead(), file, spec).ofPoller();
    configuration
        .warnings()
        .forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
    if (configuration.cluster() == null) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          file
              + ": has no 'cluster', so that no other process could read what a poller asks;"
              + " expected cluster: {servers: [nats://HOST:4222]}, or use 'aeiou mount'");
    }
    if (!configuration.cluster().polls()) {
      throw new CommandFailure(
          ExitCode.CONFIGURATION,
          file
              + ": cluster.role: is read alone, and a poller polls; expected poll, or '--role poll'");
    }
    Catalogue catalogue = Catalogues.load(configuration, spec.commandLine().getErr());
    EventLog events = Logging.start(verbose);
    try (Daemon daemon = Daemon.ofPoller(file, configuration, backends(), catalogue, events)) {
      new PollingDaemon(
              daemon, configuration, new PollingDaemon.Options(file, this::read, ExitCode.DIED))
          .run();
    }
    return ExitCode.OK;
  }

  private String instead() {
    return MountChoices.clusterAsYaml(cluster.keys());
  }

  private Configuration read() throws ConfigurationException {
    return ConfigurationReader.readWith(instead(), file, System.getenv(), backends()).ofPoller();
  }

  private Map<String, BackendFactory> backends() {
    return Program.of(spec).backends();
  }
}
