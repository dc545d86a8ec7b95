package org.aeiou.daemon.catalogue.syntax;

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

  private int radix() {
    return switch (format) {
      case 'x' -> 16;
      case 'o' -> 8;
      case 'b' -> 2;
      default -> 10;
    };
  }
}
