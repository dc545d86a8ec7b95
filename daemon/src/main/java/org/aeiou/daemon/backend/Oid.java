package org.aeiou.daemon.backend;

import java.util.Arrays;

/**
 * An object identifier, or the part of one that is an index: how the catalogue names objects for
 * every back end. Immutable.
 *
 * <p>Sub-identifiers are unsigned 32-bit numbers. The order is lexicographic, as tables are walked.
 */
public final class Oid implements Comparable<Oid> {

  /** The most sub-identifiers an object identifier has (RFC 2578, section 3.5). */
  public static final int MAX_LENGTH = 128;

  /** The identifier of no length. */
  public static final Oid EMPTY = new Oid(new int[0]);

  private final int[] ids;

  /** Computed when it is first asked for, as a String's; 0 before. A race computes it twice. */
  private int hash;

  private Oid(int[] ids) {
    this.ids = ids;
  }

  /** The identifier with these sub-identifiers, each read as unsigned. */
  public static Oid of(int... ids) {
    if (ids.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          ids.length + " sub-identifiers, expected at most " + MAX_LENGTH);
    }
    return ids.length == 0 ? EMPTY : new Oid(ids.clone());
  }

  /**
   * Reads dotted decimal, as in {@code 1.3.6.1.2.1.1.6.0}; one leading dot is allowed.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Oid parse(String text) {
    int start = text.startsWith(".") ? 1 : 0;
    int length = 1;
    for (int dot = text.indexOf('.', start); dot >= 0; dot = text.indexOf('.', dot + 1)) {
      length++;
    }
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          length + " sub-identifiers, expected at most " + MAX_LENGTH);
    }
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      int dot = text.indexOf('.', start);
      int end = dot < 0 ? text.length() : dot;
      ids[i] = parseId(text, start, end);
      start = end + 1;
    }
    return new Oid(ids);
  }

  private static int parseId(String text, int start, int end) {
    try {
      if (start < end && Character.isDigit(text.charAt(start))) {
        return Integer.parseUnsignedInt(text, start, end, 10);
      }
    } catch (NumberFormatException e) {
      // told below, with the whole text
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an object identifier; expected numbers with dots between them");
  }

  /**
   * Whether it has an encoding (X.690, 8.19), without which it names nothing: the first two
   * sub-identifiers share a number, so that the first is 0, 1 or 2, the second below 40 under 0 and
   * 1, and what the two make under 2 has 32 bits.
   */
  public boolean isEncodable() {
    if (ids.length < 2 || Integer.compareUnsigned(ids[0], 2) > 0) {
      return false;
    }
    return Integer.compareUnsigned(ids[1], ids[0] < 2 ? 39 : -1 - 80) <= 0;
  }

  public int length() {
    return ids.length;
  }

  /** About how much memory it takes, as {@link Value#bytes}. */
  public long bytes() {
    return 32L + 4L * ids.length;
  }

  /** The sub-identifier at {@code position}, counted from 0; unsigned. */
  public int get(int position) {
    return ids[position];
  }

  /** The sub-identifiers, in an array of their own. */
  public int[] toArray() {
    return ids.clone();
  }

  /** This identifier with {@code suffix} behind it. */
  public Oid append(Oid suffix) {
    int[] all = Arrays.copyOf(ids, ids.length + suffix.ids.length);
    System.arraycopy(suffix.ids, 0, all, ids.length, suffix.ids.length);
    return of(all);
  }

  /** This identifier with more sub-identifiers behind it. */
  public Oid append(int... suffix) {
    return append(new Oid(suffix));
  }

  /** The first {@code length} sub-identifiers. */
  public Oid prefix(int length) {
    return of(Arrays.copyOf(ids, length));
  }

  /** What is left behind the first {@code length} sub-identifiers. */
  public Oid suffix(int length) {
    return of(Arrays.copyOfRange(ids, length, ids.length));
  }

  public boolean startsWith(Oid prefix) {
    return prefix.ids.length <= ids.length
        && Arrays.equals(ids, 0, prefix.ids.length, prefix.ids, 0, prefix.ids.length);
  }

  @Override
  public int compareTo(Oid other) {
    return Arrays.compareUnsigned(ids, other.ids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Oid that && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = Arrays.hashCode(ids);
      hash = known;
    }
    return known;
  }

  /** Dotted decimal, without a leading dot. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(ids.length * 4);
    for (int id : ids) {
      text.append(text.isEmpty() ? "" : ".").append(Integer.toUnsignedLong(id));
    }
    return text.toString();
  }
}
