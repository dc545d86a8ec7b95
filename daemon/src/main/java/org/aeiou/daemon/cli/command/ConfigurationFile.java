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

  /** The configuration in a file. */
  public static Configuration read(Path file, CommandSpec spec) {
    PrintWriter err = spec.commandLine().getErr();
    Configuration configuration =
        withoutErrors(
            file,
            spec,
            () -> ConfigurationReader.read(file, System.getenv(), Program.of(spec).backends()));
    configuration.warnings().forEach(warning -> err.println("warning: " + warning));
    return configuration;
  }

  /** The same with other values for its keys at the top; what it warns of was said before. */
  public static Configuration readWith(String instead, Path file, CommandSpec spec) {
    return withoutErrors(
        file,
        spec,
        () ->
            ConfigurationReader.readWith(
                instead, file, System.getenv(), Program.of(spec).backends()));
  }

  @FunctionalInterface
  private interface Reading {
    Configuration read() throws ConfigurationException;
  }

  private static Configuration withoutErrors(Path file, CommandSpec spec, Reading reading) {
    try {
      return reading.read();
    } catch (ConfigurationException e) {
      e.errors().forEach(spec.commandLine().getErr()::println);
      throw new CommandFailure(ExitCode.CONFIGURATION, file + ": not used, because of the above");
    }
  }
}
