package org.aeiou.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.MountedDaemonOrder;
import org.aeiou.daemon.app.Reloading;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "reload",
    description =
        "Make the daemon behind a mount read its configuration again, and say how it went.",
    mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MOUNTPOINT", description = "where a network is mounted")
  private Path mountPoint;

  @Override
  public Integer call() throws IOException {
    List<String> answer;
    try {
      answer =
          MountedDaemonOrder.give(
              mountPoint, OrderHandler.RELOAD, "", "send it SIGHUP instead: kill -HUP ");
    } catch (MountedDaemonOrder.NotGivenException e) {
      throw CommandFailure.of(e);
    }
    List<String> lines = answer.subList(1, answer.size());
    if (answer.get(0).equals(Reloading.RELOADED)) {
      lines.forEach(spec.commandLine().getOut()::println);
      return ExitCode.OK;
    }
    lines.forEach(line -> spec.commandLine().getErr().println("aeiou: not reloaded: " + line));
    return ExitCode.CONFIGURATION;
  }
}
