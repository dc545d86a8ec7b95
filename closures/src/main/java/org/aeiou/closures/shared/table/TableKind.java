package org.aeiou.closures.shared.table;

/** What the value table knows of a path. */
public final class TableKind {
  /** Nothing any more. */
  public static final int NOTHING = 0;

  /** A reading. */
  public static final int READING = 1;

  /** The system does not have it. Stat shows <em>changed</em> for both of its times. */
  public static final int ABSENT = 2;

  /** There is no such name; the value is the sentence that says so. */
  public static final int UNKNOWN_NAME = 3;

  /**
   * A directory: the value is as {@link ListingDescriptor} draws it. Stat shows <em>changed</em>
   * for both of its times.
   */
  public static final int LISTING = 4;

  /** There is such a name. What stat shows of it is known, and nothing else. */
  public static final int STAT_ONLY = 5;

  private TableKind() {}
}
