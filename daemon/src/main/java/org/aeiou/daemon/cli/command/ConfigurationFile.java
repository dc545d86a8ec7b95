package org.aeiou.daemon.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;
import org.aeiou.daemon.config.ConfigurationReader;
import picocli.CommandLine.Model.CommandSpec;

/** Reads a configuration for a command: errors end it, warnings are printed. */
public final class ConfigurationFile {
  private ConfigurationFile() {}

  public static Configuration read(Path file, CommandSpec spec) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Configuration configuration =
          ConfigurationReader.read(file, System.getenv(), Program.of(spec).backends());
      configuration.warnings().forEach(warning -> err.println("warning: " + warning));
      return configuration;
    } catch (ConfigurationException e) {
      e.errors().forEach(err::println);
      throw new CommandFailure(ExitCode.CONFIGURATION, file + ": not used, because of the above");
    }
  }
}
