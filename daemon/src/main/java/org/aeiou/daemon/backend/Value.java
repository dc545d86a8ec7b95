package org.aeiou.daemon.backend;

import java.util.Arrays;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;

/**
 * What a system answered, before the catalogue says what it means. Immutable, with value equality.
 *
 * <p>Types say what a value is for, whatever a protocol calls them. A state is a number that the
 * catalogue has a label for, a text is octets.
 */
public sealed interface Value {

  /** About how much memory it takes, in bytes: by the 64-bit JVM's headers and references. */
  long bytes();

  /** The kinds of number a system may answer. */
  enum NumberType {
    /** Signed; also a state or another label's number. */
    INTEGER,
    /** Only grows, and starts over after 2³²−1. */
    COUNTER32,
    /** Only grows, and starts over after 2⁶⁴−1; the {@code long} holds its 64 bits, unsigned. */
    COUNTER64,
    /** Grows and shrinks; not negative. */
    GAUGE,
    /** A time in hundredths of a second. */
    TIME
  }

  /** The kinds of octets a system may answer. */
  enum OctetsType {
    /** Text or binary: the catalogue knows, or the octets themselves tell. */
    OCTETS,
    /** The 4 or 16 octets of an IP address. */
    ADDRESS,
    /** A value in an encoding of its own, in BER, as agents send floating-point numbers. */
    OPAQUE
  }

  /** A number. All but {@link NumberType#COUNTER64} fit a {@code long} with their sign. */
  record Numeric(NumberType type, long number) implements Value {
    @Override
    public long bytes() {
      return 24;
    }

    /** The number in decimal, as its type reads it. */
    @Override
    public String toString() {
      return type == NumberType.COUNTER64 ? Long.toUnsignedString(number) : Long.toString(number);
    }
  }

  /**
   * Octets. The array is not copied, and must not be changed.
   *
   * @param answered how many octets the system answered; more than there are here if its answer was
   *     cut, because it was longer than the object's type allows
   */
  record Octets(OctetsType type, byte[] octets, int answered) implements Value {
    /** All that the system answered. */
    public Octets(OctetsType type, byte[] octets) {
      this(type, octets, octets.length);
    }

    public boolean isCut() {
      return answered > octets.length;
    }

    @Override
    public long bytes() {
      return 40L + octets.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Octets that
          && type == that.type
          && answered == that.answered
          && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(octets);
    }
  }

  /** An object identifier as a value. */
  record Identifier(Oid oid) implements Value {
    @Override
    public long bytes() {
      return 16 + oid.bytes();
    }
  }

  /**
   * The answer to a {@link Question.Get} with a guard, if the system has at least one of the two.
   *
   * @param value the value asked for, or null where the system has none
   * @param guard the guard's value, or null where the system has none
   */
  record Guarded(Value value, Value guard) implements Value {
    @Override
    public long bytes() {
      return 24 + (value == null ? 0 : value.bytes()) + (guard == null ? 0 : guard.bytes());
    }

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

    @Override
    public long bytes() {
      long bytes = 40;
      for (Row row : rows) {
        bytes += row.bytes();
      }
      return bytes;
    }
  }

  /**
   * A row of a table.
   *
   * @param index the index, as the object identifiers end in it
   * @param columns the values of the walked columns, in the question's order; null where the row
   *     has none
   */
  record Row(Oid index, List<Value> columns) {
    /** As {@link Value#bytes}. */
    public long bytes() {
      long bytes = 80 + index.bytes();
      for (Value value : columns) {
        bytes += 4 + (value == null ? 0 : value.bytes());
      }
      return bytes;
    }
  }
}
