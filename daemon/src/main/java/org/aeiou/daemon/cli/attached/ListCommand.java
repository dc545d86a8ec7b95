package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.output.Item;
import org.aeiou.daemon.cli.output.JsonFormat;
import org.aeiou.daemon.cli.output.Progress;
import org.aeiou.daemon.cli.output.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aeiou ls}. */
@Command(
    name = "ls",
    description = {
      "List directories of the tree: of a mounted network, or without a mount.",
      "A directory's name has a slash behind it."
    },
    footer = {
      "",
      "Examples:",
      "  aeiou ls core1/interfaces",
      "  aeiou ls --json 'lon/*/interfaces' | jq -r .path",
      "  aeiou ls --config net.yaml"
    },
    mixinStandardHelpOptions = true)
public final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;

  @Option(
      names = {"-a", "--all"},
      description = "list names that begin with a dot, too")
  private boolean all;

  @Option(
      names = "--json",
      description = "print a JSON object a line: path, and whether it is a directory")
  private boolean json;

  @Parameters(
      paramLabel = "PATH",
      arity = "0..*",
      description =
          "as below the mount point: core1/interfaces; the root if not given; with *, ?, [a-z] and"
              + " {a,b} as in a shell")
  private List<String> paths = new ArrayList<>();

  /** What was listed, by path. */
  private final TreeMap<String, Tree.Listed> found = new TreeMap<>(NaturalOrder.INSTANCE);

  private int pending;

  @Override
  public Integer call() throws IOException {
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
        List<Expansion> expansions = new ArrayList<>();
        boolean isOne = true;
        for (String path : paths) {
          List<PathPattern> patterns = PathPattern.of(asked.path(path));
          isOne &= paths.size() == 1 && patterns.size() == 1 && !patterns.get(0).isPattern();
          patterns.forEach(pattern -> expansions.add(expansion(tree, pattern, complaints)));
        }
        expansions.forEach(Expansion::start);
        loop.run(
            () -> pending == 0 && expansions.stream().allMatch(Expansion::isDone),
            tree,
            progress,
            () -> found.size() + " directories");
        progress.erase();
        print(out, isOne);
        if (found.isEmpty() && complaints.end() == 0) {
          complaints.failure(String.join(" ", paths) + ": there is nothing that this matches");
        }
      }
    }
    return complaints.end();
  }

  private Expansion expansion(Tree tree, PathPattern pattern, Complaints complaints) {
    return new Expansion(
        tree,
        pattern,
        (path, isListed, isDirectory) -> {
          if (isListed && !isDirectory) {
            found.put(path, new Tree.Listed(List.of(), null));
          } else {
            list(tree, path, pattern.isPattern(), complaints);
          }
        },
        item -> complaints.about(item, true));
  }

  private void list(Tree tree, String path, boolean isMatched, Complaints complaints) {
    pending++;
    tree.list(
        path,
        listed -> {
          Item failure = listed.failure();
          boolean isNoMatch =
              isMatched
                  && failure != null
                  && (failure.reason() == Failure.Reason.UNKNOWN_NAME
                      || failure.reason() == Failure.Reason.NOT_DIRECTORY);
          if (failure == null) {
            pending--;
            found.put(path, listed);
          } else if (isNoMatch) {
            pending--;
          } else {
            NearestName.add(
                tree,
                failure.reason() == Failure.Reason.NOT_DIRECTORY
                    ? Item.failed(path, failure.reason(), "is not a directory; use 'aeiou get'")
                    : failure,
                better -> {
                  pending--;
                  complaints.about(better, true);
                });
          }
        });
  }

  private void print(PrintWriter out, boolean isOne) {
    Terminal terminal = Terminal.of(1);
    String between = "";
    for (String path : found.keySet()) {
      List<Tree.Name> names =
          found.get(path).names().stream()
              .filter(name -> all || !name.name().startsWith("."))
              .toList();
      if (json) {
        for (Tree.Name name : names) {
          out.print(
              JsonFormat.line(
                  line -> {
                    line.writeStringField("path", Expansion.below(path, name.name()));
                    line.writeBooleanField("directory", name.isDirectory());
                  }));
        }
        continue;
      }
      if (!isOne) {
        out.print(between + terminal.bold(terminal.shown(path)) + ":\n");
        between = "\n";
      }
      for (Tree.Name name : names) {
        String shown = terminal.shown(name.name());
        out.print((name.isDirectory() ? terminal.path(shown) + "/" : shown) + "\n");
      }
    }
  }
}
