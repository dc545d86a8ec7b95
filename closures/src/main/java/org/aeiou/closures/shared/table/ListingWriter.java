package org.aeiou.closures.shared.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Writes a listing, a name after the other; see {@link ListingDescriptor}. For one thread. */
public final class ListingWriter {
  private static final int FEW = 32;

  private final byte[] directory;
  private final int mode;
  private final long takenMillis;
  private final long changedMillis;
  private final ByteArrayOutputStream names = new ByteArrayOutputStream();
  private final CRC32 crc = new CRC32();
  private int count;
  private int[] offsets = new int[FEW];
  private int[] hashes = new int[FEW];
  private byte[] kinds = new byte[FEW];

  /**
   * With no names yet.
   *
   * @param directory its path
   * @param mode that of the files in it; as the times, what stat shows of one of which nothing was
   *     read
   */
  public ListingWriter(String directory, int mode, long takenMillis, long changedMillis) {
    this.directory = (directory.isEmpty() ? "" : directory + "/").getBytes(UTF_8);
    this.mode = mode;
    this.takenMillis = takenMillis;
    this.changedMillis = changedMillis;
  }

  /**
   * The next name.
   *
   * @param kind {@link ListingDescriptor#DIRECTORY}, {@link ListingDescriptor#UNREAD}, or 0
   */
  public void add(String name, int kind) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * count);
      hashes = Arrays.copyOf(hashes, 2 * count);
      kinds = Arrays.copyOf(kinds, 2 * count);
    }
    byte[] bytes = name.getBytes(UTF_8);
    crc.reset();
    crc.update(directory);
    crc.update(bytes);
    offsets[count] = names.size();
    hashes[count] = (int) crc.getValue();
    kinds[count++] = (byte) kind;
    names.writeBytes(bytes);
    names.write(0);
  }

  /** Makes a file of a value one of which something was read. */
  public static void read(byte[] value, int number) {
    ByteBuffer words = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    int kinds =
        ListingDescriptor.kinds(
            words.getInt(ListingDescriptor.NAMES), words.getInt(ListingDescriptor.BUCKETS));
    value[kinds + number] &= ~ListingDescriptor.UNREAD;
  }

  /** How long the value will be. */
  public long bytes() {
    return (long) ListingDescriptor.text(count, ListingDescriptor.bucketsFor(count)) + names.size();
  }

  /** The value, once all names are there. */
  public byte[] value() {
    int buckets = ListingDescriptor.bucketsFor(count);
    ByteBuffer value =
        ByteBuffer.allocate((int) bytes())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(ListingDescriptor.NAMES, count)
            .putInt(ListingDescriptor.BUCKETS, buckets)
            .putInt(ListingDescriptor.NAME_BYTES, names.size())
            .putInt(ListingDescriptor.MODE, mode)
            .putLong(ListingDescriptor.TAKEN, takenMillis)
            .putLong(ListingDescriptor.CHANGED, changedMillis);
    int first = ListingDescriptor.buckets(count);
    for (int i = 0; i < count; i++) {
      value.putInt(ListingDescriptor.OFFSETS + i * Integer.BYTES, offsets[i]);
      int bucket = hashes[i] & (buckets - 1);
      while (value.getInt(first + bucket * Integer.BYTES) != 0) {
        bucket = (bucket + 1) & (buckets - 1);
      }
      value.putInt(first + bucket * Integer.BYTES, i + 1);
    }
    return value
        .position(ListingDescriptor.kinds(count, buckets))
        .put(kinds, 0, count)
        .put(names.toByteArray())
        .array();
  }
}
