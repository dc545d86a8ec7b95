package org.aeiou.daemon.cli.top;

import java.util.Locale;

/** What the user wants to see, by the keys that were pressed. For one thread. */
final class View {
  private static final int ESC = 27;
  private static final int BACKSPACE = 8;
  private static final int DELETE = 127;

  private Order order;
  private String filter;
  private boolean paused;
  private int first;

  /** What is being typed; null if nothing is. */
  private StringBuilder typed;

  View(Order order, String filter) {
    this.order = order;
    this.filter = filter;
  }

  /** What a key is for. */
  enum Effect {
    /** Nothing. */
    NONE,
    /** Another picture of the same. */
    SHOW,
    /** The daemon is asked at once. */
    ASK,
    /** The end. */
    QUIT
  }

  Order order() {
    return order;
  }

  boolean isPaused() {
    return paused;
  }

  /** The first line that is shown. */
  int first() {
    return first;
  }

  /** Keeps the first line where there is one. */
  void bound(int lines, int shown) {
    first = Math.max(0, Math.min(first, lines - shown));
  }

  /** What is being typed, or null. */
  String typed() {
    return typed == null ? null : typed.toString();
  }

  String filter() {
    return typed == null ? filter : typed.toString();
  }

  /** Whether a system is shown: something that is shown of it has the text of the filter. */
  boolean shows(SystemLine line) {
    String wanted = filter().toLowerCase(Locale.ROOT);
    return wanted.isEmpty()
        || line.name().toLowerCase(Locale.ROOT).contains(wanted)
        || line.text("state").startsWith(wanted)
        || line.text("address").startsWith(wanted)
        || line.text("owner").toLowerCase(Locale.ROOT).startsWith(wanted)
        || line.text("last_error").toLowerCase(Locale.ROOT).contains(wanted);
  }

  /** Takes a key in. */
  Effect key(int key) {
    if (typed != null) {
      return type(key);
    }
    Order chosen = Order.of(key);
    if (chosen != null) {
      order = chosen;
      first = 0;
      return Effect.SHOW;
    }
    return switch (key) {
      case 'q', 'Q', 3, 4 -> Effect.QUIT;
      case 'p' -> {
        paused = !paused;
        yield paused ? Effect.SHOW : Effect.ASK;
      }
      case ' ' -> Effect.ASK;
      case '/' -> {
        typed = new StringBuilder();
        yield Effect.SHOW;
      }
      case ESC -> {
        filter = "";
        yield Effect.SHOW;
      }
      case 'j' -> scroll(1);
      case 'k' -> scroll(-1);
      case 'd' -> scroll(10);
      case 'b' -> scroll(-10);
      default -> Effect.NONE;
    };
  }

  private Effect scroll(int lines) {
    first = Math.max(0, first + lines);
    return Effect.SHOW;
  }

  private Effect type(int key) {
    switch (key) {
      case 3 -> {
        return Effect.QUIT;
      }
      case '\r', '\n' -> {
        filter = typed.toString();
        typed = null;
        first = 0;
      }
      case ESC -> typed = null;
      case BACKSPACE, DELETE -> typed.setLength(Math.max(0, typed.length() - 1));
      default -> {
        if (key >= ' ') {
          typed.append((char) key);
        }
      }
    }
    return Effect.SHOW;
  }
}
