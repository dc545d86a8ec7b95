package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.cli.attached.DiffCommand;
import org.aeiou.daemon.cli.attached.FindCommand;
import org.aeiou.daemon.cli.attached.GetCommand;
import org.aeiou.daemon.cli.attached.ListCommand;
import org.aeiou.daemon.cli.attached.SetCommand;
import org.aeiou.daemon.cli.attached.WatchCommand;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.mounting.DrainCommand;
import org.aeiou.daemon.cli.mounting.MountCommand;
import org.aeiou.daemon.cli.mounting.MountHelperCommand;
import org.aeiou.daemon.cli.mounting.PollerCommand;
import org.aeiou.daemon.cli.mounting.ReloadCommand;
import org.aeiou.daemon.cli.mounting.StatusCommand;
import org.aeiou.daemon.cli.mounting.UmountCommand;
import org.aeiou.daemon.cli.top.TopCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
    name = "aeiou",
    description = "A monitored network as a file system.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      MountCommand.class,
      MountHelperCommand.class,
      UmountCommand.class,
      PollerCommand.class,
      DrainCommand.class,
      ReloadCommand.class,
      StatusCommand.class,
      ForgetCommand.class,
      CheckCommand.class,
      GetCommand.class,
      ListCommand.class,
      SetCommand.class,
      WatchCommand.class,
      FindCommand.class,
      DiffCommand.class,
      TopCommand.class,
      ImportCommand.class,
      DiscoverCommand.class,
      SimulateCommand.class,
      MibCommand.class,
      RehearseCommand.class,
      VersionCommand.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it worked",
      "1:it failed; the message says why",
      "2:the command line was not understood",
      "3:the configuration has errors",
      "4:the mount point could not be mounted or unmounted, or has no daemon",
      "5, 6, 7:of 'aeiou status': the daemon is gone, hangs, or has systems that are down",
      "70:the daemon could not go on, and took the mount with it; please report its last messages"
    },
    footer = {
      "",
      "Examples:",
      "  aeiou check net.yaml",
      "  aeiou mount net.yaml /net          # until Ctrl-C, or 'aeiou umount /net'",
      "  aeiou get 'core*/interfaces/*/ifOperStatus' --table",
      "  aeiou find --name ifOperStatus --value down 'lon/*'",
      "  aeiou diff core1 core2",
      "  aeiou set core1/system/sysLocation='Rack 7' sysContact=ops@example.org",
      "  aeiou simulate --systems 200 --config-out net.yaml",
      "",
      "Java: JAVA_HOME says which one, AEIOU_JAVA_OPTS what it is started with",
      "('-Xmx4g'), in the environment or, for all users, in /etc/default/aeiou.",
      "As root by way of sudo only the file counts."
    })
public final class Main implements Program {
  private final Map<String, BackendFactory> backends;

  private Main(Map<String, BackendFactory> backends) {
    this.backends = backends;
  }

  @Override
  public Map<String, BackendFactory> backends() {
    return backends;
  }

  @Override
  public Ticker ticker() {
    return Ticker.systemTicker();
  }

  @Override
  public InstantSource clock() {
    return InstantSource.system();
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(
        run(
            Backends.ALL,
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            args));
  }

  /** Runs a command; returns its exit code. */
  static int run(
      Map<String, BackendFactory> backends, PrintWriter out, PrintWriter err, String... args) {
    CommandLine commandLine = new CommandLine(new Main(backends));
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    for (CommandLine command : commandLine.getSubcommands().values()) {
      command.getCommandSpec().version(VersionCommand.line());
    }
    commandLine.getCommandSpec().version(VersionCommand.line());
    commandLine.setParameterExceptionHandler(Misuse::tell);
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          if (exception instanceof CommandFailure failure) {
            command.getErr().println("aeiou: " + failure.getMessage());
            return failure.exitCode();
          }
          if (exception instanceof IOException) {
            // The system refused a socket or a descriptor: a stack trace would say no more.
            command.getErr().println("aeiou: " + exception.getMessage());
            return ExitCode.FAILED;
          }
          throw exception;
        });
    if (args.length == 0) {
      commandLine.usage(err);
      return ExitCode.USAGE;
    }
    return commandLine.execute(args);
  }
}
