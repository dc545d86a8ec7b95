package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes the value of a group read, an attribute after the other, row by row. For one thread. */
public final class GroupWriter {
  private final int form;
  private final int rows;
  private final int columns;
  private final ByteArrayOutputStream names = new ByteArrayOutputStream();
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final short[] kinds;
  private final long[] takenMillis;
  private long newestMillis;
  private int next;

  /** Of so many attributes as there are rows times columns; the names have no NUL. */
  public GroupWriter(int form, List<String> columns, List<String> rows) {
    this.form = form;
    this.rows = rows.size();
    this.columns = columns.size();
    columns.forEach(this::name);
    rows.forEach(this::name);
    int attributes = Math.multiplyExact(rows.size(), columns.size());
    kinds = new short[attributes];
    takenMillis = new long[attributes];
  }

  private void name(String name) {
    names.writeBytes(name.getBytes(UTF_8));
    names.write(0);
  }

  /** The next attribute has this reading, whose value has no NUL. */
  public void reading(byte[] value, int length, long taken) {
    values.write(value, 0, length);
    add(Kind.READING, 0, taken);
  }

  /** The system does not have the next attribute. */
  public void absent(long taken) {
    add(Kind.ABSENT, 0, taken);
  }

  /** There is no telling about the next attribute; a sentence says why. */
  public void failure(int reason, String sentence) {
    values.writeBytes(sentence.replace('\0', ' ').getBytes(UTF_8));
    add(Kind.FAILURE, reason, 0);
  }

  private void add(int kind, int reason, long taken) {
    values.write(0);
    kinds[next] = (short) (kind | reason << 8);
    takenMillis[next++] = taken;
    newestMillis = Math.max(newestMillis, taken);
  }

  /** How many attributes were written. */
  public int written() {
    return next;
  }

  /** How long the value will be at least. */
  public long bytes() {
    return GroupDescriptor.bytes(kinds.length) - next + names.size() + values.size();
  }

  /** When the newest was taken: the time of the outcome. */
  public long takenMillis() {
    return newestMillis;
  }

  /** The value, once all attributes are written. */
  public byte[] value() {
    ByteBuffer value =
        ByteBuffer.allocate(
                (int) GroupDescriptor.names(kinds.length) + names.size() + values.size())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(GroupDescriptor.ROWS, rows)
            .putInt(GroupDescriptor.COLUMNS, columns)
            .putInt(GroupDescriptor.FORM, form)
            .putInt(GroupDescriptor.NAME_BYTES, names.size())
            .position(GroupDescriptor.KINDS);
    for (short kind : kinds) {
      value.putShort(kind);
    }
    value.position((int) GroupDescriptor.times(kinds.length));
    for (long taken : takenMillis) {
      value.putInt(taken == 0 ? 0 : (int) Math.min(newestMillis - taken, 0xFFFF_FFFFL));
    }
    return value.put(names.toByteArray()).put(values.toByteArray()).array();
  }
}
