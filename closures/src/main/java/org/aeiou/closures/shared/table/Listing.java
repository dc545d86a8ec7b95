package org.aeiou.closures.shared.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.aeiou.closures.shared.Memory;

/**
 * A listing where it was published; see {@link ListingDescriptor}. What is found here is so as long
 * as the sequence of the slot is the same. It is only read within the {@link Blocks#REST_NANOS}
 * after that changed, or its numbers may be anything; what would be outside of it throws {@link
 * IndexOutOfBoundsException}.
 */
public final class Listing {
  private final Memory memory;
  private final int at;
  private final int directoryLength;
  private final int names;
  private final int buckets;
  private final int kindsAt;
  private final int textAt;

  private Listing(Memory memory, int at, int directoryLength, int names, int buckets) {
    this.memory = memory;
    this.at = at;
    this.directoryLength = directoryLength;
    this.names = names;
    this.buckets = buckets;
    kindsAt = at + ListingDescriptor.kinds(names, buckets);
    textAt = at + ListingDescriptor.text(names, buckets);
  }

  /**
   * A listing at an offset of the memory.
   *
   * @param length of all of it
   * @param directoryLength of the directory's path, in bytes
   * @return null if there is none of that length, as it may seem while it is written
   */
  static Listing of(Memory memory, int at, int length, int directoryLength) {
    if (length < ListingDescriptor.OFFSETS) {
      return null;
    }
    int names = memory.getInt(at + ListingDescriptor.NAMES);
    int buckets = memory.getInt(at + ListingDescriptor.BUCKETS);
    int most = length / Integer.BYTES;
    if (names < 0 || buckets <= names || buckets > most || Integer.bitCount(buckets) != 1) {
      return null;
    }
    int named = memory.getInt(at + ListingDescriptor.NAME_BYTES);
    return ListingDescriptor.text(names, buckets) + named == length
        ? new Listing(memory, at, directoryLength, names, buckets)
        : null;
  }

  /** How many names there are. */
  public int size() {
    return names;
  }

  /** The mode of the files in it. */
  public int mode() {
    return memory.getInt(at + ListingDescriptor.MODE);
  }

  /** When a file of which nothing was read was taken, as stat shows it. */
  public long takenMillis() {
    return memory.get(at + ListingDescriptor.TAKEN);
  }

  /** When such a file has changed. */
  public long changedMillis() {
    return memory.get(at + ListingDescriptor.CHANGED);
  }

  /** A name, by its number. */
  public String name(int number) {
    int from = offset(number);
    byte[] name = new byte[end(number) - from];
    memory.getBytes(textAt + from, name, 0, name.length);
    return new String(name, UTF_8);
  }

  public boolean isDirectory(int number) {
    return (memory.getByte(kindsAt + number) & ListingDescriptor.DIRECTORY) != 0;
  }

  /** Whether nothing was read of a file. Changes while the listing is published. */
  public boolean isUnread(int number) {
    return (memory.getByte(kindsAt + number) & ListingDescriptor.UNREAD) != 0;
  }

  /** Something was read of a file. By the writer of the table only. */
  void read(int number) {
    int kind = memory.getByte(kindsAt + number) & ~ListingDescriptor.UNREAD;
    memory.setByte(kindsAt + number, kind);
  }

  /** The number of the name that a path, of the directory and the name, ends in; -1 if none. */
  public int find(String path) {
    byte[] bytes = path.getBytes(UTF_8);
    return find(bytes, ValueTable.hash(bytes));
  }

  int find(byte[] path, int hash) {
    int skipped = directoryLength == 0 ? 0 : directoryLength + 1;
    int bucketsAt = at + ListingDescriptor.buckets(names);
    for (int i = 0; i < buckets; i++) {
      int bucket = (hash + i) & (buckets - 1);
      int number = memory.getInt(bucketsAt + bucket * Integer.BYTES) - 1;
      if (number < 0) {
        return -1;
      }
      int from = offset(number);
      if (end(number) - from == path.length - skipped
          && memory.isSame(textAt + from, path, skipped)) {
        return number;
      }
    }
    return -1;
  }

  /** The value that a request for the names has: a NUL behind each, a slash behind directories. */
  public byte[] text() {
    int directories = 0;
    for (int i = 0; i < names; i++) {
      directories += isDirectory(i) ? 1 : 0;
    }
    byte[] text = new byte[memory.getInt(at + ListingDescriptor.NAME_BYTES) + directories];
    int to = 0;
    for (int i = 0; i < names; i++) {
      int from = offset(i);
      int length = end(i) - from;
      memory.getBytes(textAt + from, text, to, length);
      to += length;
      if (isDirectory(i)) {
        text[to++] = '/';
      }
      text[to++] = 0;
    }
    return text;
  }

  private int offset(int number) {
    return memory.getInt(at + ListingDescriptor.OFFSETS + number * Integer.BYTES);
  }

  /** Where the NUL behind a name is. */
  private int end(int number) {
    int next =
        number + 1 < names ? offset(number + 1) : memory.getInt(at + ListingDescriptor.NAME_BYTES);
    return next - 1;
  }
}
