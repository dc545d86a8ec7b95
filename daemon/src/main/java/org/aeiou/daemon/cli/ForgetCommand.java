package org.aeiou.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.MountedDaemonOrder;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.fuse.mount.MountPoint;
import org.aeiou.daemon.fuse.mount.Mounting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "forget",
    description =
        "Make the daemon behind a mount forget what it learned of a system: how much, how fast and"
            + " how it may be asked. It is learned anew.",
    mixinStandardHelpOptions = true)
final class ForgetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SYSTEM", description = "a system, by its name")
  private String system;

  @Option(
      names = "--mount",
      paramLabel = "MOUNTPOINT",
      description = "where the network is mounted; needed where several are")
  private Path mountPoint;

  @Override
  public Integer call() throws IOException {
    List<String> answer;
    try {
      answer =
          MountedDaemonOrder.give(
              mountPoint == null ? onlyMount() : mountPoint,
              OrderHandler.FORGET,
              system,
              "stop it, take the system's line out of the file 'learned' of its state folder, and"
                  + " start it again; its process is ");
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

  private static Path onlyMount() throws IOException {
    List<Path> all = MountPoint.all(Mounting.TYPE);
    if (all.size() == 1) {
      return all.get(0);
    }
    throw new CommandFailure(
        ExitCode.MOUNT,
        all.isEmpty()
            ? "no network is mounted; nothing is forgotten"
            : "several networks are mounted: " + all + "; say which with --mount");
  }
}
