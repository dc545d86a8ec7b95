package org.aeiou.daemon.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** The version that the jar was built as. */
  static String version() {
    return Objects.requireNonNullElse(
        VersionCommand.class.getPackage().getImplementationVersion(), "development");
  }

  /** What {@code aeiou version} and {@code --version} print. */
  static String line() {
    return "aeiou " + version() + " (Java " + Runtime.version() + ")";
  }

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(line());
    return ExitCode.OK;
  }
}
