package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.MountedDaemonOrder;
import org.aeiou.daemon.app.process.Reloading;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "reload",
    description =
        "Make the daemon behind a mount, or a poller, read its configuration again, and say how it went.",
    mixinStandardHelpOptions = true)
public final class ReloadCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private OrderTarget target;

  @Override
  public Integer call() throws IOException {
    List<String> answer;
    try {
      answer = target.give(OrderHandler.RELOAD, "send it SIGHUP instead: kill -HUP ");
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
