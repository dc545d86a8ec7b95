package org.aeiou.daemon.cli.command;

import org.aeiou.daemon.app.MountedDaemonOrder;

/** A command that cannot go on, in words for its user. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** An order could not be given to a daemon. */
  public static CommandFailure of(MountedDaemonOrder.NotGivenException e) {
    return new CommandFailure(e.isForbidden() ? ExitCode.FAILED : ExitCode.MOUNT, e.getMessage());
  }

  public int exitCode() {
    return exitCode;
  }
}
