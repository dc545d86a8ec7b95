package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.MountedDaemonOrder;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "drain",
    description = {
      "Have a member of a cluster give its systems to others, before an upgrade; returns when that"
          + " is done.",
      "It stays a member that asks no system itself until it is started again. No read fails."
    },
    mixinStandardHelpOptions = true)
public final class DrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private OrderTarget target;

  @Override
  public Integer call() throws IOException {
    List<String> answer;
    try {
      answer =
          target.give(
              OrderHandler.DRAIN,
              "end it instead, which gives its systems away too; its process is ");
    } catch (MountedDaemonOrder.NotGivenException e) {
      throw CommandFailure.of(e);
    }
    boolean done = answer.get(0).equals(OrderHandler.DONE);
    for (String line : answer.subList(1, answer.size())) {
      if (done) {
        spec.commandLine().getOut().println(line);
      } else {
        spec.commandLine().getErr().println("aeiou: " + line);
      }
    }
    return done ? ExitCode.OK : ExitCode.FAILED;
  }
}
