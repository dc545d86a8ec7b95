package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.output.Item;
import org.aeiou.daemon.cli.output.JsonFormat;
import org.aeiou.daemon.cli.output.Progress;
import org.aeiou.daemon.cli.output.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aeiou diff}. */
@Command(
    name = "diff",
    description = {
      "Tell how two systems, or two parts of the tree, differ: by attribute, rows by their names.",
      "Only what is configured is compared, unless '--class' says otherwise: counters and states"
          + " always differ."
    },
    exitCodeListHeading = "%nExit codes, as those of diff(1):%n",
    exitCodeList = {"0:they are the same", "1:they differ", "2:not all of it could be compared"},
    footer = {
      "",
      "Examples:",
      "  aeiou diff core1 core2",
      "  aeiou diff --class all core1/interfaces/eth0 core2/interfaces/eth0",
      "  aeiou diff --json --ignore 'sys*' core1 core2 | jq -r .path"
    },
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {
  private static final int TROUBLE = 2;
  private static final int DIFFERENT = 1;

  /** What can be compared, by the time to live. */
  private static final List<String> CLASSES =
      List.of("static", "config", "state", "counter", "all");

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description =
          "what is compared: static, config, state, counter, or all; several with commas; config if not given")
  private String classes = "config";

  @Option(
      names = "--ignore",
      paramLabel = "PATTERN",
      description = "attributes not to compare, by name: sysName, 'if*Octets'; may be repeated")
  private List<String> ignored = new ArrayList<>();

  @Option(
      names = "--json",
      description = "print a JSON object a line: path, and the values in a and b that are there")
  private boolean json;

  @Parameters(index = "0", paramLabel = "A", description = "a system, or a path below one: core1")
  private String first;

  @Parameters(index = "1", paramLabel = "B", description = "the other one: core2")
  private String second;

  private int pending;
  private int read;

  @Override
  public Integer call() throws IOException {
    List<String> below = views();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Complaints complaints = new Complaints(out, err);
    CommandLoop loop = new CommandLoop();
    Map<String, Item> a = new HashMap<>();
    Map<String, Item> b = new HashMap<>();
    try (Progress progress = new Progress(err, Terminal.of(2), Program.of(spec).ticker())) {
      SourceOptions.Source asked = source.open(first, loop);
      try (Tree tree = asked.tree()) {
        List<Walk> walks = new ArrayList<>();
        for (String view : below) {
          walks.add(walk(tree, view, asked.path(first), a, complaints));
          walks.add(walk(tree, view, asked.path(second), b, complaints));
        }
        loop.run(
            () -> pending == 0 && walks.stream().allMatch(Walk::isDone),
            tree,
            progress,
            () -> read + " of " + (read + pending) + " values");
      }
    }
    a.values().stream().filter(Item::hasFailed).forEach(item -> complaints.about(item, true));
    b.values().stream().filter(Item::hasFailed).forEach(item -> complaints.about(item, true));
    List<Differences.Difference> differences = Differences.between(a, b);
    print(out, differences, a.keySet(), b.keySet());
    int failed = complaints.end();
    if (failed != ExitCode.OK) {
      return failed == Complaints.BROKEN_PIPE ? failed : TROUBLE;
    }
    return differences.isEmpty() ? ExitCode.OK : DIFFERENT;
  }

  /** The directories of the trees of the classes. */
  private List<String> views() {
    List<String> views = new ArrayList<>();
    for (String word : classes.split(",", -1)) {
      String name = word.strip().toLowerCase(Locale.ROOT);
      if (!CLASSES.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--class: '" + word + "' is none; expected static, config, state, counter or all");
      }
      views.add(name.equals("all") ? "" : ".class/" + name + "/");
    }
    return views;
  }

  /** Reads all below a path, by the paths from there on. */
  private Walk walk(
      Tree tree, String view, String given, Map<String, Item> to, Complaints complaints) {
    String path = PathPattern.of(given).get(0).path();
    String start = view + path;
    Walk walk =
        new Walk(
            tree,
            leaf -> {
              String name = leaf.substring(leaf.lastIndexOf('/') + 1);
              boolean isIgnored =
                  ignored.stream().map(PathPattern::part).anyMatch(each -> each.matches(name));
              if (!isIgnored) {
                String shown = leaf.substring(view.length());
                String below = leaf.equals(start) ? name : leaf.substring(start.length() + 1);
                pending++;
                tree.read(
                    leaf,
                    json,
                    item -> {
                      pending--;
                      read++;
                      if (item.reason() != Failure.Reason.UNKNOWN_NAME) {
                        to.put(below, item.at(shown));
                      }
                    });
              }
            },
            (where, failure) ->
                NearestName.add(
                    tree,
                    failure.at(where.substring(view.length())),
                    better -> complaints.about(better, true)));
    walk.start(start);
    return walk;
  }

  private void print(
      PrintWriter out, List<Differences.Difference> all, Set<String> a, Set<String> b) {
    if (json) {
      all.forEach(
          each ->
              out.print(
                  JsonFormat.line(
                      line -> {
                        line.writeStringField("path", each.path());
                        if (each.before() != null) {
                          line.writeFieldName("a");
                          JsonFormat.value(line, each.before());
                        }
                        if (each.after() != null) {
                          line.writeFieldName("b");
                          JsonFormat.value(line, each.after());
                        }
                      })));
      return;
    }
    Terminal terminal = Terminal.of(1);
    if (!all.isEmpty()) {
      out.print(terminal.bold("--- " + terminal.shown(first)) + "\n");
      out.print(terminal.bold("+++ " + terminal.shown(second)) + "\n");
    }
    Map<String, Integer> onlyInA = Differences.missing(a, b);
    Map<String, Integer> onlyInB = Differences.missing(b, a);
    Set<String> told = new HashSet<>();
    for (Differences.Difference each : all) {
      String row = above(each.path(), each.after() == null ? onlyInA : onlyInB);
      if (row == null) {
        out.print(terminal.path(terminal.shown(each.path())) + "\n");
        line(out, "-", each.before(), terminal);
        line(out, "+", each.after(), terminal);
      } else if (told.add(row)) {
        int values = (each.after() == null ? onlyInA : onlyInB).get(row);
        String sign = each.after() == null ? "-" : "+";
        String line = "%s %s/ (%d attributes)".formatted(sign, terminal.shown(row), values);
        out.print((each.after() == null ? terminal.red(line) : terminal.green(line)) + "\n");
      }
    }
  }

  private static String above(String path, Map<String, Integer> missing) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (missing.containsKey(path.substring(0, slash))) {
        return path.substring(0, slash);
      }
    }
    return null;
  }

  private static void line(PrintWriter out, String sign, Item item, Terminal terminal) {
    if (item != null) {
      for (String each : item.text().split("\n", -1)) {
        String line = sign + " " + terminal.shown(each);
        out.print((sign.equals("-") ? terminal.red(line) : terminal.green(line)) + "\n");
      }
    }
  }
}
