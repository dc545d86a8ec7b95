package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "umount",
    description = "Unmount; the daemon that serves the mount point then ends.",
    mixinStandardHelpOptions = true)
final class UmountCommand implements Callable<Integer> {
  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MOUNTPOINT", description = "where a network is mounted")
  private Path mountPoint;

  @Option(
      names = "--lazy",
      description =
          "also while files are open: the mount disappears now, and ends with the last of them")
  private boolean lazy;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path absolute = asMounted(mountPoint);
    String type = type(absolute);
    if (type == null) {
      throw new CommandFailure(
          ExitCode.MOUNT, absolute + ": nothing is mounted there; see 'findmnt -t fuse.aeiou'");
    }
    if (!type.equals("fuse.aeiou")) {
      throw new CommandFailure(
          ExitCode.MOUNT,
          absolute + ": is a mount of type " + type + ", not aeiou's; use 'umount'");
    }
    boolean root = "root".equals(System.getProperty("user.name"));
    List<String> command =
        root
            ? List.of("umount", lazy ? "-l" : "--", absolute.toString())
            : List.of("fusermount3", lazy ? "-uz" : "-u", "--", absolute.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new CommandFailure(ExitCode.MOUNT, why(absolute, said));
    }
    spec.commandLine().getOut().println("unmounted " + absolute);
    return ExitCode.OK;
  }

  /**
   * Why it could not be unmounted.
   *
   * @param said by the program that tried, which names itself and the place too
   */
  static String why(Path mountPoint, String said) {
    String reason =
        said.lines()
            .reduce("", (before, line) -> line)
            .replaceFirst("^(umount|fusermount3?): ", "")
            .replaceFirst("^failed to unmount ", "");
    if (reason.startsWith(mountPoint + ": ")) {
      reason = reason.substring(mountPoint.toString().length() + 2);
    }
    String advice =
        reason.contains("busy")
            ? "; see who uses it with 'fuser -vm " + mountPoint + "', or use --lazy"
            : "";
    return mountPoint + ": " + reason.replaceFirst("\\.$", "") + advice;
  }

  /** The path without symbolic links, as the kernel lists it; also of a mount that is dead. */
  private static Path asMounted(Path mountPoint) {
    Path absolute = mountPoint.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      // Its daemon may be gone; what is above it can still be resolved.
    }
    Path parent = absolute.getParent();
    try {
      return parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      return absolute;
    }
  }

  /** The type of the mount at a place, or null; the last one, if several are stacked. */
  private static String type(Path mountPoint) throws IOException {
    String escaped =
        mountPoint
            .toString()
            .replace("\\", "\\134")
            .replace(" ", "\\040")
            .replace("\t", "\\011")
            .replace("\n", "\\012");
    String type = null;
    for (String line : Files.readAllLines(MOUNTS, UTF_8)) {
      String[] fields = line.split(" ", -1);
      if (fields.length > 2 && fields[1].equals(escaped)) {
        type = fields[2];
      }
    }
    return type;
  }
}
