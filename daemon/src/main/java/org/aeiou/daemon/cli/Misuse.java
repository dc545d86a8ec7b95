package org.aeiou.daemon.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.document.Spelling;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is said of a command line that is not understood: the word, what was expected, where help
 * is.
 */
final class Misuse {
  private Misuse() {}

  /** Prints it; returns the exit code. */
  static int tell(ParameterException misuse, String[] arguments) {
    CommandLine command = misuse.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("aeiou: " + words(misuse, command));
    boolean isRoot = command.getParent() == null;
    String name = command.getCommandSpec().qualifiedName();
    if (isRoot) {
      err.println("'aeiou help' lists the commands");
    } else {
      err.print("usage: " + command.getHelp().synopsis("usage: ".length()));
      err.println("'" + name + " --help' says more");
    }
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String words(ParameterException misuse, CommandLine command) {
    if (misuse instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, command);
    }
    if (misuse instanceof MissingParameterException missing) {
      return missing(missing.getMissing());
    }
    if (misuse.getArgSpec() == null && misuse.getValue() != null) {
      // 'aeiou help gte'
      return unknownCommand(misuse.getValue(), command);
    }
    // picocli's words are Java's.
    return misuse
        .getMessage()
        .replaceFirst("^Invalid value for [a-z ]+'([^']*)'", "$1")
        .replaceFirst("is not an? (int|long)$", "is not a whole number");
  }

  private static String unmatched(UnmatchedArgumentException unmatched, CommandLine command) {
    List<String> words = unmatched.getUnmatched();
    for (String word : words) {
      if (word.startsWith("-") && word.length() > 1) {
        List<String> options = new ArrayList<>(command.getCommandSpec().optionsMap().keySet());
        String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
        return "'"
            + name
            + "' is not an option of '"
            + command.getCommandSpec().qualifiedName()
            + "'"
            + meant(name, options);
      }
    }
    return command.getParent() == null
        ? unknownCommand(words.get(0), command)
        : "'" + words.get(0) + "' is an argument too much";
  }

  private static String unknownCommand(String word, CommandLine command) {
    return "'"
        + word
        + "' is not a command"
        + meant(word, List.copyOf(command.getSubcommands().keySet()));
  }

  private static String meant(String word, List<String> known) {
    String nearest = Spelling.nearest(word, known);
    return nearest == null ? "" : "; did you mean '" + nearest + "'?";
  }

  private static String missing(List<ArgSpec> missing) {
    ArgSpec first = missing.get(0);
    return first instanceof OptionSpec option
        ? "the option '" + option.longestName() + " " + option.paramLabel() + "' is missing"
        : first.paramLabel() + " is missing";
  }
}
