package org.aeiou.daemon.catalogue;

import java.util.List;

/**
 * How a row leads to a column of another table: what the other table's index is made of, as seen
 * from here. Immutable.
 *
 * @param keys in the order of the other table's INDEX clause; at least one
 */
record Join(List<Key> keys) {
  Join {
    keys = List.copyOf(keys);
  }

  /** One part of the other table's index. */
  sealed interface Key {}

  /**
   * A part of this table's index.
   *
   * @param position counted from 0
   */
  record Part(int position) implements Key {}

  /**
   * The value of a column of this table, or of one that is joined itself: a number, or the text of
   * one.
   */
  record ValueOf(String column) implements Key {}
}
