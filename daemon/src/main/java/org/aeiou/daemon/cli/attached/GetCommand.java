package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.output.Format;
import org.aeiou.daemon.cli.output.Item;
import org.aeiou.daemon.cli.output.Progress;
import org.aeiou.daemon.cli.output.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aeiou get}. */
@Command(
    name = "get",
    description = {
      "Print attributes, all of them asked for at once: of a mounted network from the cache of its"
          + " daemon, or without a mount.",
      "The value alone if one path is given; else 'PATH: VALUE' lines. What cannot be read is said"
          + " on standard error, and makes the exit code 1."
    },
    footer = {
      "",
      "Examples:",
      "  aeiou get core1/system/sysUpTime",
      "  aeiou get --mount /net --table 'lon/*/interfaces/*/{ifOperStatus,ifSpeed}'",
      "  aeiou get --json --long 'core*/system/*' | jq .",
      "  aeiou get --config net.yaml core1/system/sysName"
    },
    mixinStandardHelpOptions = true)
public final class GetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;
  @Mixin private OutputOptions output;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "as below the mount point, core1/system/sysUpTime, or with it; with *, ?, [a-z] and {a,b}"
              + " as in a shell, in quotes")
  private List<String> paths;

  @Override
  public Integer call() throws IOException {
    output.check();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Complaints complaints = new Complaints(out, err);
    CommandLoop loop = new CommandLoop();
    try (Progress progress = new Progress(err, Terminal.of(2), Program.of(spec).ticker())) {
      SourceOptions.Source asked = source.open(paths.get(0), loop);
      try (Tree tree = asked.tree()) {
        Gathering gathering = new Gathering(tree, output.isDescribed());
        List<PathPattern> patterns = patterns(asked);
        patterns.forEach(gathering::add);
        loop.run(gathering::isDone, tree, progress, gathering::progress);
        progress.erase();
        boolean isAlone = patterns.size() == 1 && !patterns.get(0).isPattern();
        print(gathering.all(), output.format(isAlone), complaints);
      }
    }
    return complaints.end();
  }

  private List<PathPattern> patterns(SourceOptions.Source asked) {
    List<PathPattern> patterns = new ArrayList<>();
    for (String path : paths) {
      try {
        patterns.addAll(PathPattern.of(asked.path(path)));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "'" + path + "': " + e.getMessage());
      }
    }
    return patterns;
  }

  private static void print(
      List<Gathering.OfPattern> patterns, Format format, Complaints complaints) {
    for (Gathering.OfPattern of : patterns) {
      boolean isNamed = !of.pattern().isPattern();
      for (Item item : of.items()) {
        complaints.about(item, isNamed);
        format.add(item);
      }
      of.failures().forEach(item -> complaints.about(item, true));
      if (of.isEmpty()) {
        complaints.failure(of.pattern() + ": there is nothing that this matches");
      }
    }
    format.end();
  }
}
