package org.aeiou.closures.shared.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.VarHandle;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.table.ValueTable.Entry;

/** A value table that another process writes. Any thread. */
public final class TableReader {
  private static final int TRIES = 1000;
  private static final byte[] NOT_COPIED = {};

  private final Memory memory;
  private final int slots;
  private final int data;
  private final int dataBytes;

  /**
   * Reads a table.
   *
   * @throws IllegalArgumentException if it is none, or of another version
   */
  public TableReader(Memory memory) {
    if (!FileDescriptor.isReady(memory, TableDescriptor.MAGIC)) {
      throw new IllegalArgumentException("this is no value table of version 1");
    }
    this.memory = memory;
    slots = memory.getInt(TableDescriptor.SLOTS);
    data = (int) memory.get(TableDescriptor.DATA);
    dataBytes = (int) memory.get(TableDescriptor.DATA_BYTES);
  }

  /** The owner of all files, as stat shows it. */
  public int uid() {
    return memory.getInt(TableDescriptor.UID);
  }

  /** The group of all files. */
  public int gid() {
    return memory.getInt(TableDescriptor.GID);
  }

  /** The sequence of a slot: as long as it is the same, so is everything in the slot. */
  public long sequence(int at) {
    return memory.getAcquire(at);
  }

  /**
   * Where a path is.
   *
   * @param entry what is known of it; of a listing without its value
   * @param listing what is listed; null if it is none
   * @param at the slot, for {@link TableReader#sequence}
   */
  public record Place(Entry entry, Listing listing, int at, long sequence) {}

  /** What the table has of a path, however old; null if nothing. Never waits for long. */
  public Entry find(String path) {
    Place place = locate(path);
    return place == null ? null : place.entry;
  }

  /** As {@link #find}, with the slot that it is in. */
  public Place locate(String path) {
    byte[] name = path.getBytes(UTF_8);
    int hash = ValueTable.hash(name);
    for (int i = 0; i < TableDescriptor.PROBES; i++) {
      int slot = (hash + i) & (slots - 1);
      int at = TableDescriptor.FIRST_SLOT + slot * TableDescriptor.SLOT_BYTES;
      long sequence = memory.getAcquire(at + TableDescriptor.SEQUENCE);
      if (sequence == 0) {
        return null;
      }
      Place found = read(at, sequence, name, hash);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Null if the slot is another path's. */
  private Place read(int at, long first, byte[] name, int hash) {
    long sequence = first;
    for (int i = 0; i < TRIES; i++) {
      Place place = (sequence & 1) != 0 ? null : copy(at, sequence, name, hash);
      // Acquire pairs with the writer's release fence: what was copied came before this reading
      // of the sequence.
      VarHandle.acquireFence();
      long after = memory.get(at + TableDescriptor.SEQUENCE);
      if ((sequence & 1) == 0 && after == sequence) {
        return place;
      }
      Thread.onSpinWait();
      sequence = memory.getAcquire(at + TableDescriptor.SEQUENCE);
    }
    // The daemon died while it wrote, or writes it all the time: a program that asks it will know
    // more.
    return null;
  }

  private Place copy(int at, long sequence, byte[] name, int hash) {
    int kind = memory.getShort(at + TableDescriptor.KIND);
    if (kind == TableKind.NOTHING
        || memory.getInt(at + TableDescriptor.HASH) != hash
        || memory.getShort(at + TableDescriptor.PATH_LENGTH) != name.length) {
      return null;
    }
    long offset =
        Integer.toUnsignedLong(memory.getInt(at + TableDescriptor.UNIT))
            * TableDescriptor.UNIT_BYTES;
    int length = memory.getInt(at + TableDescriptor.VALUE_LENGTH);
    int valueAt = TableDescriptor.valueAt(kind, name.length);
    // Both may be half of one value and half of another.
    if (length < 0
        || length > TableDescriptor.longest(kind)
        || offset + valueAt + length > dataBytes) {
      return null;
    }
    int from = data + (int) offset;
    if (!memory.isSame(from, name)) {
      return null;
    }
    byte[] value = NOT_COPIED;
    Listing listing = null;
    if (kind == TableKind.LISTING) {
      listing = Listing.of(memory, from + valueAt, length, name.length);
    } else {
      value = new byte[length];
      memory.getBytes(from + valueAt, value, 0, length);
    }
    Entry entry =
        new Entry(
            kind,
            value,
            memory.get(at + TableDescriptor.FRESH_UNTIL),
            memory.get(at + TableDescriptor.USABLE_UNTIL),
            memory.get(at + TableDescriptor.TAKEN),
            memory.get(at + TableDescriptor.CHANGED),
            memory.getInt(at + TableDescriptor.MODE),
            memory.getInt(at + TableDescriptor.SIZE));
    return new Place(entry, listing, at, sequence);
  }
}
