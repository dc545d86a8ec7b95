package org.aeiou.closures.shared.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.VarHandle;
import java.util.zip.CRC32;
import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.Memory;

/**
 * The copy of the cache that clients read without asking the daemon; see {@link TableDescriptor}.
 *
 * <p>One writer at a time, which its owner sees to; any number of readers in any process, which
 * never wait and never disturb the writer. Each slot is a sequence lock: the writer makes its
 * sequence odd, writes, and makes it even again; a reader that read meanwhile sees another sequence
 * than before and reads once more. A sequence never comes back, so that a reader may keep what it
 * made of a slot for as long as the sequence is the same.
 *
 * <p>A listing is not copied by its readers. So it is never written in place, but for single bytes
 * of its kinds: another one gets another block, and the old block rests.
 */
public final class ValueTable {
  /** In place of where a path is: it is in no place, or not known to be in one. */
  public static final int UNKNOWN = -1;

  private final Memory memory;
  private final int mask;
  private final int data;
  private final Blocks blocks;

  /** What the writer knows of each slot; null where nothing was ever written. */
  private final Own[] own;

  private long updates;
  private long refusals;

  private ValueTable(Memory memory, int slots, int data, int units) {
    this.memory = memory;
    this.mask = slots - 1;
    this.data = data;
    blocks = new Blocks(units);
    own = new Own[slots];
  }

  /**
   * The writer's own of a slot: all of it in one place, as each place is a look into memory that no
   * cache of the processor holds.
   */
  private static final class Own {
    /** Null if there is nothing in the slot. */
    String path;

    int unit;
    byte size;
    long sequence;
    long usableUntil;
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

  /**
   * Makes an empty table of memory that is all zeroes and {@link #bytes} long.
   *
   * @param uid the owner of all files, as stat shows it; as the group
   */
  public static ValueTable create(Memory memory, int slots, int uid, int gid, long epoch) {
    if (Integer.bitCount(slots) != 1) {
      throw new IllegalArgumentException("slots: " + slots + " is not a power of two");
    }
    int data = TableDescriptor.FIRST_SLOT + slots * TableDescriptor.SLOT_BYTES;
    int dataBytes = memory.size() - data;
    memory.setInt(TableDescriptor.SLOTS, slots);
    memory.setInt(TableDescriptor.SLOT_BYTES_AT, TableDescriptor.SLOT_BYTES);
    memory.set(TableDescriptor.DATA, data);
    memory.set(TableDescriptor.DATA_BYTES, dataBytes);
    memory.setInt(TableDescriptor.UID, uid);
    memory.setInt(TableDescriptor.GID, gid);
    FileDescriptor.begin(memory, TableDescriptor.MAGIC, epoch);
    return new ValueTable(memory, slots, data, dataBytes / TableDescriptor.UNIT_BYTES);
  }

  /**
   * What is known of a path. Times as in {@link TableDescriptor}.
   *
   * @param kind one of {@link TableKind}
   * @param mode as stat shows it; 0 if it is not known, as all of stat then
   * @param size of a file in bytes; of a directory, how many links it has
   */
  public record Entry(
      int kind,
      byte[] value,
      long freshUntilNanos,
      long usableUntilNanos,
      long takenMillis,
      long changedMillis,
      int mode,
      int size) {}

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
    if (known != UNKNOWN && path.equals(path(known)) && replace(known, entry)) {
      return known;
    }
    byte[] name = path.getBytes(UTF_8);
    int hash = hash(name);
    int slot = slotFor(path, hash, nowNanos);
    if (slot < 0) {
      return refuse();
    }
    if (path.equals(path(slot)) && replace(slot, entry)) {
      return slot;
    }
    int valueAt = TableDescriptor.valueAt(entry.kind, name.length);
    long block =
        name.length > TableDescriptor.LONGEST_PATH
                || entry.value.length > TableDescriptor.longest(entry.kind)
            ? Blocks.NONE
            : blocks.take(
                Blocks.size(valueAt + entry.value.length),
                entry.kind == TableKind.LISTING,
                nowNanos);
    if (block == Blocks.NONE) {
      if (path.equals(path(slot))) {
        withdraw(slot, nowNanos);
      }
      return refuse();
    }
    int unit = Blocks.unit(block);
    int offset = data + unit * TableDescriptor.UNIT_BYTES;
    // Release pairs with the readers' acquire fence: a reader of what the block had before that
    // sees
    // anything of what follows sees that the sequence of its slot is another one.
    VarHandle.releaseFence();
    memory.setBytes(offset, name, 0, name.length);
    memory.setBytes(offset + valueAt, entry.value, 0, entry.value.length);
    int at = begin(slot);
    free(slot, nowNanos);
    Own mine = own(slot);
    mine.unit = unit;
    mine.size = (byte) Blocks.sizeOf(block);
    mine.path = path;
    memory.setInt(at + TableDescriptor.HASH, hash);
    memory.setShort(at + TableDescriptor.PATH_LENGTH, name.length);
    memory.setInt(at + TableDescriptor.UNIT, unit);
    finish(at, slot, entry);
    return slot;
  }

  /** Writes an entry in the place of one of the same path; false if it takes another block. */
  private boolean replace(int slot, Entry entry) {
    int at = at(slot);
    int nameLength = memory.getShort(at + TableDescriptor.PATH_LENGTH);
    if (entry.kind == TableKind.LISTING
        || isListing(at)
        || entry.value.length > TableDescriptor.LONGEST_VALUE
        || own(slot).size != Blocks.size(nameLength + entry.value.length)) {
      return false;
    }
    begin(slot);
    int offset = data + own(slot).unit * TableDescriptor.UNIT_BYTES;
    memory.setBytes(offset + nameLength, entry.value, 0, entry.value.length);
    finish(at, slot, entry);
    return true;
  }

  private void finish(int at, int slot, Entry entry) {
    memory.set(at + TableDescriptor.FRESH_UNTIL, entry.freshUntilNanos);
    memory.set(at + TableDescriptor.USABLE_UNTIL, entry.usableUntilNanos);
    memory.set(at + TableDescriptor.TAKEN, entry.takenMillis);
    memory.set(at + TableDescriptor.CHANGED, entry.changedMillis);
    memory.setInt(at + TableDescriptor.VALUE_LENGTH, entry.value.length);
    memory.setInt(at + TableDescriptor.MODE, entry.mode);
    memory.setInt(at + TableDescriptor.SIZE, entry.size);
    own(slot).usableUntil = entry.usableUntilNanos;
    finish(at, slot, entry.kind);
    memory.set(TableDescriptor.UPDATES, ++updates);
  }

  /**
   * Something was read of a file: what its directory's listing shows of one of which nothing was
   * read is not so any more. By the writer only, before any client is told of what was read.
   *
   * @param directory the path of the directory
   * @param known what {@link #publish} returned for it
   * @param path of the file
   * @return whether it was shown as one of which nothing was read
   */
  public boolean read(String directory, int known, String path) {
    if (known == UNKNOWN || !directory.equals(path(known)) || !isListing(at(known))) {
      return false;
    }
    int at = at(known);
    int length = memory.getShort(at + TableDescriptor.PATH_LENGTH);
    Listing listing =
        Listing.of(
            memory,
            data
                + own(known).unit * TableDescriptor.UNIT_BYTES
                + TableDescriptor.valueAt(TableKind.LISTING, length),
            memory.getInt(at + TableDescriptor.VALUE_LENGTH),
            length);
    byte[] name = path.getBytes(UTF_8);
    int number = listing.find(name, hash(name));
    if (number < 0 || !listing.isUnread(number)) {
      return false;
    }
    listing.read(number);
    return true;
  }

  /**
   * Stat shows other times of the files in a directory of which nothing was read. Costs a copy of
   * the listing, as a published one is not written. By the writer only.
   *
   * @param known what {@link #publish} returned for the directory
   * @return false if there is no listing, or no room: it is published no more then
   */
  public boolean show(
      String directory, int known, long takenMillis, long changedMillis, long nowNanos) {
    if (known == UNKNOWN || !directory.equals(path(known)) || !isListing(at(known))) {
      return false;
    }
    int valueAt =
        TableDescriptor.valueAt(
            TableKind.LISTING, memory.getShort(at(known) + TableDescriptor.PATH_LENGTH));
    int bytes = valueAt + memory.getInt(at(known) + TableDescriptor.VALUE_LENGTH);
    long block = blocks.take(Blocks.size(bytes), true, nowNanos);
    if (block == Blocks.NONE) {
      withdraw(known, nowNanos);
      refuse();
      return false;
    }
    int offset = data + Blocks.unit(block) * TableDescriptor.UNIT_BYTES;
    VarHandle.releaseFence(); // as in publish
    memory.copy(data + own(known).unit * TableDescriptor.UNIT_BYTES, offset, bytes);
    memory.set(offset + valueAt + ListingDescriptor.TAKEN, takenMillis);
    memory.set(offset + valueAt + ListingDescriptor.CHANGED, changedMillis);
    int at = begin(known);
    free(known, nowNanos);
    Own mine = own(known);
    mine.path = directory;
    mine.unit = Blocks.unit(block);
    mine.size = (byte) Blocks.sizeOf(block);
    memory.setInt(at + TableDescriptor.UNIT, mine.unit);
    finish(at, known, TableKind.LISTING);
    memory.set(TableDescriptor.UPDATES, ++updates);
    return true;
  }

  /**
   * Says that nothing is known of a path any more. By the writer only.
   *
   * @param nowNanos from when what there was rests
   */
  public void withdraw(String path, long nowNanos) {
    int slot = find(path, hash(path.getBytes(UTF_8)));
    if (slot >= 0) {
      withdraw(slot, nowNanos);
    }
  }

  private void withdraw(int slot, long nowNanos) {
    int at = begin(slot);
    free(slot, nowNanos);
    finish(at, slot, TableKind.NOTHING);
  }

  private int refuse() {
    memory.set(TableDescriptor.REFUSALS, ++refusals);
    return UNKNOWN;
  }

  /** How many bytes of data are in use, what rests included. */
  public long usedBytes() {
    return (long) blocks.used() * TableDescriptor.UNIT_BYTES;
  }

  private static int at(int slot) {
    return TableDescriptor.FIRST_SLOT + slot * TableDescriptor.SLOT_BYTES;
  }

  private boolean isListing(int at) {
    return memory.getShort(at + TableDescriptor.KIND) == TableKind.LISTING;
  }

  private Own own(int slot) {
    Own known = own[slot];
    if (known == null) {
      known = new Own();
      own[slot] = known;
    }
    return known;
  }

  /** The path in a slot; null if there is none. */
  private String path(int slot) {
    Own known = own[slot];
    return known == null ? null : known.path;
  }

  /** Begins to write a slot; returns where it is. */
  private int begin(int slot) {
    int at = at(slot);
    memory.set(at + TableDescriptor.SEQUENCE, ++own(slot).sequence);
    // Release pairs with the readers' acquire fence: a reader that sees anything of what follows
    // sees that the sequence is odd, or another one.
    VarHandle.releaseFence();
    return at;
  }

  private void finish(int at, int slot, int kind) {
    memory.setShort(at + TableDescriptor.KIND, kind);
    // Release pairs with the readers' acquire of the sequence: it publishes the slot.
    memory.setRelease(at + TableDescriptor.SEQUENCE, ++own(slot).sequence);
  }

  /** The slot that has a path, or one that may get it; -1 if there is none. */
  private int slotFor(String path, int hash, long nowNanos) {
    int found = find(path, hash);
    if (found >= 0) {
      return found;
    }
    int useless = -1;
    for (int i = 0; i < TableDescriptor.PROBES; i++) {
      int slot = (hash + i) & mask;
      if (path(slot) == null) {
        return slot;
      }
      if (useless < 0 && nowNanos - own[slot].usableUntil > 0) {
        useless = slot;
      }
    }
    return useless;
  }

  private int find(String path, int hash) {
    for (int i = 0; i < TableDescriptor.PROBES; i++) {
      int slot = (hash + i) & mask;
      if (path.equals(path(slot))) {
        return slot;
      }
      if (own[slot] == null) {
        return -1;
      }
    }
    return -1;
  }

  /** Gives the block of a slot back, if it has any. */
  private void free(int slot, long nowNanos) {
    Own mine = own(slot);
    if (mine.path == null) {
      return;
    }
    mine.path = null;
    if (isListing(at(slot))) {
      blocks.rest(mine.unit, mine.size, nowNanos);
    } else {
      blocks.giveBack(mine.unit, mine.size);
    }
  }

  static int hash(byte[] name) {
    CRC32 crc = new CRC32();
    crc.update(name);
    return (int) crc.getValue();
  }
}
