package org.aeiou.daemon.catalogue.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A DISPLAY-HINT for octet strings (RFC 2579, section 3.1). Immutable. */
final class OctetHint {
  private static final char NONE = 0;

  /**
   * One octet-format specification.
   *
   * @param repeated whether the next octet says how often this is applied
   * @param length how many octets each application takes; 0 for a literal separator only
   * @param format one of {@code x d o a t}
   * @param separator shown after each application, or {@link #NONE}
   * @param terminator shown after the last application instead, or {@link #NONE}
   */
  private record Spec(boolean repeated, int length, char format, char separator, char terminator) {}

  private final List<Spec> specs;

  private OctetHint(List<Spec> specs) {
    this.specs = specs;
  }

  /**
   * @throws IllegalArgumentException if it is no hint for octet strings
   */
  static OctetHint parse(String hint) {
    List<Spec> specs = new ArrayList<>();
    int at = 0;
    while (at < hint.length()) {
      boolean repeated = hint.charAt(at) == '*';
      at += repeated ? 1 : 0;
      int digits = at;
      while (at < hint.length() && isDigit(hint.charAt(at))) {
        at++;
      }
      if (at == digits || at - digits > 5 || at == hint.length()) {
        throw invalid(hint);
      }
      int length = Integer.parseInt(hint.substring(digits, at));
      char format = hint.charAt(at++);
      if ("xdoat".indexOf(format) < 0) {
        throw invalid(hint);
      }
      char separator = literal(hint, at);
      at += separator == NONE ? 0 : 1;
      char terminator = repeated && separator != NONE ? literal(hint, at) : NONE;
      at += terminator == NONE ? 0 : 1;
      specs.add(new Spec(repeated, length, format, separator, terminator));
    }
    if (specs.isEmpty()) {
      throw invalid(hint);
    }
    return new OctetHint(List.copyOf(specs));
  }

  private static IllegalArgumentException invalid(String hint) {
    return new IllegalArgumentException(
        "'"
            + hint
            + "' is not a display hint for octets; expected for example 255a, 255t, 1x: or"
            + " 2d-1d-1d,1d:1d:1d.1d,1a1d:1d (RFC 2579, section 3.1)");
  }

  private static char literal(String hint, int at) {
    if (at == hint.length() || isDigit(hint.charAt(at)) || hint.charAt(at) == '*') {
      return NONE;
    }
    return hint.charAt(at);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether it says no more than that the octets are text. */
  boolean isText() {
    return specs.stream()
        .allMatch(
            spec ->
                !spec.repeated
                    && spec.length > 0
                    && spec.separator == NONE
                    && (spec.format == 'a' || spec.format == 't'));
  }

  /** How many octets it says something about. */
  int length() {
    return specs.stream().mapToInt(Spec::length).sum();
  }

  /** The octets as the hint shows them. Takes any octets. */
  String apply(byte[] octets) {
    Display display = new Display(octets);
    for (int i = 0; i < specs.size() && display.hasMore(); i++) {
      display.show(specs.get(i));
    }
    Spec last = specs.get(specs.size() - 1);
    while (display.hasMore() && (last.repeated || last.length > 0)) {
      display.show(last);
    }
    return PlainText.printable(display.text.toString());
  }

  /** What is shown so far of some octets. */
  private static final class Display {
    private final byte[] octets;
    private final StringBuilder text = new StringBuilder();
    private int at;
    // A separator or terminator is shown only if something follows it.
    private char held = NONE;

    Display(byte[] octets) {
      this.octets = octets;
    }

    boolean hasMore() {
      return at < octets.length;
    }

    void show(Spec spec) {
      int times = spec.repeated ? octets[at++] & 0xFF : 1;
      for (int i = 0; i < times && (hasMore() || spec.length == 0); i++) {
        int end = Math.min(octets.length, at + spec.length);
        flush();
        if (end > at) {
          append(spec.format, Arrays.copyOfRange(octets, at, end));
        }
        at = end;
        hold(i == times - 1 && spec.terminator != NONE ? NONE : spec.separator);
      }
      hold(spec.terminator);
    }

    private void hold(char literal) {
      if (literal != NONE) {
        flush();
        held = literal;
      }
    }

    private void flush() {
      if (held != NONE) {
        text.append(held);
        held = NONE;
      }
    }

    private void append(char format, byte[] piece) {
      switch (format) {
        case 'x' -> text.append(HexFormat.of().formatHex(piece));
        case 'd' -> text.append(new BigInteger(1, piece));
        case 'o' -> text.append(new BigInteger(1, piece).toString(8));
        default -> text.append(new String(piece, UTF_8));
      }
    }
  }
}
