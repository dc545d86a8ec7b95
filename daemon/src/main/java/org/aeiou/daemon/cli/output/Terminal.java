package org.aeiou.daemon.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is shown where: on a terminal with colour, unless the user does not want any, and without
 * what would steer it; elsewhere as it is. Immutable.
 */
public final class Terminal {
  /** Not a terminal. */
  public static final Terminal NONE = new Terminal(false, false);

  private static final char ESC = '\033';

  private final boolean isTerminal;
  private final boolean hasColour;

  /**
   * What is shown somewhere.
   *
   * @param isTerminal whether that is a terminal
   * @param hasColour whether it may have colour
   */
  public Terminal(boolean isTerminal, boolean hasColour) {
    this.isTerminal = isTerminal;
    this.hasColour = hasColour;
  }

  /** What this process writes to: 1 or 2. */
  public static Terminal of(int descriptor) {
    return of(isTerminal(descriptor), System.getenv());
  }

  /** No colour where NO_COLOR is set (no-color.org), or the terminal has none. */
  static Terminal of(boolean isTerminal, Map<String, String> environment) {
    return new Terminal(
        isTerminal,
        isTerminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb"));
  }

  /** By what the descriptor is a link to: loading the system's library would take longer. */
  public static boolean isTerminal(int descriptor) {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Whether it is one. */
  public boolean isTerminal() {
    return isTerminal;
  }

  /** A path. */
  public String path(String text) {
    return coloured("36", text);
  }

  /** What stands out. */
  public String bold(String text) {
    return coloured("1", text);
  }

  /** What matters less. */
  public String dim(String text) {
    return coloured("2", text);
  }

  /** What came. */
  public String green(String text) {
    return coloured("32", text);
  }

  /** What went, or is wrong. */
  public String red(String text) {
    return coloured("31", text);
  }

  /** What is to be looked at. */
  public String yellow(String text) {
    return coloured("33", text);
  }

  private String coloured(String code, String text) {
    return hasColour && !text.isEmpty() ? ESC + "[" + code + "m" + text + ESC + "[0m" : text;
  }

  /** A text of an agent: on a terminal nothing in it steers that. */
  public String shown(String text) {
    return isTerminal ? escaped(text) : text;
  }

  /** As {@link #shown}, and ends of lines end lines. */
  String shownLines(String text) {
    return isTerminal ? escaped(text, true) : text;
  }

  /** A text with its control characters written as {@code \x1b}. */
  public static String escaped(String text) {
    return escaped(text, false);
  }

  private static String escaped(String text, boolean withLines) {
    if (text.chars().noneMatch(Terminal::steers)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (steers(c) && !(withLines && (c == '\n' || c == '\t'))) {
                shown.append(c < 0x100 ? "\\x%02x".formatted(c) : "\\u%04x".formatted(c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  /** Controls, and what turns the direction of the text around it. */
  private static boolean steers(int c) {
    return Character.isISOControl(c)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f;
  }

  /** How many columns a text takes; wide characters take two. */
  public static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int type = Character.getType(c);
      if (type != Character.NON_SPACING_MARK && type != Character.ENCLOSING_MARK) {
        width += isWide(c) ? 2 : 1;
      }
    }
    return width;
  }

  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115f)
        || (c >= 0x2e80 && c <= 0xa4cf)
        || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0xfe30 && c <= 0xfe6f)
        || (c >= 0xff00 && c <= 0xff60)
        || (c >= 0x1f300 && c <= 0x1faff)
        || (c >= 0x20000 && c <= 0x3fffd);
  }

  /** The beginning of a text, so that it takes no more columns; with an ellipsis if it is cut. */
  public static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    if (columns <= 0) {
      return "";
    }
    int end = 0;
    int used = 0;
    while (end < text.length()) {
      int next = end + Character.charCount(text.codePointAt(end));
      int more = width(text.substring(end, next));
      if (used + more > columns - 1) {
        break;
      }
      used += more;
      end = next;
    }
    return text.substring(0, end) + "…";
  }
}
