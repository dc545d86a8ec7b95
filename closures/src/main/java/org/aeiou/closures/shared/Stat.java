package org.aeiou.closures.shared;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What stat shows of a file; units as in {@link StatDescriptor}. */
public record Stat(
    long mode, long uid, long gid, long size, long takenMillis, long changedMillis, long links) {

  /** The stat that a reading's value is. */
  public static Stat of(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    return new Stat(
        bytes.getLong(StatDescriptor.MODE),
        bytes.getLong(StatDescriptor.UID),
        bytes.getLong(StatDescriptor.GID),
        bytes.getLong(StatDescriptor.SIZE),
        bytes.getLong(StatDescriptor.TAKEN),
        bytes.getLong(StatDescriptor.CHANGED),
        bytes.getLong(StatDescriptor.LINKS));
  }

  /** The same as a value. */
  public byte[] value() {
    return ByteBuffer.allocate(StatDescriptor.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(StatDescriptor.MODE, mode)
        .putLong(StatDescriptor.UID, uid)
        .putLong(StatDescriptor.GID, gid)
        .putLong(StatDescriptor.SIZE, size)
        .putLong(StatDescriptor.TAKEN, takenMillis)
        .putLong(StatDescriptor.CHANGED, changedMillis)
        .putLong(StatDescriptor.LINKS, links)
        .array();
  }
}
