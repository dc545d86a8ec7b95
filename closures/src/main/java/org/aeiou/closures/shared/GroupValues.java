package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure;

/**
 * What a group read found, an attribute after the other, row by row: {@code while (values.next())}.
 * The names are made once, and a value when it is asked for. For one thread.
 */
public final class GroupValues {
  private final ByteBuffer bytes;
  private final long takenMillis;
  private final int form;
  private final int count;
  private final List<String> columns = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();
  private final int times;
  private int at = -1;
  private int from;

  /** Where the NUL is behind the value of the attribute. */
  private int end;

  private GroupValues(byte[] value, long takenMillis) {
    bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    this.takenMillis = takenMillis;
    long rowCount = bytes.getInt(GroupDescriptor.ROWS);
    long columnCount = bytes.getInt(GroupDescriptor.COLUMNS);
    long attributes = rowCount < 0 || columnCount < 0 ? Long.MAX_VALUE : rowCount * columnCount;
    if (attributes > value.length || GroupDescriptor.bytes(attributes) > value.length) {
      throw new IndexOutOfBoundsException();
    }
    form = bytes.getInt(GroupDescriptor.FORM);
    count = (int) attributes;
    times = (int) GroupDescriptor.times(attributes);
    end = (int) GroupDescriptor.names(attributes) - 1;
    int names = end + 1 + bytes.getInt(GroupDescriptor.NAME_BYTES);
    names(columnCount, columns);
    names(rowCount, rows);
    if (end + 1 != names) {
      throw new IndexOutOfBoundsException();
    }
  }

  private void names(long number, List<String> into) {
    for (long i = 0; i < number; i++) {
      skip();
      into.add(new String(bytes.array(), from, end - from, UTF_8));
    }
  }

  /** Goes on behind the next NUL. */
  private void skip() {
    from = end + 1;
    end = from;
    while (bytes.get(end) != 0) {
      end++;
    }
  }

  /**
   * What the value of a group read says.
   *
   * @param takenMillis the reading's own time
   * @throws IllegalArgumentException if this is no value of a group read
   */
  public static GroupValues of(byte[] value, long takenMillis) {
    try {
      return new GroupValues(value, takenMillis);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "these " + value.length + " bytes are no values of a group; readGroup asks for those", e);
    }
  }

  /** One of the forms of {@link GroupDescriptor}. */
  public int form() {
    return form;
  }

  /** The names of the attributes that each row has. */
  public List<String> columns() {
    return List.copyOf(columns);
  }

  /** The names of the rows; of a group of scalars one that is empty. */
  public List<String> rows() {
    return List.copyOf(rows);
  }

  /** How many attributes there are. */
  public int count() {
    return count;
  }

  /**
   * Goes to the next attribute; false behind the last one.
   *
   * @throws IllegalArgumentException if its value has no end
   */
  public boolean next() {
    if (at + 1 >= count) {
      return false;
    }
    try {
      skip();
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the values of this group have no end", e);
    }
    at++;
    return true;
  }

  public String row() {
    return rows.get(at / columns.size());
  }

  public String column() {
    return columns.get(at % columns.size());
  }

  /** One of {@link Kind}. */
  public int kind() {
    return bytes.get(GroupDescriptor.KINDS + 2 * at) & 0xFF;
  }

  /** Why it failed; null if it did not. */
  public Failure.Reason reason() {
    return kind() == Kind.FAILURE
        ? Reasons.of(bytes.get(GroupDescriptor.KINDS + 2 * at + 1) & 0xFF)
        : null;
  }

  /** The value of a reading; of a failure a sentence. */
  public String value() {
    return new String(bytes.array(), from, end - from, UTF_8);
  }

  /** When it was taken, in milliseconds since the epoch of time; 0 of a failure. */
  public long takenMillis() {
    return kind() == Kind.FAILURE
        ? 0
        : takenMillis - Integer.toUnsignedLong(bytes.getInt(times + Integer.BYTES * at));
  }
}
