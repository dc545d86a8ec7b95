package org.aeiou.daemon.backend;

import java.util.Arrays;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;

/** What a system answered, before anybody says what it means. Immutable, with value equality. */
public sealed interface Value {

  /** The kinds of number a system may answer. */
  enum NumberType {
    INTEGER32,
    COUNTER32,
    GAUGE32,
    TIME_TICKS,
    /** Unsigned; the {@code long} holds its 64 bits. */
    COUNTER64
  }

  /** The kinds of octet string a system may answer. */
  enum OctetsType {
    OCTET_STRING,
    IP_ADDRESS,
    OPAQUE
  }

  /** A number. All but {@link NumberType#COUNTER64} fit a {@code long} with their sign. */
  record Numeric(NumberType type, long number) implements Value {
    /** The number in decimal, as its type reads it. */
    @Override
    public String toString() {
      return type == NumberType.COUNTER64 ? Long.toUnsignedString(number) : Long.toString(number);
    }
  }

  /** Octets. The array is not copied: nobody may change it. */
  record Octets(OctetsType type, byte[] octets) implements Value {
    @Override
    public boolean equals(Object other) {
      return other instanceof Octets that
          && type == that.type
          && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(octets);
    }
  }

  /** An object identifier as a value. */
  record Identifier(Oid oid) implements Value {}

  /**
   * The answer to a {@link Question.Get} with a guard, if the system has at least one of the two.
   *
   * @param value the value asked for, or null where the system has none
   * @param guard the guard's value, or null where the system has none
   */
  record Guarded(Value value, Value guard) implements Value {

    /**
     * The outcome of asking for the value alone, taken when {@code reading}, which is of this, was.
     */
    public Outcome<Value> outcome(Reading<Value> reading) {
      return value == null
          ? new Absent<>(reading.takenNanos(), reading.takenMillis())
          : new Reading<>(
              value, reading.takenNanos(), reading.takenMillis(), reading.changedMillis());
    }
  }

  /**
   * The answer to a {@link Question.Walk}.
   *
   * @param rows in ascending order of index
   */
  record Rows(List<Row> rows) implements Value {
    public Rows {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A row of a table.
   *
   * @param index the index, as the object identifiers end in it
   * @param columns the values of the walked columns, in the question's order; null where the row
   *     has none
   */
  record Row(Oid index, List<Value> columns) {}
}
