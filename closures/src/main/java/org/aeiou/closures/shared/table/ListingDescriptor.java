package org.aeiou.closures.shared.table;

/**
 * The names in a directory, as the value of a {@linkplain TableKind#LISTING listing}.
 *
 * <pre>
 *    0 +-------------------------------+-------------------------------+
 *      | names: n                      | buckets: b, a power of two    |
 *      |                               | that is greater than n        |
 *    8 +-------------------------------+-------------------------------+
 *      | bytes of the names            | mode of the files             |
 *   16 +-------------------------------+-------------------------------+
 *      | taken: of a file of which nothing was read, as stat shows it; |
 *      | milliseconds since the epoch of time                          |
 *   24 +---------------------------------------------------------------+
 *      | changed: the same                                             |
 *   32 +---------------------------------------------------------------+
 *      | n times u32: where in the names a name begins                 |
 *      +---------------------------------------------------------------+
 *      | b times u32: the number of a name + 1, or 0                   |
 *      +---------------------------------------------------------------+
 *      | n times u8: 1 a directory; 2 a file of which nothing was read |
 *      +---------------------------------------------------------------+
 *      | the names, in the order of the directory, with a NUL behind   |
 *      | each                                                          |
 *      +---------------------------------------------------------------+
 * </pre>
 *
 * <p>A name is looked for in the bucket (CRC-32 of the whole path mod b) and those behind it,
 * around the end to the beginning, until it or a 0 is found. The whole path is that of the
 * directory, a slash, and the name; in the root it is the name.
 *
 * <p>Nothing of a listing is written over while it is published but the bytes of the kinds, one at
 * a time; and what was published is not written over in the {@link Blocks#REST_NANOS} after that.
 */
public final class ListingDescriptor {
  static final int NAMES = 0;
  static final int BUCKETS = 4;
  static final int NAME_BYTES = 8;
  static final int MODE = 12;
  static final int TAKEN = 16;
  static final int CHANGED = 24;
  static final int OFFSETS = 32;

  /** A kind: the name is that of a directory. */
  public static final int DIRECTORY = 1;

  /** A kind: the name is that of a file of which nothing was read; stat shows what follows. */
  public static final int UNREAD = 2;

  /** The size of a file of which nothing was read. */
  public static final int UNREAD_SIZE = 4096;

  private ListingDescriptor() {}

  /** How many buckets there are for so many names: of four, three are used at the most. */
  static int bucketsFor(int names) {
    int least = Math.max(1, names + names / 3 + 1);
    return Integer.highestOneBit(2 * least - 1);
  }

  static int buckets(int names) {
    return OFFSETS + names * Integer.BYTES;
  }

  static int kinds(int names, int buckets) {
    return buckets(names) + buckets * Integer.BYTES;
  }

  static int text(int names, int buckets) {
    return kinds(names, buckets) + names;
  }
}
