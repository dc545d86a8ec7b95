package org.aeiou.daemon.http.snmp;

import java.nio.charset.Charset;
import java.util.Map;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.aeiou.daemon.service.group.GroupReading;

/** The samples of an attribute, one or more for each row. */
final class AttributeSamples implements MetricFamily.Samples {
  /** How an attribute is exported. */
  enum Way {
    NUMBER,
    /** A sample of 1 with the value as a label. */
    TEXT,
    /** The same for an enumeration, by its label. */
    INFO,
    /** For each label of an enumeration whether it is that. */
    STATES,
    /** For each bit whether it is set. */
    BITS
  }

  private static final int BITS_IN_OCTET = 8;
  private static final int FIRST_BIT = 0x80;

  private final String name;
  private final Attribute attribute;
  private final Way way;
  private final GroupReading reading;
  private final int column;
  private final RowLabels labels;
  private final Charset charset;

  AttributeSamples(
      String name,
      Attribute attribute,
      Way way,
      GroupReading reading,
      int column,
      RowLabels labels,
      Charset charset) {
    this.name = name;
    this.attribute = attribute;
    this.way = way;
    this.reading = reading;
    this.column = column;
    this.labels = labels;
    this.charset = charset;
  }

  @Override
  public int size() {
    return labels.rows();
  }

  @Override
  public int put(int row, StringBuilder out) {
    Value value = reading.value(row, column);
    if (value == null) {
      return 0;
    }
    return switch (way) {
      case NUMBER -> number(row, value, out);
      case TEXT -> text(row, LabelText.of(attribute.syntax(), value, charset), out);
      case INFO -> text(row, label(value), out);
      case STATES -> states(row, value, out);
      case BITS -> bits(row, value, out);
    };
  }

  private int number(int row, Value value, StringBuilder out) {
    String number = LabelText.number(attribute.syntax(), value, charset);
    if (number == null) {
      return 0;
    }
    out.append(name);
    labels.put(row, out);
    out.append(' ').append(number).append('\n');
    return 1;
  }

  private String own() {
    return LabelText.name(attribute.name());
  }

  private int text(int row, String text, StringBuilder out) {
    out.append(name);
    if (labels.has(own())) {
      labels.put(row, out);
    } else {
      labels.put(row, own(), text, out);
    }
    out.append(" 1\n");
    return 1;
  }

  /** Of an enumeration; the number where it has no label. */
  private String label(Value value) {
    return LabelText.ofIndex(attribute.syntax(), value, charset);
  }

  private int states(int row, Value value, StringBuilder out) {
    String is = label(value);
    int lines = 0;
    boolean found = false;
    for (String label : attribute.syntax().labels().values()) {
      found |= label.equals(is);
      flag(row, label, label.equals(is), out);
      lines++;
    }
    if (!found) {
      flag(row, is, true, out);
      lines++;
    }
    return lines;
  }

  private int bits(int row, Value value, StringBuilder out) {
    Syntax syntax = attribute.syntax();
    if (!(value instanceof Value.Octets octets)) {
      return 0;
    }
    for (Map.Entry<Long, String> bit : syntax.bits().entrySet()) {
      long octet = bit.getKey() / BITS_IN_OCTET;
      int mask = FIRST_BIT >> (bit.getKey() % BITS_IN_OCTET);
      boolean isSet = octet < octets.octets().length && (octets.octets()[(int) octet] & mask) != 0;
      flag(row, bit.getValue(), isSet, out);
    }
    return syntax.bits().size();
  }

  private void flag(int row, String label, boolean isSet, StringBuilder out) {
    out.append(name);
    labels.put(row, own(), label, out);
    out.append(isSet ? " 1\n" : " 0\n");
  }
}
