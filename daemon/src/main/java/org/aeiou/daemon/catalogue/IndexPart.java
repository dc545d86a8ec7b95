package org.aeiou.daemon.catalogue;

import java.nio.charset.Charset;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax;

/**
 * One object of a table's INDEX clause, and how it lies in an object identifier (RFC 2578, section
 * 7.7). Immutable.
 *
 * @param implied whether a string of any length goes on to the end, without its length before it
 * @param named whether it is part of a row's name; what another part already says, or what means
 *     nothing to a reader, is not
 */
record IndexPart(String name, DefinedSyntax syntax, boolean implied, boolean named) {

  /** Where reading stands in an index. For one thread. */
  static final class Cursor {
    private static final int MAX_OCTET = 0xFF;

    private final Oid index;
    private int at;

    Cursor(Oid index) {
      this.index = index;
    }

    boolean isAtEnd() {
      return at == index.length();
    }

    int left() {
      return index.length() - at;
    }

    long number() {
      return Integer.toUnsignedLong(index.get(at++));
    }

    int position() {
      return at;
    }

    /** What was read since {@code position}. */
    Oid since(int position) {
      int[] ids = new int[at - position];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = index.get(position + i);
      }
      return Oid.of(ids);
    }

    Oid ids(int count) {
      int from = at;
      at += count;
      return since(from);
    }

    /** The next {@code count} as octets, or null if they are none. */
    byte[] octets(int count) {
      byte[] octets = new byte[count];
      for (int i = 0; i < count; i++) {
        long id = number();
        if (id > MAX_OCTET) {
          return null;
        }
        octets[i] = (byte) id;
      }
      return octets;
    }
  }

  /** The part that begins at the cursor, as text; null if what is there cannot be one. */
  String read(Cursor cursor, Charset charset) {
    Value.Single value = value(cursor);
    return value == null ? null : syntax.text(value, charset);
  }

  /** The part that begins at the cursor; null if what is there cannot be one. */
  Value.Single value(Cursor cursor) {
    return switch (syntax.base().kind()) {
      case NUMBER ->
          cursor.isAtEnd() ? null : new Value.Numeric(Value.NumberType.GAUGE, cursor.number());
      case IDENTIFIER -> {
        int length = length(cursor);
        yield length < 0 ? null : new Value.Identifier(cursor.ids(length));
      }
      case OCTETS -> {
        int length = length(cursor);
        byte[] octets = length < 0 ? null : cursor.octets(length);
        yield octets == null ? null : new Value.Octets(Value.OctetsType.OCTETS, octets);
      }
    };
  }

  /** How many sub-identifiers the string at the cursor has, or -1 if there are fewer. */
  private int length(Cursor cursor) {
    long length;
    if (syntax.size() > 0) {
      length = syntax.size();
    } else if (implied) {
      length = cursor.left();
    } else if (cursor.isAtEnd()) {
      return -1;
    } else {
      length = cursor.number();
    }
    return length <= cursor.left() ? (int) length : -1;
  }
}
