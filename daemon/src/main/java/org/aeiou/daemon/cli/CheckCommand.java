package org.aeiou.daemon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.aeiou.daemon.catalogue.AttributePatterns;
import org.aeiou.daemon.catalogue.Catalogue;
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
    PrintWriter err = spec.commandLine().getErr();
    Catalogue catalogue = Catalogues.load(configuration, err, true);
    allowed(configuration)
        .doubts(catalogue.groups())
        .forEach(doubt -> err.println("warning: " + file + ": write.allow: " + doubt));
    int count = configuration.systems().size();
    spec.commandLine()
        .getOut()
        .println(file + ": no errors, " + count + (count == 1 ? " system" : " systems"));
    return ExitCode.OK;
  }

  /** What is allowed of any system. */
  private static AttributePatterns allowed(Configuration configuration) {
    return new AttributePatterns(
        configuration.systems().values().stream()
            .flatMap(system -> system.write().allowed().texts().stream())
            .distinct()
            .toList());
  }
}
