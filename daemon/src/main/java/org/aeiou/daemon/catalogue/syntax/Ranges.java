package org.aeiou.daemon.catalogue.syntax;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What numbers there may be: {@code 0..65535}, {@code 4 | 16}. As in a MIB the ranges of a number,
 * or the SIZE of octets. Immutable, with value equality.
 */
record Ranges(List<Range> all) {

  /** A range; both ends are in it. */
  record Range(BigInteger least, BigInteger most) {
    @Override
    public String toString() {
      return least.equals(most) ? least.toString() : least + " to " + most;
    }
  }

  Ranges {
    all = List.copyOf(all);
  }

  static Ranges of(long least, long most) {
    return new Ranges(List.of(new Range(BigInteger.valueOf(least), BigInteger.valueOf(most))));
  }

  /**
   * @throws IllegalArgumentException if it is not so
   */
  static Ranges parse(String text) {
    List<Range> all = new ArrayList<>();
    for (String part : text.split("\\|", -1)) {
      String[] ends = part.strip().split("\\.\\.", -1);
      if (ends.length > 2) {
        throw wrong(text);
      }
      BigInteger least = number(ends[0], text);
      BigInteger most = ends.length == 1 ? least : number(ends[1], text);
      if (least.compareTo(most) > 0) {
        throw wrong(text);
      }
      all.add(new Range(least, most));
    }
    return new Ranges(all);
  }

  private static BigInteger number(String text, String whole) {
    if (!text.strip().matches("-?[0-9]{1,20}")) {
      throw wrong(whole);
    }
    return new BigInteger(text.strip());
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is not a range; expected as in a MIB: 0..255, or 0 | 4..16");
  }

  boolean contain(BigInteger number) {
    for (Range range : all) {
      if (range.least.compareTo(number) <= 0 && number.compareTo(range.most) <= 0) {
        return true;
      }
    }
    return false;
  }

  boolean contain(long number) {
    return contain(BigInteger.valueOf(number));
  }

  @Override
  public String toString() {
    return all.stream().map(Range::toString).collect(Collectors.joining(", "));
  }
}
