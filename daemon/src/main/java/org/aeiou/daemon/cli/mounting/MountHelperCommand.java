package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.mounting.OptionList.NotUnderstoodException;
import org.aeiou.daemon.fuse.mount.MountPoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What {@code /sbin/mount.aeiou} is, which mount(8) calls for this type: {@code mount.type SOURCE
 * TARGET [-sfnv] [-N namespace] [-o options] [-t type]}, with the exit codes of mount(8).
 */
@Command(
    name = "mount.aeiou",
    hidden = true,
    description = {
      "Mount a network as mount(8) does: in the background; return when the mount answers.",
      "mount(8) calls this for 'mount -t aeiou SOURCE TARGET' and for lines of /etc/fstab. What"
          + " 'aeiou mount' takes as options stands in the list behind -o; what only mount(8), the"
          + " service manager or other file systems know is passed over: defaults, _netdev, nofail,"
          + " noauto, user, x-..., noatime and the like. The mount is always nosuid, nodev and"
          + " noexec."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnInvalidInput = MountHelperCommand.MISUSED,
    exitCodeListHeading = "%nExit codes, which are those of mount(8):%n",
    exitCodeList = {
      "0:it is mounted and answers",
      "1:the command line or an option was not understood",
      "2:the system cannot run it: no Java, or its memory or descriptors do not suffice",
      "8:interrupted",
      "32:it is not mounted; the message says why"
    })
public final class MountHelperCommand implements Callable<Integer> {
  static final int MISUSED = 1;
  private static final int NOT_MOUNTED = 32;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "the file of the configuration")
  private Path file;

  @Parameters(index = "1", paramLabel = "TARGET", description = "an empty directory")
  private Path mountPoint;

  @Option(
      names = "-o",
      paramLabel = "OPTION[,OPTION...]",
      description = {
        "allow_other, uid=USER, gid=GROUP and mode=DIGITS stand for what the configuration says"
            + " below 'mount'; with ro nothing may be written, whatever it allows, and rw leaves"
            + " that to it; role=ROLE, site=SITE and member=NAME say what this member of a cluster"
            + " is; log=FILE says where the log goes (to the system's log, as 'aeiou');"
            + " channel=KIND, no_kernel_cache and verbose are those of 'aeiou mount'"
      })
  private List<String> lists = List.of();

  @Option(names = "-s", description = "sloppy: pass over options that are not known")
  private boolean sloppy;

  @Option(names = "-f", description = "fake: look at all of it, and mount nothing")
  private boolean fake;

  @Option(names = "-n", description = "write no /etc/mtab: none is written anyway")
  @SuppressWarnings("unused") // mount(8) may give it
  private boolean noTable;

  @Option(names = "-v", description = "say what was mounted")
  private boolean verbose;

  @Option(names = "-t", paramLabel = "TYPE", description = "aeiou or fuse.aeiou; no other")
  private String type;

  @Option(names = "-N", paramLabel = "NAMESPACE", description = "not possible: see nsenter(1)")
  private String namespace;

  @Override
  public Integer call() throws InterruptedException {
    try {
      return mount();
    } catch (NotUnderstoodException e) {
      return failed(MISUSED, e.getMessage());
    } catch (CommandFailure | IOException e) {
      return failed(NOT_MOUNTED, e.getMessage());
    }
  }

  private int mount() throws NotUnderstoodException, IOException, InterruptedException {
    if (type != null && !type.equals("aeiou") && !type.equals("fuse.aeiou")) {
      throw new NotUnderstoodException("-t " + type + ": this mounts aeiou and fuse.aeiou only");
    }
    if (namespace != null) {
      throw new NotUnderstoodException(
          "-N: a process cannot mount in another mount namespace than its own; start it there:"
              + " nsenter --mount="
              + namespace
              + " mount -t aeiou ...");
    }
    MountChoices choices =
        MountChoices.of(OptionList.of(String.join(",", lists), sloppy))
            .with(null, false, false, null);
    if (fake) {
      var unused = new Serving(spec, file, mountPoint, choices, null).configuration();
      MountPoint.of(mountPoint);
      return ExitCode.OK;
    }
    new Serving(spec, file, mountPoint, choices, Background.ofThisProcess()).run(this::tell);
    return ExitCode.OK;
  }

  private void tell() {
    if (verbose) {
      spec.commandLine()
          .getOut()
          .println(
              "%s mounted on %s, served by process %d"
                  .formatted(file, mountPoint, ProcessHandle.current().pid()));
    }
  }

  private int failed(int exitCode, String message) {
    spec.commandLine().getErr().println("mount.aeiou: " + message);
    return exitCode;
  }
}
