package org.aeiou.daemon.service.group;

import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.service.AttributeService;

/**
 * What a {@link AttributeService#readGroup group read} found: rows with the same columns, each
 * attribute with an outcome of its own. A group of scalars is one row without a name.
 *
 * <p>Names and texts are made when they are asked for, which may take milliseconds for thousands of
 * rows: so not on the thread that brings the answer. For one thread at a time.
 */
public interface GroupReading {
  /** Whether it is of all rows of a table; else it is one row, or a group of scalars. */
  boolean isTable();

  /** About how many attributes there are; takes no time. */
  long attributes();

  List<String> columns();

  List<String> rows();

  /** Tells the outcomes of a row, column after column. */
  void tell(int row, Visitor visitor);

  /** The index of a row of a table, as its object identifiers end in it. */
  Oid index(int row);

  /** The value of an attribute; null if the row has none, or if it was not found out. */
  Value value(int row, int column);

  /** When the oldest reading of a column was taken, by the ticker of the readings. */
  long oldestNanos(int column);

  /** When a value last changed, as far as that is known, in milliseconds since the epoch. */
  long changedMillis();

  /** For how long from now all of it is fresh, in nanoseconds. */
  long freshNanos();

  /** For how long from now all of it may be used, in nanoseconds. */
  long usableNanos();

  /** Is told outcomes. */
  interface Visitor {
    /**
     * A reading.
     *
     * @param text in UTF-8; the array must not be changed
     * @param length how much of the array the value is
     */
    void reading(byte[] text, int length, long takenMillis);

    void absent(long takenMillis);

    void failure(Failure<?> failure);
  }
}
