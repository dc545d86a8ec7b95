package org.aeiou.daemon.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.aeiou.daemon.cli.command.Catalogues;
import org.aeiou.daemon.cli.command.ConfigurationFile;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.config.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description = "Check a configuration, and say everything that is wrong with it.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "the configuration")
  private Path file;

  @Override
  public Integer call() {
    Configuration configuration = ConfigurationFile.read(file, spec);
    Catalogues.load(configuration, spec.commandLine().getErr(), true);
    int count = configuration.systems().size();
    spec.commandLine()
        .getOut()
        .println(file + ": no errors, " + count + (count == 1 ? " system" : " systems"));
    return ExitCode.OK;
  }
}
