package org.aeiou.daemon.cli.mounting;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.app.MountedDaemonOrder;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The daemon that an order is for: that of a mount, or a poller, which has none. */
final class OrderTarget {
  @Parameters(paramLabel = "MOUNTPOINT", description = "where a network is mounted")
  private Path mountPoint;

  @Option(names = "--pid", paramLabel = "PID", description = "the process of a poller")
  private Long pid;

  /**
   * Gives an order.
   *
   * @param otherwise what to do by hand where the daemon has no socket, with its process id behind
   * @return what came of it, and then what there is to say; at least one line
   */
  List<String> give(long order, String otherwise) throws IOException {
    return pid == null
        ? MountedDaemonOrder.give(mountPoint, order, "", otherwise)
        : MountedDaemonOrder.giveToPoller(pid, order);
  }
}
