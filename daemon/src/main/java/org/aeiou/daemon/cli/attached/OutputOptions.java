package org.aeiou.daemon.cli.attached;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.cli.output.CsvFormat;
import org.aeiou.daemon.cli.output.Format;
import org.aeiou.daemon.cli.output.JsonFormat;
import org.aeiou.daemon.cli.output.PlainFormat;
import org.aeiou.daemon.cli.output.TableFormat;
import org.aeiou.daemon.cli.output.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** In which form values are printed. */
final class OutputOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--json",
      description = "print a JSON object a line: path and value (numbers are numbers), or error")
  private boolean json;

  @Option(
      names = "--csv",
      description = "print comma-separated lines of path, value, error, with a line of names first")
  private boolean csv;

  @Option(
      names = "--table",
      description = "print a table: a line for each directory, a column for each name")
  private boolean table;

  @Option(
      names = {"-l", "--long"},
      description = "print state, age_ms and type besides; not in a table")
  private boolean isLong;

  @Option(
      names = "--with",
      split = ",",
      paramLabel = "FACT",
      description =
          "print these besides: state, age_ms, ttl_ms, type, units, oid, raw, description, error;"
              + " not in a table")
  private List<String> with = new ArrayList<>();

  /** What else is wanted of values. */
  List<String> facts() {
    List<String> facts = new ArrayList<>(isLong ? List.of("state", "age_ms", "type") : List.of());
    with.stream().filter(fact -> !facts.contains(fact)).forEach(facts::add);
    return facts;
  }

  /** Whether more than values is needed: JSON needs to know what a number is. */
  boolean isDescribed() {
    return json || !facts().isEmpty();
  }

  /** Whether each line stands for itself, and can be printed as it comes. */
  boolean isTable() {
    return table;
  }

  boolean isJson() {
    return json;
  }

  /** Refuses what contradicts itself, before anything is asked. */
  void check() {
    if ((json ? 1 : 0) + (csv ? 1 : 0) + (table ? 1 : 0) > 1) {
      throw new ParameterException(
          spec.commandLine(), "--json, --csv and --table exclude each other; expected one of them");
    }
  }

  /**
   * Prints to the command's standard output.
   *
   * @param alone whether there is one value, which needs no path
   */
  Format format(boolean alone) {
    PrintWriter out = spec.commandLine().getOut();
    Terminal terminal = Terminal.of(1);
    if (json) {
      return new JsonFormat(out, facts());
    }
    if (csv) {
      return new CsvFormat(out, facts());
    }
    return table ? new TableFormat(out, terminal) : new PlainFormat(out, alone, facts(), terminal);
  }
}
