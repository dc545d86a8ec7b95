package org.aeiou.daemon.cli.top;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.aeiou.daemon.cli.output.Terminal;

/** Draws a snapshot as lines of text. Knows no terminal but its size and its colours. */
final class TopScreen {
  private static final int HEADER_LINES = 3;
  private static final int MOST_REQUESTERS = 5;
  private static final int MOST_MEMBERS = 10;
  private static final int MOST_OWNER = 24;
  private static final int LEAST_NAME = 12;

  /** Columns that all but the name and the last error take. */
  private static final String FORMAT = " %-8s%8s%8s%7s%7s%6s%5s%8s  %-13s ";

  private final ZoneId zone;
  private final Terminal terminal;

  /** Whether it takes keys. */
  private final boolean isLive;

  TopScreen(ZoneId zone, Terminal terminal, boolean isLive) {
    this.zone = zone;
    this.terminal = terminal;
    this.isLive = isLive;
  }

  /**
   * The lines, no more and no wider than said.
   *
   * @param title what is looked at
   * @param problem what is wrong with asking; null if nothing is
   */
  List<String> draw(
      String title, Snapshot snapshot, View view, String problem, int columns, int rows) {
    boolean isFirst = snapshot.before() == null;
    List<SystemLine> shown =
        snapshot.systems().stream()
            .filter(view::shows)
            .sorted(view.order().comparator(snapshot))
            .toList();
    List<SystemLine> asking = snapshot.requesters().stream().limit(MOST_REQUESTERS).toList();
    List<SystemLine> members = snapshot.members().stream().limit(MOST_MEMBERS).toList();
    List<String> lines = new ArrayList<>();
    lines.add(terminal.bold(Terminal.cut(title(title, snapshot, view), columns)));
    lines.add(Terminal.cut(summary(snapshot), columns));
    lines.add(status(view, problem, shown.size(), snapshot.systems().size(), columns));
    int below =
        (asking.isEmpty() ? 0 : asking.size() + 2) + (members.isEmpty() ? 0 : members.size() + 2);
    int room = Math.max(1, rows - HEADER_LINES - 1 - below);
    view.bound(shown.size(), room);
    int nameWidth =
        Math.max(
            LEAST_NAME,
            Math.min(
                columns / 4,
                shown.stream().mapToInt(line -> Terminal.width(line.name())).max().orElse(0)));
    int ownerWidth = ownerWidth(snapshot);
    lines.add(terminal.bold(Terminal.cut(heading(nameWidth, ownerWidth, isFirst), columns)));
    shown.stream()
        .skip(view.first())
        .limit(room)
        .forEach(line -> lines.add(system(line, snapshot, nameWidth, ownerWidth, columns)));
    if (!members.isEmpty() && lines.size() + members.size() + 2 <= rows) {
      lines.add("");
      lines.add(
          terminal.bold(
              Terminal.cut(
                  "%-28s%-10s%8s%10s%10s  %s"
                      .formatted("MEMBER", "STATE", "SLOTS", "SYSTEMS", "HEARD", "SITE"),
                  columns)));
      members.forEach(line -> lines.add(member(line, columns)));
    }
    if (!asking.isEmpty() && lines.size() + asking.size() + 2 <= rows) {
      lines.add("");
      lines.add(
          terminal.bold(
              Terminal.cut(
                  "%-28s%14s%12s%10s%10s"
                      .formatted("WHO ASKS MOST", "LAST MINUTE", "REQUESTS", "PENDING", "FLIGHT"),
                  columns)));
      asking.forEach(line -> lines.add(Terminal.cut(requester(line), columns)));
    }
    return lines.subList(0, Math.min(rows, lines.size()));
  }

  /** How wide the column of owners is; 0 if there is no cluster. */
  private static int ownerWidth(Snapshot snapshot) {
    int widest =
        snapshot.systems().stream()
            .mapToInt(line -> Terminal.width(line.text("owner")))
            .max()
            .orElse(0);
    return widest == 0 ? 0 : Math.max("OWNER".length(), Math.min(MOST_OWNER, widest));
  }

  private String title(String title, Snapshot snapshot, View view) {
    String time =
        DateTimeFormatter.ofPattern("HH:mm:ss")
            .withZone(zone)
            .format(Instant.ofEpochMilli(snapshot.atMillis()));
    return "aeiou top - "
        + Terminal.escaped(title)
        + "  "
        + time
        + (view.isPaused() ? "  PAUSED" : "");
  }

  private static String summary(Snapshot snapshot) {
    String states =
        List.of("up", "down", "breaker", "unknown").stream()
            .map(
                state ->
                    snapshot.systems().stream()
                            .filter(line -> line.text("state").equals(state))
                            .count()
                        + " "
                        + state)
            .collect(Collectors.joining(", "));
    double exchanges = snapshot.perSecond("exchanges");
    String rate =
        exchanges < 0
            ? ""
            : "; %s exchanges/s, %s time-outs/s"
                .formatted(rate(exchanges), rate(snapshot.perSecond("timeouts")));
    return snapshot.systems().size() + " systems: " + states + rate;
  }

  private String status(View view, String problem, int shown, int all, int columns) {
    if (problem != null) {
      return terminal.red(Terminal.cut(Terminal.escaped(problem), columns));
    }
    if (view.typed() != null) {
      return Terminal.cut("/" + Terminal.escaped(view.typed()) + "_", columns);
    }
    String filter =
        view.filter().isEmpty()
            ? ""
            : "; %d of %d with '%s'".formatted(shown, all, Terminal.escaped(view.filter()));
    String keys =
        isLive ? "   keys: t r o u e w n order, / filter, j k scroll, p pause, q quit" : "";
    return terminal.dim(Terminal.cut("by " + view.order().word + filter + keys, columns));
  }

  /** Of the first snapshot counters are shown; later how fast they count. */
  private static String heading(int nameWidth, int ownerWidth, boolean isFirst) {
    String each = isFirst ? "" : "/s";
    return pad("SYSTEM", nameWidth)
        + (ownerWidth == 0 ? "" : " " + pad("OWNER", ownerWidth))
        + FORMAT.formatted(
            "STATE",
            "SINCE",
            "RTT ms",
            "EXCH" + each,
            "LOST" + each,
            "QUEUE",
            "FLY",
            "CACHED",
            "LEARNED")
        + "LAST ERROR";
  }

  private String system(
      SystemLine line, Snapshot snapshot, int nameWidth, int ownerWidth, int columns) {
    String owner = line.has("owner") ? Terminal.escaped(line.text("owner")) : "-";
    boolean isLosing = snapshot.lately(line, "timeouts") > 0;
    String text =
        pad(Terminal.cut(Terminal.escaped(line.name()), nameWidth), nameWidth)
            + (ownerWidth == 0 ? "" : " " + pad(Terminal.cut(owner, ownerWidth), ownerWidth))
            + FORMAT.formatted(
                line.text("state"),
                ago(snapshot.atMillis() - line.number("since_ms")),
                millis(line.number("rtt_us")),
                counted(line, snapshot, "exchanges"),
                counted(line, snapshot, "timeouts"),
                line.text("queued"),
                line.text("in_flight"),
                line.text("cached"),
                learned(line))
            + error(line);
    String cut = Terminal.cut(text, columns);
    return switch (line.text("state")) {
      case "breaker", "down" -> terminal.red(cut);
      case "unknown" -> terminal.dim(cut);
      default -> line.has("last_error") || isLosing ? terminal.yellow(cut) : cut;
    };
  }

  private static String counted(SystemLine line, Snapshot snapshot, String counter) {
    if (snapshot.before() == null) {
      return line.text(counter);
    }
    double perSecond = snapshot.perSecond(line, counter);
    return perSecond < 0 ? "-" : rate(perSecond);
  }

  /** What was learned, as in {@code b8 f1 g50ms}: batch, in flight, gap. */
  private static String learned(SystemLine line) {
    List<String> words = new ArrayList<>();
    if (line.has("batch_learned")) {
      words.add("b" + line.text("batch_limit"));
    }
    if (line.has("in_flight_limit")) {
      words.add("f" + line.text("in_flight_limit"));
    }
    if (line.has("gap_ms")) {
      words.add("g" + line.text("gap_ms") + "ms");
    }
    return words.isEmpty() ? "-" : String.join(" ", words);
  }

  /** The last error without the name, which stands at the front. */
  private static String error(SystemLine line) {
    String error = Terminal.escaped(line.text("last_error"));
    String name = line.name();
    if (error.startsWith(name + ": ")) {
      return error.substring(name.length() + 2);
    }
    return error.startsWith(name + " ") ? error.substring(name.length() + 1) : error;
  }

  private String member(SystemLine line, int columns) {
    String text =
        pad(Terminal.cut(Terminal.escaped(line.name()), 27), 28)
            + "%-10s%8s%10s%10s  "
                .formatted(
                    line.text("state"),
                    line.text("slots"),
                    line.has("systems") ? line.text("systems") : "-",
                    line.text("self").equals("true") ? "-" : ago(line.number("heard_ms_ago")))
            + Terminal.escaped(line.text("site"));
    String cut = Terminal.cut(text.stripTrailing(), columns);
    return switch (line.text("state")) {
      case "suspect" -> terminal.red(cut);
      case "fine" -> cut;
      default -> terminal.yellow(cut);
    };
  }

  private static String requester(SystemLine line) {
    return pad(Terminal.cut(Terminal.escaped(line.name()), 28), 28)
        + "%14s%12s%10s%10s"
            .formatted(
                line.text("last_minute"),
                line.text("requests"),
                line.text("pending"),
                line.text("in_flight"));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - Terminal.width(text)));
  }

  private static String millis(long micros) {
    if (micros < 0) {
      return "-";
    }
    return micros < 10_000
        ? String.format(Locale.ROOT, "%.2f", micros / 1e3)
        : Long.toString(Math.round(micros / 1e3));
  }

  private static String rate(double perSecond) {
    if (perSecond == 0) {
      return "0";
    }
    return perSecond < 100
        ? String.format(Locale.ROOT, "%.1f", perSecond)
        : Long.toString(Math.round(perSecond));
  }

  /** A time in the two largest units. */
  static String ago(long millis) {
    long seconds = Math.max(0, millis) / 1000;
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m" + seconds % 60 + "s";
    }
    return seconds < 86_400
        ? seconds / 3600 + "h" + seconds % 3600 / 60 + "m"
        : seconds / 86_400 + "d" + seconds % 86_400 / 3600 + "h";
  }
}
