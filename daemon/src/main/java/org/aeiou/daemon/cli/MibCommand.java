package org.aeiou.daemon.cli;

import java.util.concurrent.Callable;
import org.aeiou.daemon.cli.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "mib",
    description = "Make a catalogue of vendors' MIB files.",
    mixinStandardHelpOptions = true,
    subcommands = MibImportCommand.class)
final class MibCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
