package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32;

/**
 * The copy of the cache that clients read without asking the daemon; see {@link TableDescriptor}.
 *
 * <p>One writer at a time, which its owner sees to; any number of readers in any process, which
 * never wait and never disturb the writer. Each slot is a sequence lock: the writer makes its
 * sequence odd, writes, and makes it even again; a reader that read meanwhile sees another sequence
 * than before and reads once more. A sequence never comes back, so that a reader may keep what it
 * made of a slot for as long as the sequence is the same.
 *
 * <p>It is long because writing, reading, the hash chains and the free lists are one structure:
 * what one of them may do rests on what the others promise.
 */
public final class ValueTable {
  /** In place of where a path is: it is in no place, or not known to be in one. */
  public static final int UNKNOWN = -1;

  /** Room for data is handed out in powers of two of this many units: 64 bytes to 32 KiB. */
  private static final int SIZES = 10;

  private final Memory memory;
  private final int mask;
  private final int data;
  private final int units;

  // The writer's own: nothing of it is read back from the memory.
  private final String[] paths;
  private final int[] unitOf;
  private final byte[] sizeOf;
  private final long[] sequences;
  private final long[] usableUntil;
  private final Deque<Integer>[] free;
  private int nextUnit;
  private long updates;
  private long refusals;

  private ValueTable(Memory memory, int slots, int data, int units) {
    this.memory = memory;
    this.mask = slots - 1;
    this.data = data;
    this.units = units;
    paths = new String[slots];
    unitOf = new int[slots];
    sizeOf = new byte[slots];
    sequences = new long[slots];
    usableUntil = new long[slots];
    free = deques();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Deque<Integer>[] deques() {
    Deque<Integer>[] deques = new Deque[SIZES];
    for (int i = 0; i < SIZES; i++) {
      deques[i] = new ArrayDeque<>();
    }
    return deques;
  }

  /**
   * How long the memory of a table is.
   *
   * @param slots a power of two
   * @param dataBytes for paths and values
   */
  public static int bytes(int slots, int dataBytes) {
    return Math.addExact(
        TableDescriptor.FIRST_SLOT,
        Math.addExact(
            Math.multiplyExact(slots, TableDescriptor.SLOT_BYTES),
            FileDescriptor.aligned(dataBytes)));
  }

  /** Makes an empty table of memory that is all zeroes and {@link #bytes} long. */
  public static ValueTable create(Memory memory, int slots, long epoch) {
    if (Integer.bitCount(slots) != 1) {
      throw new IllegalArgumentException("slots: " + slots + " is not a power of two");
    }
    int data = TableDescriptor.FIRST_SLOT + slots * TableDescriptor.SLOT_BYTES;
    int dataBytes = memory.size() - data;
    memory.setInt(TableDescriptor.SLOTS, slots);
    memory.setInt(TableDescriptor.SLOT_BYTES_AT, TableDescriptor.SLOT_BYTES);
    memory.set(TableDescriptor.DATA, data);
    memory.set(TableDescriptor.DATA_BYTES, dataBytes);
    FileDescriptor.begin(memory, TableDescriptor.MAGIC, epoch);
    return new ValueTable(memory, slots, data, dataBytes / TableDescriptor.UNIT_BYTES);
  }

  /** What is known of a path. Times as in {@link TableDescriptor}. */
  public record Entry(
      int kind,
      byte[] value,
      long freshUntilNanos,
      long usableUntilNanos,
      long takenMillis,
      long changedMillis) {}

  /**
   * Publishes what is known of a path now. By the writer only.
   *
   * @param nowNanos for making room: what is past its use goes
   * @return false if there is no room for it; clients then ask
   */
  public boolean publish(String path, Entry entry, long nowNanos) {
    return publish(path, UNKNOWN, entry, nowNanos) != UNKNOWN;
  }

  /**
   * As {@link #publish(String, Entry, long)}, for a writer that keeps where a path is.
   *
   * @param known what this returned for the path before; it may be wrong by now
   * @return where it is, or {@link #UNKNOWN} if there is no room for it
   */
  public int publish(String path, int known, Entry entry, long nowNanos) {
    if (known != UNKNOWN && path.equals(paths[known]) && replace(known, entry)) {
      return known;
    }
    byte[] name = path.getBytes(UTF_8);
    int slot = slotFor(path, name, nowNanos);
    if (slot < 0
        || name.length > TableDescriptor.LONGEST_PATH
        || entry.value.length > TableDescriptor.LONGEST_VALUE) {
      if (slot >= 0 && path.equals(paths[slot])) {
        withdraw(slot);
      }
      return refuse();
    }
    int bytes = name.length + entry.value.length;
    int at = TableDescriptor.FIRST_SLOT + slot * TableDescriptor.SLOT_BYTES;
    long sequence = sequences[slot] + 1;
    memory.set(at + TableDescriptor.SEQUENCE, sequence);
    // Release pairs with the readers' acquire fence: a reader that sees anything of what follows
    // sees that the sequence is odd, or another one.
    VarHandle.releaseFence();
    if (!makeRoom(slot, path, bytes)) {
      finish(at, slot, Kind.NOTHING, sequence);
      return refuse();
    }
    int offset = data + unitOf[slot] * TableDescriptor.UNIT_BYTES;
    memory.setBytes(offset, name, 0, name.length);
    memory.setBytes(offset + name.length, entry.value, 0, entry.value.length);
    memory.setInt(at + TableDescriptor.HASH, hash(name));
    memory.setShort(at + TableDescriptor.PATH_LENGTH, name.length);
    memory.setInt(at + TableDescriptor.UNIT, unitOf[slot]);
    paths[slot] = path;
    finish(at, slot, entry, sequence);
    return slot;
  }

  /** Writes an entry in the place of one of the same path; false if that has not the room. */
  private boolean replace(int slot, Entry entry) {
    int at = TableDescriptor.FIRST_SLOT + slot * TableDescriptor.SLOT_BYTES;
    int nameLength = memory.getShort(at + TableDescriptor.PATH_LENGTH);
    if (entry.value.length > TableDescriptor.LONGEST_VALUE
        || sizeOf[slot] != size(nameLength + entry.value.length)) {
      return false;
    }
    long sequence = sequences[slot] + 1;
    memory.set(at + TableDescriptor.SEQUENCE, sequence);
    VarHandle.releaseFence(); // as in publish
    int offset = data + unitOf[slot] * TableDescriptor.UNIT_BYTES;
    memory.setBytes(offset + nameLength, entry.value, 0, entry.value.length);
    finish(at, slot, entry, sequence);
    return true;
  }

  private void finish(int at, int slot, Entry entry, long sequence) {
    memory.set(at + TableDescriptor.FRESH_UNTIL, entry.freshUntilNanos);
    memory.set(at + TableDescriptor.USABLE_UNTIL, entry.usableUntilNanos);
    memory.set(at + TableDescriptor.TAKEN, entry.takenMillis);
    memory.set(at + TableDescriptor.CHANGED, entry.changedMillis);
    memory.setInt(at + TableDescriptor.VALUE_LENGTH, entry.value.length);
    usableUntil[slot] = entry.usableUntilNanos;
    finish(at, slot, entry.kind, sequence);
    memory.set(TableDescriptor.UPDATES, ++updates);
  }

  /** Says that nothing is known of a path any more. By the writer only. */
  public void withdraw(String path) {
    int slot = find(path, hash(path.getBytes(UTF_8)));
    if (slot >= 0) {
      withdraw(slot);
    }
  }

  private void withdraw(int slot) {
    int at = TableDescriptor.FIRST_SLOT + slot * TableDescriptor.SLOT_BYTES;
    long sequence = sequences[slot] + 1;
    memory.set(at + TableDescriptor.SEQUENCE, sequence);
    VarHandle.releaseFence(); // as in publish
    giveBack(slot);
    finish(at, slot, Kind.NOTHING, sequence);
  }

  private int refuse() {
    memory.set(TableDescriptor.REFUSALS, ++refusals);
    return UNKNOWN;
  }

  private void finish(int at, int slot, int kind, long sequence) {
    memory.setShort(at + TableDescriptor.KIND, kind);
    if (kind == Kind.NOTHING) {
      paths[slot] = null;
    }
    sequences[slot] = sequence + 1;
    // Release pairs with the readers' acquire of the sequence: it publishes the slot.
    memory.setRelease(at + TableDescriptor.SEQUENCE, sequence + 1);
  }

  /** The slot that has a path, or one that may get it; -1 if there is none. */
  private int slotFor(String path, byte[] name, long nowNanos) {
    int hash = hash(name);
    int found = find(path, hash);
    if (found >= 0) {
      return found;
    }
    int useless = -1;
    for (int i = 0; i < TableDescriptor.PROBES; i++) {
      int slot = (hash + i) & mask;
      if (paths[slot] == null) {
        return slot;
      }
      if (useless < 0 && nowNanos - usableUntil[slot] > 0) {
        useless = slot;
      }
    }
    return useless;
  }

  private int find(String path, int hash) {
    for (int i = 0; i < TableDescriptor.PROBES; i++) {
      int slot = (hash + i) & mask;
      if (path.equals(paths[slot])) {
        return slot;
      }
      if (sequences[slot] == 0) {
        return -1;
      }
    }
    return -1;
  }

  /** Sees to it that a slot has room for so many bytes. */
  private boolean makeRoom(int slot, String path, int bytes) {
    int wanted = size(bytes);
    if (paths[slot] != null && sizeOf[slot] == wanted) {
      return true;
    }
    giveBack(slot);
    Integer unit = free[wanted].poll();
    if (unit == null) {
      int next = nextUnit + (1 << wanted);
      if (next > units) {
        return false;
      }
      unit = nextUnit;
      nextUnit = next;
    }
    unitOf[slot] = unit;
    sizeOf[slot] = (byte) wanted;
    paths[slot] = path;
    return true;
  }

  private void giveBack(int slot) {
    if (paths[slot] != null) {
      free[sizeOf[slot]].push(unitOf[slot]);
      paths[slot] = null;
    }
  }

  private static int size(int bytes) {
    int wanted = (bytes + TableDescriptor.UNIT_BYTES - 1) / TableDescriptor.UNIT_BYTES;
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, wanted - 1));
  }

  static int hash(byte[] name) {
    CRC32 crc = new CRC32();
    crc.update(name);
    return (int) crc.getValue();
  }

  /** A table that another process writes. */
  public static final class Reader {
    private static final int TRIES = 1000;

    private final Memory memory;
    private final int slots;
    private final int data;
    private final int dataBytes;

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException if it is none, or of another version
     */
    public Reader(Memory memory) {
      if (!FileDescriptor.isReady(memory, TableDescriptor.MAGIC)) {
        throw new IllegalArgumentException("this is no value table of version 1");
      }
      this.memory = memory;
      slots = memory.getInt(TableDescriptor.SLOTS);
      data = (int) memory.get(TableDescriptor.DATA);
      dataBytes = (int) memory.get(TableDescriptor.DATA_BYTES);
    }

    /** The sequence of a slot: as long as it is the same, so is everything in the slot. */
    public long sequence(int at) {
      return memory.getAcquire(at);
    }

    /**
     * Where a path is.
     *
     * @param at the slot, for {@link Reader#sequence}
     */
    public record Place(Entry entry, int at, long sequence) {}

    /** What the table has of a path, however old; null if nothing. Never waits for long. */
    public Entry find(String path) {
      Place place = locate(path);
      return place == null ? null : place.entry;
    }

    /** As {@link #find}, with the slot that it is in. */
    public Place locate(String path) {
      byte[] name = path.getBytes(UTF_8);
      int hash = hash(name);
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
        Entry entry = (sequence & 1) != 0 ? null : copy(at, name, hash);
        // Acquire pairs with the writer's release fence: what was copied came before this reading
        // of the sequence.
        VarHandle.acquireFence();
        long after = memory.get(at + TableDescriptor.SEQUENCE);
        if ((sequence & 1) == 0 && after == sequence) {
          return entry == null ? null : new Place(entry, at, sequence);
        }
        Thread.onSpinWait();
        sequence = memory.getAcquire(at + TableDescriptor.SEQUENCE);
      }
      // The daemon died while it wrote, or writes it all the time: a program that asks it will know
      // more.
      return null;
    }

    private Entry copy(int at, byte[] name, int hash) {
      int kind = memory.getShort(at + TableDescriptor.KIND);
      if (kind == Kind.NOTHING
          || memory.getInt(at + TableDescriptor.HASH) != hash
          || memory.getShort(at + TableDescriptor.PATH_LENGTH) != name.length) {
        return null;
      }
      long offset =
          Integer.toUnsignedLong(memory.getInt(at + TableDescriptor.UNIT))
              * TableDescriptor.UNIT_BYTES;
      int length = memory.getInt(at + TableDescriptor.VALUE_LENGTH);
      // Both may be half of one value and half of another.
      if (length < 0
          || length > TableDescriptor.LONGEST_VALUE
          || offset + name.length + length > dataBytes) {
        return null;
      }
      int from = data + (int) offset;
      if (!memory.isSame(from, name)) {
        return null;
      }
      byte[] value = new byte[length];
      memory.getBytes(from + name.length, value, 0, length);
      return new Entry(
          kind,
          value,
          memory.get(at + TableDescriptor.FRESH_UNTIL),
          memory.get(at + TableDescriptor.USABLE_UNTIL),
          memory.get(at + TableDescriptor.TAKEN),
          memory.get(at + TableDescriptor.CHANGED));
    }
  }
}
