package org.aeiou.daemon.backend;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
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
public sealed interface Value
    permits Value.Single, Value.Guarded, Value.Rows, Value.Done, CounterSample {

  /** The answer to a {@link Question.Set}: it was done. */
  Done DONE = new Done();

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

  /** The value of one object. Carries the line it reads as, once that was rendered. */
  abstract sealed class Single implements Value permits Numeric, Octets, Identifier, Derived {
    /** About how much memory a rendering takes besides its line, in bytes. */
    public static final int RENDERING_BYTES = 40;

    /**
     * Another thread may see an older one, or none, and renders once more: a race that does no
     * harm, as a rendering is immutable.
     */
    private Rendering rendering;

    private record Rendering(Object syntax, Charset charset, byte[] line) {}

    /**
     * The line it was rendered as; null if it was not, or in another way.
     *
     * @param syntax what says how it reads; compared by identity
     */
    @SuppressWarnings("ReferenceEquality")
    public final byte[] rendered(Object syntax, Charset charset) {
      Rendering known = rendering;
      return known != null && known.syntax == syntax && known.charset == charset
          ? known.line
          : null;
    }

    /** Keeps what it was rendered as; the array must not be changed any more. */
    public final void keepRendered(Object syntax, Charset charset, byte[] line) {
      rendering = new Rendering(syntax, charset, line);
    }
  }

  /** A number. All but {@link NumberType#COUNTER64} fit a {@code long} with their sign. */
  final class Numeric extends Single {
    private final NumberType type;
    private final long number;

    public Numeric(NumberType type, long number) {
      this.type = type;
      this.number = number;
    }

    public NumberType type() {
      return type;
    }

    public long number() {
      return number;
    }

    @Override
    public long bytes() {
      return 32;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Numeric that && type == that.type && number == that.number;
    }

    @Override
    public int hashCode() {
      return 31 * type.hashCode() + Long.hashCode(number);
    }

    /** The number in decimal, as its type reads it. */
    @Override
    public String toString() {
      return type == NumberType.COUNTER64 ? Long.toUnsignedString(number) : Long.toString(number);
    }
  }

  /** Octets. */
  final class Octets extends Single {
    private final OctetsType type;
    private final byte[] octets;
    private final int answered;

    /** All that the system answered. The array is not copied, and must not be changed. */
    public Octets(OctetsType type, byte[] octets) {
      this(type, octets, octets.length);
    }

    /**
     * What is left of what the system answered.
     *
     * @param answered how many octets the system answered; more than there are here if its answer
     *     was cut, because it was longer than the object's type allows
     */
    public Octets(OctetsType type, byte[] octets, int answered) {
      this.type = type;
      this.octets = octets;
      this.answered = answered;
    }

    public OctetsType type() {
      return type;
    }

    /** The array itself. */
    public byte[] octets() {
      return octets;
    }

    public int answered() {
      return answered;
    }

    public boolean isCut() {
      return answered > octets.length;
    }

    @Override
    public long bytes() {
      return 48L + octets.length;
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

    @Override
    public String toString() {
      return type + " " + HexFormat.of().formatHex(octets);
    }
  }

  /** An object identifier as a value. */
  final class Identifier extends Single {
    private final Oid oid;

    public Identifier(Oid oid) {
      this.oid = oid;
    }

    public Oid oid() {
      return oid;
    }

    @Override
    public long bytes() {
      return 24 + oid.bytes();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Identifier that && oid.equals(that.oid);
    }

    @Override
    public int hashCode() {
      return oid.hashCode();
    }

    @Override
    public String toString() {
      return oid.toString();
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
          : reading.with(value);
    }
  }

  /** That something was done. */
  record Done() implements Value {
    @Override
    public long bytes() {
      return 16;
    }
  }

  /** The answer to a {@link Question.Walk}. Carries the texts that it was written as. */
  final class Rows implements Value {
    private final List<Row> rows;

    /**
     * The text written last, which leads to those before. Another thread may see an older one, or
     * none, and writes once more: a race that does no harm, as a text is immutable.
     */
    private Written written;

    private record Written(
        Object what, Object format, Charset charset, byte[] text, Written before) {}

    /**
     * The rows of an answer.
     *
     * @param rows in ascending order of index
     */
    public Rows(List<Row> rows) {
      this.rows = List.copyOf(rows);
    }

    /** In ascending order of index. */
    public List<Row> rows() {
      return rows;
    }

    /**
     * The text that it was written as; null if it was not.
     *
     * @param what what says how its values read; compared by identity, as the format is
     */
    @SuppressWarnings("ReferenceEquality")
    public byte[] written(Object what, Object format, Charset charset) {
      for (Written one = written; one != null; one = one.before) {
        if (one.what == what && one.format == format && one.charset == charset) {
          return one.text;
        }
      }
      return null;
    }

    /** Keeps what it was written as; the array must not be changed any more. */
    public void keepWritten(Object what, Object format, Charset charset, byte[] text) {
      written = new Written(what, format, charset, text, written);
    }

    @Override
    public long bytes() {
      long bytes = 48;
      for (Row row : rows) {
        bytes += row.bytes();
      }
      for (Written one = written; one != null; one = one.before) {
        bytes += 56 + one.text.length;
      }
      return bytes;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Rows that && rows.equals(that.rows);
    }

    @Override
    public int hashCode() {
      return rows.hashCode();
    }

    @Override
    public String toString() {
      return rows.toString();
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
