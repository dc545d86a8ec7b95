package org.aeiou.daemon.simulator.objects;

import java.nio.charset.StandardCharsets;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;

/** Computes the values of a column, or of a scalar object. */
@FunctionalInterface
interface Cell {

  /** The value in the row of that number, or null where the row has none. */
  Value at(Moment moment, int row);

  /** Computes a number. */
  @FunctionalInterface
  interface Figure {
    long at(Moment moment, int row);
  }

  /** Computes a text. */
  @FunctionalInterface
  interface Text {
    String at(Moment moment, int row);
  }

  /** Computes octets. */
  @FunctionalInterface
  interface Bytes {
    byte[] at(Moment moment, int row);
  }

  static Cell integer(Figure figure) {
    return numeric(NumberType.INTEGER, figure);
  }

  static Cell integer(long constant) {
    return constant(new Value.Numeric(NumberType.INTEGER, constant));
  }

  static Cell gauge(Figure figure) {
    return numeric(NumberType.GAUGE, figure);
  }

  static Cell ticks(Figure figure) {
    return numeric(NumberType.TIME, figure);
  }

  /** The low 32 bits of a count. */
  static Cell counter32(Figure figure) {
    return numeric(NumberType.COUNTER32, (moment, row) -> figure.at(moment, row) & 0xffffffffL);
  }

  static Cell counter64(Figure figure) {
    return numeric(NumberType.COUNTER64, figure);
  }

  static Cell text(Text text) {
    return octets((moment, row) -> text.at(moment, row).getBytes(StandardCharsets.UTF_8));
  }

  static Cell text(String constant) {
    return constant(octets(constant.getBytes(StandardCharsets.UTF_8)));
  }

  static Cell octets(Bytes octets) {
    return (moment, row) -> octets(octets.at(moment, row));
  }

  static Cell address(Bytes octets) {
    return (moment, row) -> new Value.Octets(OctetsType.ADDRESS, octets.at(moment, row));
  }

  static Cell identifier(String oid) {
    return constant(new Value.Identifier(Oid.parse(oid)));
  }

  static Cell constant(Value value) {
    return (moment, row) -> value;
  }

  /** One of several values: the row's number says which, and it starts again behind the last. */
  static Cell inTurn(Cell... cells) {
    return (moment, row) -> cells[row % cells.length].at(moment, row);
  }

  private static Cell numeric(NumberType type, Figure figure) {
    return (moment, row) -> new Value.Numeric(type, figure.at(moment, row));
  }

  private static Value octets(byte[] octets) {
    return new Value.Octets(OctetsType.OCTETS, octets);
  }
}
