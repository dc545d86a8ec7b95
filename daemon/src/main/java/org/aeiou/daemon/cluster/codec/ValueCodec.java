package org.aeiou.daemon.cluster.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;

/**
 * Values as bytes: an octet that says which kind, and what the kind needs. Null is a kind.
 *
 * <p>A number that was worked out ({@link Derived}) travels as it reads, with the last answer that
 * it was worked out from: who has it made anew of some of the answers would get another one.
 */
public final class ValueCodec {
  private static final int NULL = 0;

  /** Plus the position of the type in {@link #NUMBERS}. */
  private static final int NUMERIC = 1;

  private static final List<Value.NumberType> NUMBERS =
      List.of(
          Value.NumberType.INTEGER,
          Value.NumberType.COUNTER32,
          Value.NumberType.COUNTER64,
          Value.NumberType.GAUGE,
          Value.NumberType.TIME);

  /** Plus the position of the type in {@link #OCTETS}. */
  private static final int WHOLE = 8;

  private static final int CUT = 12;

  private static final List<Value.OctetsType> OCTETS =
      List.of(Value.OctetsType.OCTETS, Value.OctetsType.ADDRESS, Value.OctetsType.OPAQUE);

  private static final int IDENTIFIER = 16;
  private static final int GUARDED = 17;
  private static final int ROWS = 18;
  private static final int DONE = 19;
  private static final int SAMPLE = 20;
  private static final int DERIVED = 21;

  /** What a value is part of. */
  private enum Within {
    NOTHING,
    GUARDED,
    ROW,
    SAMPLE
  }

  private ValueCodec() {}

  public static void write(Output out, Value value) {
    if (value == null) {
      out.octet(NULL);
    } else if (value instanceof Value.Numeric numeric) {
      out.octet(NUMERIC + NUMBERS.indexOf(numeric.type()));
      if (numeric.type() == Value.NumberType.COUNTER64) {
        out.number(numeric.number());
      } else {
        out.signed(numeric.number());
      }
    } else if (value instanceof Value.Octets octets) {
      out.octet((octets.isCut() ? CUT : WHOLE) + OCTETS.indexOf(octets.type()));
      out.octets(octets.octets());
      if (octets.isCut()) {
        out.number(octets.answered());
      }
    } else if (value instanceof Value.Identifier identifier) {
      out.octet(IDENTIFIER);
      out.oid(identifier.oid());
    } else if (value instanceof Value.Guarded guarded) {
      out.octet(GUARDED);
      write(out, guarded.guard());
      write(out, guarded.value());
    } else if (value instanceof Value.Rows rows) {
      out.octet(ROWS);
      write(out, rows);
    } else if (value instanceof Value.Done) {
      out.octet(DONE);
    } else if (value instanceof CounterSample sample) {
      out.octet(SAMPLE);
      write(out, sample);
    } else {
      out.octet(DERIVED);
      write(out, (Derived) value);
    }
  }

  private static void write(Output out, Value.Rows rows) {
    out.number(rows.rows().size());
    for (Value.Row row : rows.rows()) {
      out.oid(row.index());
      out.number(row.columns().size());
      for (Value column : row.columns()) {
        write(out, column);
      }
    }
  }

  private static void write(Output out, CounterSample sample) {
    out.number(sample.counter());
    write(out, sample.value());
    write(out, sample.guard());
    out.signed(sample.uptime());
    write(out, sample.discontinuity());
    out.number(sample.speed());
  }

  private static void write(Output out, Derived number) {
    out.text(number.toString());
    Derived.Missing missing = number.missing();
    out.flag(missing != null);
    if (missing != null) {
      out.text(missing.why());
      out.signed(missing.againNanos());
    }
    Map<String, String> properties = number.properties();
    out.number(properties.size());
    properties.forEach(
        (name, property) -> {
          out.text(name);
          out.text(property);
        });
    CounterSample last = number.lastSample();
    out.flag(last != null);
    if (last != null) {
      write(out, last);
    }
  }

  /** A value, or null. */
  public static Value read(Input in) throws MalformedMessage {
    return read(in, Within.NOTHING);
  }

  /** A value of one object. */
  public static Value.Single readSingle(Input in) throws MalformedMessage {
    if (read(in) instanceof Value.Single single) {
      return single;
    }
    throw new MalformedMessage("has no value of one object");
  }

  private static Value read(Input in, Within within) throws MalformedMessage {
    int kind = in.octet();
    in.takes(32);
    if (kind >= NUMERIC && kind < NUMERIC + NUMBERS.size()) {
      Value.NumberType type = NUMBERS.get(kind - NUMERIC);
      return new Value.Numeric(
          type, type == Value.NumberType.COUNTER64 ? in.number() : in.signed());
    }
    if (kind >= WHOLE && kind < WHOLE + OCTETS.size()) {
      return new Value.Octets(OCTETS.get(kind - WHOLE), in.octets());
    }
    if (kind >= CUT && kind < CUT + OCTETS.size()) {
      byte[] octets = in.octets();
      int answered = in.integer(Integer.MAX_VALUE);
      if (answered <= octets.length) {
        throw new MalformedMessage("is cut, and longer than what was answered");
      }
      return new Value.Octets(OCTETS.get(kind - CUT), octets, answered);
    }
    return switch (kind) {
      case NULL -> null;
      case IDENTIFIER -> new Value.Identifier(in.oid());
      case GUARDED -> guarded(in, within);
      case ROWS -> rows(in, within);
      case DONE -> Value.DONE;
      case SAMPLE -> sample(in, within);
      case DERIVED -> derived(in, within);
      default -> throw new MalformedMessage("has a value of an unknown kind: " + kind);
    };
  }

  private static Value guarded(Input in, Within within) throws MalformedMessage {
    within(within, Within.NOTHING);
    Value guard = read(in, Within.GUARDED);
    return new Value.Guarded(read(in, Within.GUARDED), guard);
  }

  private static void within(Within is, Within most) throws MalformedMessage {
    if (is.compareTo(most) > 0) {
      throw new MalformedMessage("has a value within a value");
    }
  }

  private static Value rows(Input in, Within within) throws MalformedMessage {
    within(within, Within.NOTHING);
    int count = in.count();
    List<Value.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Oid index = in.oid();
      int columns = in.count();
      in.takes(80L + 8L * columns);
      // Not List.of: a row may have no value in a column.
      List<Value> values = new ArrayList<>(columns);
      for (int j = 0; j < columns; j++) {
        values.add(read(in, Within.ROW));
      }
      rows.add(new Value.Row(index, values));
    }
    return new Value.Rows(rows);
  }

  private static CounterSample sample(Input in, Within within) throws MalformedMessage {
    within(within, Within.GUARDED);
    int counter = in.integer(Integer.MAX_VALUE);
    Value value = read(in, Within.SAMPLE);
    if (value != null && !(value instanceof Value.Numeric)) {
      throw new MalformedMessage("has a counter that is no number");
    }
    Value guard = read(in, Within.SAMPLE);
    long uptime = in.signed();
    Value discontinuity = read(in, Within.SAMPLE);
    return new CounterSample(
        counter, (Value.Numeric) value, guard, uptime, discontinuity, in.number(Long.MAX_VALUE));
  }

  /** In a sample there is none: its own sample could have another one in it, without end. */
  private static Derived derived(Input in, Within within) throws MalformedMessage {
    within(within, Within.ROW);
    String text = in.text();
    Derived.Missing missing = in.flag() ? new Derived.Missing(in.text(), in.signed()) : null;
    int count = in.count();
    Map<String, String> properties = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      in.takes(48);
      properties.put(in.text(), in.text());
    }
    CounterSample last = in.flag() ? sample(in, Within.GUARDED) : null;
    return new TravelledNumber(text, missing, properties, last);
  }
}
