package org.aeiou.daemon.cli.top;

import java.util.Comparator;
import java.util.List;

/** What stands at the top. */
enum Order {
  /** What does not answer; then what lost exchanges lately, waits, or has learned limits. */
  TROUBLE('t', "trouble"),
  ROUND_TRIP('r', "round trip"),
  TIMEOUTS('o', "time-outs"),
  QUEUE('u', "queue"),
  EXCHANGES('e', "exchanges"),

  /** By the member that asks them; those that none asks come first. */
  OWNER('w', "owner"),
  NAME('n', "name");

  /** The worst last. What was not asked is no trouble. */
  private static final List<String> STATES = List.of("down", "breaker");

  /** The key that chooses it. */
  final char key;

  final String word;

  Order(char key, String word) {
    this.key = key;
    this.word = word;
  }

  /** The order of a key; null if it chooses none. */
  static Order of(int key) {
    for (Order order : values()) {
      if (order.key == key) {
        return order;
      }
    }
    return null;
  }

  Comparator<SystemLine> comparator(Snapshot snapshot) {
    Comparator<SystemLine> byName = Comparator.comparing(SystemLine::name);
    Comparator<SystemLine> least =
        switch (this) {
          case TROUBLE ->
              Comparator.<SystemLine>comparingInt(line -> STATES.indexOf(line.text("state")))
                  .thenComparingDouble(line -> snapshot.lately(line, "timeouts"))
                  .thenComparingLong(line -> line.number("queued"))
                  .thenComparing(line -> line.has("last_error"))
                  .thenComparing(Order::hasLearned)
                  .thenComparingLong(line -> line.number("rtt_us"));
          case ROUND_TRIP -> Comparator.comparingLong(line -> line.number("rtt_us"));
          case TIMEOUTS ->
              Comparator.<SystemLine>comparingDouble(line -> snapshot.lately(line, "timeouts"))
                  .thenComparingLong(line -> line.number("timeouts"));
          case QUEUE ->
              Comparator.comparingLong(line -> line.number("queued") + line.number("in_flight"));
          case EXCHANGES ->
              Comparator.<SystemLine>comparingDouble(line -> snapshot.lately(line, "exchanges"))
                  .thenComparingLong(line -> line.number("exchanges"));
          case OWNER, NAME -> null;
        };
    if (this == OWNER) {
      return Comparator.<SystemLine, String>comparing(line -> line.text("owner"))
          .thenComparing(TROUBLE.comparator(snapshot));
    }
    return least == null ? byName : least.reversed().thenComparing(byName);
  }

  static boolean hasLearned(SystemLine line) {
    return line.has("batch_learned") || line.has("in_flight_limit") || line.has("gap_ms");
  }
}
