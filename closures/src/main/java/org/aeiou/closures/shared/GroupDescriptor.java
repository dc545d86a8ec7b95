package org.aeiou.closures.shared;

/**
 * The value of a group read: attributes by row and column, each with an outcome of its own.
 *
 * <pre>
 *    0 +-------------------------------+-------------------------------+
 *      | rows                          | columns                       |
 *    8 +-------------------------------+-------------------------------+
 *      | form                          | bytes of the names            |
 *   16 +-------------------------------+-------------------------------+
 *      | of each attribute, row by row: kind, u8; reason of a failure, |
 *      | u8                                                            |
 *      +---------------------------------------------------------------+
 *      | at a multiple of 4, of each: how many milliseconds before the |
 *      | outcome's own time it was taken, u32; 0 of a failure          |
 *      +---------------------------------------------------------------+
 *      | the names of the columns, and then of the rows, with a NUL    |
 *      | behind each                                                   |
 *      +---------------------------------------------------------------+
 *      | of each attribute, row by row, with a NUL behind it: the      |
 *      | value; of an absence nothing, of a failure a sentence         |
 *      +---------------------------------------------------------------+
 * </pre>
 *
 * <p>No name and no value has a NUL in it, so that a client cuts all of them apart at once.
 */
public final class GroupDescriptor {
  static final int ROWS = 0;
  static final int COLUMNS = 4;
  static final int FORM = 8;
  static final int NAME_BYTES = 12;
  static final int KINDS = 16;

  /** A form: the attributes of one row, which has a name, or of a group of scalars, with none. */
  public static final int ATTRIBUTES = 1;

  /** A form: one column of all rows. */
  public static final int COLUMN = 2;

  /** A form: several columns of all rows. */
  public static final int TABLE = 3;

  private GroupDescriptor() {}

  /** Where the times begin, behind the kinds of so many attributes. */
  static long times(long attributes) {
    return KINDS + (2 * attributes + 3 & ~3L);
  }

  /** Where the names begin, behind the times of so many attributes. */
  static long names(long attributes) {
    return times(attributes) + 4 * attributes;
  }

  /** How long the value is of so many attributes, but for names and values. */
  public static long bytes(long attributes) {
    return names(attributes) + attributes;
  }
}
