package org.aeiou.daemon.catalogue.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
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

  /** Whether it is {@code 1x:}. */
  boolean isHardwareAddress() {
    Spec first = specs.get(0);
    return specs.size() == 1
        && !first.repeated
        && first.length == 1
        && first.format == 'x'
        && first.separator == ':';
  }

  /** Whether what is text is UTF-8. */
  boolean isUtf8() {
    return specs.get(0).format == 't';
  }

  /**
   * The octets that are shown so: the inverse of {@link #apply}, for hints that tell where a piece
   * ends.
   */
  byte[] read(String text) throws NoValueException {
    Parsing parsing = new Parsing(text);
    int i = 0;
    while (parsing.hasMore()) {
      parsing.take(specs.get(Math.min(i++, specs.size() - 1)));
    }
    return parsing.octets.toByteArray();
  }

  /** What is read so far of a text. */
  private static final class Parsing {
    private final String text;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private int at;

    Parsing(String text) {
      this.text = text;
    }

    boolean hasMore() {
      return at < text.length();
    }

    void take(Spec spec) throws NoValueException {
      if (spec.repeated || spec.length == 0) {
        throw wrong();
      }
      switch (spec.format) {
        case 'x' -> number(spec, 16, 2 * spec.length);
        case 'o' -> number(spec, 8, 3 * spec.length);
        case 'd' -> number(spec, 10, 3 * spec.length);
        default -> characters(spec);
      }
      if (hasMore() && spec.separator != NONE) {
        if (text.charAt(at++) != spec.separator || !hasMore()) {
          throw wrong();
        }
      }
    }

    private void number(Spec spec, int radix, int mostDigits) throws NoValueException {
      int from = at;
      while (hasMore() && at - from < mostDigits && Character.digit(text.charAt(at), radix) >= 0) {
        at++;
      }
      if (at == from) {
        throw wrong();
      }
      BigInteger number = new BigInteger(text.substring(from, at), radix);
      // The last piece of hexadecimal octets may be shorter than the others.
      int length =
          radix == 16 && !hasMore() ? Math.min(spec.length, (at - from + 1) / 2) : spec.length;
      if (number.bitLength() > 8 * length) {
        throw NoValueException.outOfRange(
            text.substring(from, at),
            "0 to "
                + BigInteger.ONE.shiftLeft(8 * length).subtract(BigInteger.ONE).toString(radix));
      }
      for (int octet = length - 1; octet >= 0; octet--) {
        octets.write(number.shiftRight(8 * octet).intValue());
      }
    }

    private void characters(Spec spec) {
      int end = spec.separator == NONE ? -1 : text.indexOf(spec.separator, at);
      int to = end >= 0 ? end : text.length();
      byte[] piece = text.substring(at, to).getBytes(UTF_8);
      if (spec.separator == NONE && piece.length > spec.length) {
        to = Math.min(to, at + spec.length);
        piece = text.substring(at, to).getBytes(UTF_8);
      }
      octets.writeBytes(piece);
      at = to;
    }

    private NoValueException wrong() {
      return NoValueException.wrong(
          text.substring(Math.min(at, text.length())),
          "is not expected there",
          "octets as they read, or 0x and hexadecimal digits");
    }
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
