package org.aeiou.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.mib.MibImport;
import org.aeiou.daemon.catalogue.mib.MibSource;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "import",
    description = {
      "Make a catalogue file of MIB files, for 'catalogue:' in a configuration.",
      "What of them cannot be read is told, and skipped."
    },
    mixinStandardHelpOptions = true)
final class MibImportCommand implements Callable<Integer> {
  /** How much of what is wrong is said unless all of it is wanted. */
  private static final int FEW_LINES = 20;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "MIB files, or folders of them; those that they import from as well")
  private List<Path> places;

  @Option(
      names = {"-g", "--group"},
      paramLabel = "NAME",
      description = "only this table, group or module, by its name in the MIB; several times")
  private List<String> groups = new ArrayList<>();

  @Option(
      names = {"-s", "--subtree"},
      paramLabel = "OID",
      description = "only what is below this object identifier or name; several times")
  private List<String> subtrees = new ArrayList<>();

  @Option(
      names = "--systems",
      paramLabel = "OID",
      split = ",",
      description =
          "which systems are asked for it: what their sysObjectID may begin with, or 'all'"
              + " (the maker's own, and Net-SNMP's)")
  private List<String> systems;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "where to write it; the terminal if it is not said")
  private Path out;

  @Option(
      names = {"-v", "--verbose"},
      description = "say all that is wrong with the files")
  private boolean verbose;

  @Override
  public Integer call() throws IOException {
    List<String> wanted = new ArrayList<>(groups);
    wanted.addAll(subtrees);
    MibSource source = new MibSource(places, wanted, systems());
    MibImport.Result made = MibImport.run(Catalogue.builtIn(), List.of(source));
    PrintWriter err = spec.commandLine().getErr();
    List<String> problems = made.problems();
    int shown = verbose ? problems.size() : Math.min(problems.size(), FEW_LINES);
    problems.subList(0, shown).forEach(err::println);
    if (shown < problems.size()) {
      err.println("and " + (problems.size() - shown) + " more; --verbose says all");
    }
    if (!made.errors().isEmpty()) {
      throw new CommandFailure(ExitCode.FAILED, String.join("\n", made.errors()));
    }
    if (out == null) {
      spec.commandLine().getOut().print(made.yaml());
      spec.commandLine().getOut().flush();
    } else {
      Parts.replace(out, made.yaml(), false);
    }
    err.println(made.summary());
    return ExitCode.OK;
  }

  private List<String> systems() {
    if (systems == null || systems.equals(List.of("all"))) {
      return systems == null ? null : List.of();
    }
    for (String prefix : systems) {
      try {
        Oid.parse(prefix);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.USAGE, "--systems: " + e.getMessage());
      }
    }
    return systems;
  }
}
