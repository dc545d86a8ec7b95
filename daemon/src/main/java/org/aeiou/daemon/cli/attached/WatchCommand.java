package org.aeiou.daemon.cli.attached;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.output.Item;
import org.aeiou.daemon.cli.output.JsonFormat;
import org.aeiou.daemon.cli.output.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aeiou watch}. */
@Command(
    name = "watch",
    description = {
      "Print attributes of a mounted network as they are, and each time that one changes, until"
          + " Ctrl-C. The daemon keeps them fresh meanwhile: each is asked for once in its time to"
          + " live, however many watch it.",
      "Lines of time, path and value, as they come."
    },
    footer = {
      "",
      "Examples:",
      "  aeiou watch 'core1/interfaces/*/ifOperStatus'",
      "  aeiou watch --count 1 --changes core1/interfaces/eth0/ifOperStatus; echo it changed"
    },
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
  private static final long WAIT_MILLIS = 200;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "end after so many lines")
  private long count = Long.MAX_VALUE;

  @Option(names = "--changes", description = "print changes only, and not what there is at first")
  private boolean changesOnly;

  @Option(
      names = "--json",
      description = "print a JSON object a line: time, path, and value or error; values are texts")
  private boolean json;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "as below the mount point; with *, ?, [a-z] and {a,b} as in a shell, in quotes")
  private List<String> paths;

  private long printed;

  /** Whether the daemon is gone, or its output is read no more. */
  private boolean isOver;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Complaints complaints = new Complaints(out, spec.commandLine().getErr());
    CommandLoop loop = new CommandLoop();
    SourceOptions.Source asked = source.openMounted(paths.get(0), loop);
    try (Tree tree = asked.tree()) {
      List<String> found = find(asked, loop, complaints);
      if (found.size() > tree.mostWatched()) {
        throw new CommandFailure(
            ExitCode.FAILED,
            found.size() + " attributes; expected at most " + tree.mostWatched() + " to watch");
      }
      Printing printing = new Printing(out, complaints);
      found.forEach(path -> tree.watch(path, printing.ofOne()));
      if (!found.isEmpty()) {
        loop.run(() -> isOver || printed >= count, WAIT_MILLIS, () -> idle(tree, out));
      }
    }
    return complaints.end();
  }

  /** The paths; those that are no attributes are told when they are watched. */
  private List<String> find(SourceOptions.Source asked, CommandLoop loop, Complaints complaints) {
    List<String> found = new ArrayList<>();
    for (String path : paths) {
      for (PathPattern pattern : PathPattern.of(asked.path(path))) {
        int before = found.size();
        Expansion expansion =
            new Expansion(
                asked.tree(),
                pattern,
                (each, isListed, isDirectory) -> {
                  if (!isDirectory) {
                    found.add(each);
                  }
                },
                item -> complaints.about(item, true));
        expansion.start();
        loop.run(expansion::isDone, WAIT_MILLIS, asked.tree()::flush);
        if (found.size() == before) {
          complaints.failure(pattern + ": there is nothing that this matches");
        }
      }
    }
    found.sort(NaturalOrder.INSTANCE);
    return found;
  }

  private void idle(Tree tree, PrintWriter out) {
    tree.flush();
    isOver |= out.checkError();
  }

  /** Prints what comes. */
  private final class Printing {
    private final PrintWriter out;
    private final Complaints complaints;
    private final Terminal terminal = Terminal.of(1);
    private final JsonFormat jsonFormat;
    private final Clock clock = Clock.systemUTC();

    Printing(PrintWriter out, Complaints complaints) {
      this.out = out;
      this.complaints = complaints;
      this.jsonFormat = new JsonFormat(out, List.of());
    }

    Consumer<Item> ofOne() {
      boolean[] isFirst = {true};
      return item -> {
        boolean isSkipped = isFirst[0] && changesOnly;
        isFirst[0] = false;
        if (item.reason() == Failure.Reason.STOPPED) {
          if (!isOver) {
            complaints.failure("the daemon is gone: " + item.message());
          }
          isOver = true;
        } else if (!isSkipped && printed < count) {
          printed++;
          print(item);
        }
      };
    }

    private void print(Item item) {
      Instant now = clock.instant();
      if (json) {
        jsonFormat.add(item, Map.of("time", now.toString()));
      } else {
        String value =
            item.text() != null
                ? terminal.shown(item.text())
                : terminal.red(item.absent() ? "(absent)" : "(" + item.message() + ")");
        out.print(
            terminal.dim(TIME.format(now))
                + " "
                + terminal.path(terminal.shown(item.path()))
                + ": "
                + value
                + "\n");
      }
      out.flush();
    }
  }
}
