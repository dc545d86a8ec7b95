package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.output.Format;
import org.aeiou.daemon.cli.output.Item;
import org.aeiou.daemon.cli.output.Progress;
import org.aeiou.daemon.cli.output.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aeiou find}. */
@Command(
    name = "find",
    description = {
      "Find attributes by name, value, type or age, below directories of the tree. Values are"
          + " printed if they had to be read; without anything to look for, all paths are.",
      "It fetches what is not cached: of a large network name what is looked for."
    },
    footer = {
      "",
      "Examples:",
      "  aeiou find --name ifOperStatus --value down 'lon/*'",
      "  aeiou find --name 'if*Errors' --above 0 'core*/interfaces'",
      "  aeiou find --name sysLocation --not-value '*Rack*'"
    },
    mixinStandardHelpOptions = true)
public final class FindCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;
  @Mixin private OutputOptions output;
  @Mixin private Predicates predicates;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description = "where to look, as 'lon/*' or core1/interfaces; everywhere if not given")
  private List<String> paths = new ArrayList<>();

  private final List<Item> found = new ArrayList<>();
  private int pending;
  private int read;

  @Override
  public Integer call() throws IOException {
    output.check();
    if (paths.isEmpty()) {
      paths.add("/");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Complaints complaints = new Complaints(out, err);
    CommandLoop loop = new CommandLoop();
    try (Progress progress = new Progress(err, Terminal.of(2), Program.of(spec).ticker())) {
      SourceOptions.Source asked = source.open(paths.get(0), loop);
      try (Tree tree = asked.tree()) {
        Walk walk =
            new Walk(
                tree,
                path -> leaf(tree, path, progress, complaints),
                (path, failure) -> complain(progress, complaints, failure));
        List<Expansion> expansions = expansions(asked, walk, progress, complaints);
        expansions.forEach(Expansion::start);
        loop.run(
            () -> pending == 0 && walk.isDone() && expansions.stream().allMatch(Expansion::isDone),
            tree,
            progress,
            () ->
                "%d found, %d values read, %d directories"
                    .formatted(found.size(), read, walk.listed()));
        progress.erase();
        print();
      }
    }
    return complaints.end();
  }

  private List<Expansion> expansions(
      SourceOptions.Source asked, Walk walk, Progress progress, Complaints complaints) {
    List<Expansion> expansions = new ArrayList<>();
    for (String path : paths) {
      for (PathPattern pattern : PathPattern.of(asked.path(path))) {
        expansions.add(
            new Expansion(
                asked.tree(),
                pattern,
                (each, isListed, isDirectory) -> walk.start(each),
                item -> complain(progress, complaints, item)));
      }
    }
    return expansions;
  }

  private void leaf(Tree tree, String path, Progress progress, Complaints complaints) {
    if (!predicates.holdsFor(path)) {
      return;
    }
    if (!predicates.areAboutValues()) {
      found.add(Item.name(path));
      return;
    }
    pending++;
    tree.read(
        path,
        output.isDescribed() || predicates.isDescribed(),
        item -> {
          pending--;
          read++;
          if (item.hasFailed() && item.reason() != Failure.Reason.UNKNOWN_NAME) {
            complain(progress, complaints, item);
          } else if (predicates.holdsFor(item)) {
            found.add(item);
          }
        });
  }

  private static void complain(Progress progress, Complaints complaints, Item item) {
    progress.erase();
    complaints.about(item, true);
  }

  private void print() {
    found.sort(Comparator.comparing(Item::path, NaturalOrder.INSTANCE));
    Format format = output.format(false);
    found.forEach(format::add);
    format.end();
  }
}
