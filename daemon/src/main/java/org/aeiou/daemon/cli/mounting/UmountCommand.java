package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.fuse.mount.MountPoint;
import org.aeiou.daemon.fuse.mount.MountTable;
import org.aeiou.daemon.fuse.mount.Mounting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "umount",
    description = "Unmount; the daemon that serves the mount point then ends.",
    mixinStandardHelpOptions = true)
public final class UmountCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MOUNTPOINT", description = "where a network is mounted")
  private Path mountPoint;

  @Option(
      names = "--lazy",
      description =
          "also while files are open: the mount disappears now, and ends with the last of them")
  private boolean lazy;

  @Override
  public Integer call() {
    try {
      spec.commandLine().getOut().println("unmounted " + unmounted());
      return ExitCode.OK;
    } catch (IOException e) {
      throw failure(e.getMessage());
    }
  }

  /** Unmounts; returns what, and what there is to say of it. */
  private String unmounted() throws IOException {
    MountPoint place = MountPoint.of(mountPoint);
    Path path = place.path();
    MountTable.Entry entry =
        place
            .mounted()
            .orElseThrow(
                () ->
                    failure(
                        path
                            + ": nothing is mounted there; see 'findmnt -t "
                            + Mounting.TYPE
                            + "'"));
    if (!entry.type().equals(Mounting.TYPE)) {
      throw failure(path + ": is a mount of type " + entry.type() + ", not aeiou's; use 'umount'");
    }
    boolean answers = place.isAnswering();
    unmount(path, answers);
    if (place.mounted().filter(entry::equals).isPresent()) {
      throw failure(
          path + ": is still mounted: only root and the user that mounted it can unmount it");
    }
    return path + (answers ? "" : "; its daemon did not answer any more");
  }

  private void unmount(Path path, boolean answers) throws IOException {
    Mounting mounting = Mounting.ofThisUser();
    if (!answers) {
      // What a program has open there is lost already.
      mounting.detach(path);
    } else if (lazy) {
      mounting.hide(path);
    } else if (mounting.unmount(path) == Mounting.Unmounted.BUSY) {
      throw failure(
          path + ": a program has it open; see which with 'fuser -vm " + path + "', or use --lazy");
    }
  }

  private static CommandFailure failure(String message) {
    return new CommandFailure(ExitCode.MOUNT, message);
  }
}
