package org.aeiou.daemon.cli.top;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.app.process.Signals;
import org.aeiou.daemon.cli.attached.MountedFiles;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.output.Terminal;
import org.aeiou.daemon.document.Durations;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code aeiou top}. */
@Command(
    name = "top",
    description = {
      "Show the systems of a mounted network by trouble: which do not answer and since when, round"
          + " trips, lost exchanges, queues, learned limits; and who asks most. It asks no system.",
      "Once, where standard output is no terminal.",
      "SINCE: for how long it is in this state. EXCH, LOST: exchanges, and those without an answer;"
          + " first in all, then per second. LEARNED: b8 at most 8 items in an exchange, f1 one exchange in flight, g50ms so long between"
          + " two."
    },
    footer = {
      "",
      "Keys: t trouble, r round trip, o time-outs, u queue, e exchanges, w owner, n name; / filter by",
      "name, state, address, owner or error, Esc none; j k or arrows scroll; p pause, space at once; q",
      "quit.",
      "",
      "Examples:",
      "  aeiou top",
      "  aeiou top --once --filter breaker"
    },
    mixinStandardHelpOptions = true)
public final class TopCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int ONCE_COLUMNS = 120;
  private static final int ONCE_ROWS = 1_000_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--mount",
      paramLabel = "MOUNTPOINT",
      description = "where the network is mounted; the only one there is if not given")
  private Path mountPoint;

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "DURATION",
      converter = IntervalConverter.class,
      description = "how often the daemon is asked, as 500ms or 5s; 2s if not given")
  private Duration interval = Duration.ofSeconds(2);

  @Option(names = "--once", description = "print all of it once, and end")
  private boolean once;

  @Option(
      names = "--sort",
      paramLabel = "ORDER",
      description =
          "what stands at the top: trouble, round_trip, timeouts, queue, exchanges, owner, name;"
              + " trouble if not given")
  private Order order = Order.TROUBLE;

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description =
          "show systems with this in their name or error, or this state, address or owner")
  private String filter = "";

  /** What happened: a key, a picture, another size. */
  private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();

  /** Asks when it is told to; so that keys work while it waits. */
  private final LinkedBlockingQueue<Snapshot> toAsk = new LinkedBlockingQueue<>();

  private View view;
  private Snapshot snapshot;
  private String problem;

  /** Of the thread that asks, once that is started. */
  private volatile MountedFiles files;

  private boolean isOver;

  /** An interval of a tenth of a second or more. */
  static final class IntervalConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        Duration interval = Durations.parse(text);
        if (interval.toMillis() < 100) {
          throw new TypeConversionException("'" + text + "' is too short; expected 100ms or more");
        }
        return interval;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() throws IOException {
    view = new View(order, filter.toLowerCase(Locale.ROOT));
    files = MountedFiles.open(mountPoint, Program.of(spec));
    try {
      snapshot = ask(null);
      boolean isLive = !once && Terminal.isTerminal(0) && Terminal.isTerminal(1);
      return isLive ? live() : printOnce();
    } finally {
      if (files != null) {
        files.close();
      }
    }
  }

  private int printOnce() {
    PrintWriter out = spec.commandLine().getOut();
    TopScreen screen = new TopScreen(ZoneId.systemDefault(), Terminal.of(1), false);
    List<String> lines = screen.draw(files.place(), snapshot, view, null, ONCE_COLUMNS, ONCE_ROWS);
    lines.forEach(line -> out.print(line.stripTrailing() + "\n"));
    return out.checkError() ? 141 : ExitCode.OK;
  }

  private int live() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    TopScreen screen = new TopScreen(ZoneId.systemDefault(), Terminal.of(1), true);
    String place = files.place();
    int[] size = RawTerminal.size();
    start("aeiou-top-asks", this::askAgainAndAgain);
    try (RawTerminal terminal = RawTerminal.open(out)) {
      Signals.handle(
          "WINCH",
          () -> {
            int[] now = RawTerminal.size();
            events.add(() -> System.arraycopy(now, 0, size, 0, now.length));
          });
      start(
          "aeiou-top-keys",
          () -> new Keys(System.in).readInto(key -> events.add(() -> pressed(key))));
      Ticker ticker = Program.of(spec).ticker();
      long due = ticker.read() + interval.toNanos();
      while (!isOver) {
        terminal.show(screen.draw(place, snapshot, view, problem, size[1], size[0]));
        long left = due - ticker.read();
        Runnable event = events.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
        if (event != null) {
          event.run();
        } else {
          due = ticker.read() + interval.toNanos();
          askUnlessPaused();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  private static void start(String name, Runnable what) {
    Thread thread = new Thread(what, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void pressed(int key) {
    switch (view.key(key)) {
      case QUIT -> isOver = true;
      case ASK -> toAsk.add(snapshot);
      default -> {}
    }
  }

  private void askUnlessPaused() {
    // One that was not asked yet will do.
    if (!view.isPaused() && toAsk.isEmpty()) {
      toAsk.add(snapshot);
    }
  }

  private void askAgainAndAgain() {
    try {
      while (true) {
        Snapshot before = toAsk.take();
        try {
          Snapshot next = ask(before);
          events.add(
              () -> {
                snapshot = next;
                problem = null;
              });
        } catch (IOException | CommandFailure e) {
          String why = e.getMessage();
          events.add(() -> problem = why + "; what is shown is from before");
          attachAgain();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The daemon may have been started anew. */
  private void attachAgain() {
    try {
      MountedFiles next = MountedFiles.open(mountPoint, Program.of(spec));
      files.close();
      files = next;
    } catch (IOException | CommandFailure e) {
      // Tried again the next time; it is told what reading says.
    }
  }

  private Snapshot ask(Snapshot before) throws IOException {
    String systems = files.read(".aeiou/systems", PATIENCE);
    String requesters = files.read(".aeiou/requesters", PATIENCE);
    // A file that is there in a cluster only: then systems have owners, sooner or later.
    boolean isInCluster = systems.contains("\"owner\":");
    String members = isInCluster ? files.read(".aeiou/members", PATIENCE) : "";
    return new Snapshot(
        SystemLine.all(systems),
        SystemLine.all(requesters),
        SystemLine.all(members),
        Program.of(spec).clock().millis(),
        before == null ? null : before.counted());
  }
}
