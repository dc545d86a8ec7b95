package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.app.MountedDaemon.ChannelKind;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.mounting.OptionList.NotUnderstoodException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "mount",
    description = {
      "Mount a network, until Ctrl-C, SIGTERM or 'aeiou umount MOUNTPOINT'.",
      "SIGHUP reads the configuration again without unmounting.",
      "'mount -t aeiou FILE MOUNTPOINT' mounts in the background, too, and a line of /etc/fstab does."
    },
    mixinStandardHelpOptions = true)
public final class MountCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "the configuration")
  private Path file;

  @Parameters(index = "1", paramLabel = "MOUNTPOINT", description = "an empty directory")
  private Path mountPoint;

  @Option(
      names = "-o",
      paramLabel = "OPTION[,OPTION...]",
      description = {
        "options as mount(8) has them: allow_other, uid=USER, gid=GROUP and mode=DIGITS instead of"
            + " what the configuration says below 'mount'; ro, so that nothing may be written,"
            + " whatever it allows; role=ROLE, site=SITE and member=NAME; channel=KIND,"
            + " no_kernel_cache, log=FILE and verbose"
      })
  private List<String> lists = List.of();

  @Option(
      names = "--channel",
      paramLabel = "KIND",
      converter = ChannelKindConverter.class,
      description = "kernel, jnr-fuse or auto: how to reach the kernel (auto)")
  private ChannelKind channelKind;

  @Option(
      names = "--no-kernel-cache",
      description = "let the kernel keep nothing: slow; for measuring and for finding faults")
  private boolean keepNothing;

  @Option(
      names = "--background",
      description =
          "return when the mount answers, and serve it in the background; what stands in the way is"
              + " said before")
  private boolean inBackground;

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "with --background: where the log goes (to the system's log, as 'aeiou')")
  private Path log;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = {"-v", "--verbose"},
      description = "log more")
  private boolean verbose;

  @Override
  public Integer call() throws IOException, InterruptedException {
    MountChoices choices;
    try {
      choices =
          MountChoices.of(OptionList.of(String.join(",", lists), false))
              .with(channelKind, keepNothing, verbose, log)
              .inCluster(cluster.keys());
    } catch (NotUnderstoodException e) {
      throw new CommandFailure(ExitCode.USAGE, "-o: " + e.getMessage());
    }
    if (choices.log() != null && !inBackground) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--log: in the foreground the log goes to the standard error; give --background too, or"
              + " write '2>>"
              + choices.log()
              + "' in its place");
    }
    Background background = inBackground ? Background.ofThisProcess() : null;
    new Serving(spec, file, mountPoint, choices, background).run(() -> {});
    return ExitCode.OK;
  }
}
