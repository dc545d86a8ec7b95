package org.aeiou.daemon.catalogue.syntax;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.aeiou.daemon.backend.Value;

/**
 * A DISPLAY-HINT for numbers (RFC 2579, section 3.1). Immutable.
 *
 * @param format one of {@code d x o b}
 * @param places decimal places implied by {@code d-2}; 0 for the others
 */
record NumberHint(char format, int places) {

  /**
   * @throws IllegalArgumentException if it is no hint for numbers
   */
  static NumberHint parse(String hint) {
    if (hint.matches("[dxob]")) {
      return new NumberHint(hint.charAt(0), 0);
    }
    if (hint.matches("d-[0-9]{1,2}")) {
      return new NumberHint('d', Integer.parseInt(hint.substring(2)));
    }
    throw new IllegalArgumentException(
        "'"
            + hint
            + "' is not a display hint for numbers; expected d, d-2 (or another number of decimal"
            + " places), x, o or b (RFC 2579, section 3.1)");
  }

  String apply(Value.Numeric value) {
    if (format == 'd' && places == 0) {
      return value.toString();
    }
    BigInteger number = new BigInteger(value.toString());
    String digits = number.abs().toString(radix());
    if (places > 0) {
      String padded = "0".repeat(Math.max(0, places + 1 - digits.length())) + digits;
      int point = padded.length() - places;
      digits = padded.substring(0, point) + "." + padded.substring(point);
    }
    return number.signum() < 0 ? "-" + digits : digits;
  }

  /**
   * The number that is shown so; null if there is none.
   *
   * @throws NoValueException if it has more decimal places
   */
  BigInteger read(String text) throws NoValueException {
    if (format != 'd') {
      String digits = text.startsWith("-") ? text.substring(1) : text;
      if (format == 'x' && digits.matches("0[xX].+")) {
        digits = digits.substring(2);
      }
      try {
        boolean isSigned = digits.isEmpty() || "+-".indexOf(digits.charAt(0)) >= 0;
        BigInteger number =
            isSigned || digits.length() > 64 ? null : new BigInteger(digits, radix());
        return number == null || !text.startsWith("-") ? number : number.negate();
      } catch (NumberFormatException e) {
        return null;
      }
    }
    if (!text.matches("-?[0-9]{1,20}([.][0-9]{0,99})?")) {
      return null;
    }
    BigDecimal shifted = new BigDecimal(text).movePointRight(places);
    try {
      return shifted.toBigIntegerExact();
    } catch (ArithmeticException e) {
      throw NoValueException.wrong(text, "has too many decimal places", expected());
    }
  }

  /** What a text is expected to be. */
  String expected() {
    return switch (format) {
      case 'x' -> "a hexadecimal number";
      case 'o' -> "an octal number";
      case 'b' -> "a binary number";
      default -> places == 0 ? "a number" : "a number with at most " + places + " decimal places";
    };
  }

  private int radix() {
    return switch (format) {
      case 'x' -> 16;
      case 'o' -> 8;
      case 'b' -> 2;
      default -> 10;
    };
  }
}
