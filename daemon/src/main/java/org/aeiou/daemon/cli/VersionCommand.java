package org.aeiou.daemon.cli;

import java.util.concurrent.Callable;
import org.aeiou.daemon.app.Version;
import org.aeiou.daemon.cli.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
public final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** What {@code aeiou version} and {@code --version} print. */
  static String line() {
    return "aeiou " + Version.text() + " (Java " + Runtime.version() + ")";
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(line());
    return ExitCode.OK;
  }
}
