package org.aeiou.daemon.cli.attached;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.output.Item;
import org.aeiou.daemon.cli.output.Terminal;

/** Says what went wrong, and knows what the command exits with. */
final class Complaints {
  /** As of a program that the system ends because its output is read no more: 128 + SIGPIPE. */
  static final int BROKEN_PIPE = 141;

  private final PrintWriter out;
  private final PrintWriter err;
  private final Terminal terminal = Terminal.of(2);
  private final Set<String> said = new HashSet<>();
  private int exitCode = ExitCode.OK;

  /**
   * Nothing went wrong yet.
   *
   * @param out the command's standard output
   */
  Complaints(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** Says it, and the command has failed. */
  void failure(String message) {
    note(message);
    exitCode = ExitCode.FAILED;
  }

  /** Says it, once: several patterns may meet with the same. */
  void note(String message) {
    if (said.add(message)) {
      err.print("aeiou: " + terminal.shown(message) + "\n");
      err.flush();
    }
  }

  /**
   * Says what is wrong with an item, if anything is.
   *
   * @param isNamed whether the user named it, and did not only match it
   */
  void about(Item item, boolean isNamed) {
    if (item.hasFailed() || (item.absent() && isNamed)) {
      failure(item.complaint());
    } else if (item.absent()) {
      note(item.complaint());
    }
  }

  /** Writes out what was printed; returns the exit code. */
  int end() {
    // A reader that went away, as 'head' does, is no news to the user.
    return out.checkError() ? BROKEN_PIPE : exitCode;
  }
}
