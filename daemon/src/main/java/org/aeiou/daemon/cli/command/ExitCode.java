package org.aeiou.daemon.cli.command;

/** What the program's exit codes mean; {@code aeiou --help} lists them. */
public final class ExitCode {
  public static final int OK = 0;

  /** The command was understood, and failed. */
  public static final int FAILED = 1;

  /** The command line was not understood. */
  public static final int USAGE = 2;

  /** The configuration has errors. */
  public static final int CONFIGURATION = 3;

  /** The mount point could not be mounted or unmounted, or there is no daemon behind it. */
  public static final int MOUNT = 4;

  /** The daemon could not go on: a thread of its own died, or memory ran out. */
  public static final int DIED = 70;

  private ExitCode() {}
}
