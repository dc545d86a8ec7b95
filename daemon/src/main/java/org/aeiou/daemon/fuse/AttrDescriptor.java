package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * What the kernel is told of a node: its attributes, alone and with its name.
 *
 * <pre>
 * fuse_attr, 88 bytes                         fuse_attr_out, 104 bytes
 *
 *      0               4                          0               4
 *     +---------------+---------------+          +---------------+---------------+
 *   0 | ino (st_ino)                  |        0 | attr valid, s                 |
 *     +-------------------------------+          +---------------+---------------+
 *   8 | size                          |        8 | attr valid, ns| unused        |
 *     +-------------------------------+          +---------------+---------------+
 *  16 | blocks of 512 bytes           |       16 | fuse_attr …                   |
 *     +-------------------------------+
 *  24 | atime, s                      |
 *     +-------------------------------+       fuse_entry_out, 128 bytes
 *  32 | mtime, s                      |
 *     +-------------------------------+           0               4
 *  40 | ctime, s                      |          +---------------+---------------+
 *     +---------------+---------------+        0 | node id (0: there is none)    |
 *  48 | atime, ns     | mtime, ns     |          +-------------------------------+
 *     +---------------+---------------+        8 | generation                    |
 *  56 | ctime, ns     | mode          |          +-------------------------------+
 *     +---------------+---------------+       16 | entry valid, s                |
 *  64 | links         | uid           |          +-------------------------------+
 *     +---------------+---------------+       24 | attr valid, s                 |
 *  72 | gid           | rdev          |          +---------------+---------------+
 *     +---------------+---------------+       32 |entry valid, ns| attr valid, ns|
 *  80 | block size    | flags         |          +---------------+---------------+
 *     +---------------+---------------+       40 | fuse_attr …                   |
 *  88
 * </pre>
 */
public final class AttrDescriptor {
  static final int LENGTH = 88;

  public static final int ATTR_OUT_LENGTH = 104;
  public static final int ATTR_OUT_ATTR = 16;

  public static final int ENTRY_OUT_LENGTH = 128;
  public static final int ENTRY_OUT_ATTR = 40;

  private static final int BLOCK = 512;
  private static final int BLOCK_SIZE = 4096;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private AttrDescriptor() {}

  /**
   * Writes a fuse_attr.
   *
   * @param edition below a million: added to the nanoseconds of mtime and ctime
   */
  public static void putAttr(
      ByteBuffer out,
      int at,
      long ino,
      long size,
      int mode,
      int uid,
      int gid,
      int links,
      long accessedMillis,
      long changedMillis,
      int edition) {
    long changed = Math.floorDiv(changedMillis, MILLIS_PER_SECOND);
    int changedNanos = Math.floorMod(changedMillis, MILLIS_PER_SECOND) * NANOS_PER_MILLI + edition;
    out.putLong(at, ino);
    out.putLong(at + 8, size);
    out.putLong(at + 16, (size + BLOCK - 1) / BLOCK);
    out.putLong(at + 24, Math.floorDiv(accessedMillis, MILLIS_PER_SECOND));
    out.putLong(at + 32, changed);
    out.putLong(at + 40, changed);
    out.putInt(at + 48, Math.floorMod(accessedMillis, MILLIS_PER_SECOND) * NANOS_PER_MILLI);
    out.putInt(at + 52, changedNanos);
    out.putInt(at + 56, changedNanos);
    out.putInt(at + 60, mode);
    out.putInt(at + 64, links);
    out.putInt(at + 68, uid);
    out.putInt(at + 72, gid);
    out.putInt(at + 76, 0);
    out.putInt(at + 80, BLOCK_SIZE);
    out.putInt(at + 84, 0);
  }

  /** The mode of a fuse_attr. */
  public static int mode(ByteBuffer out, int at) {
    return out.getInt(at + 60);
  }

  /** Writes what stands before the fuse_attr of a fuse_attr_out. */
  public static void putAttrOut(ByteBuffer out, int at, long validNanos) {
    long valid = Math.max(0, validNanos);
    out.putLong(at, valid / NANOS_PER_SECOND);
    out.putInt(at + 8, (int) (valid % NANOS_PER_SECOND));
    out.putInt(at + 12, 0);
  }

  /** Writes what stands before the fuse_attr of a fuse_entry_out. */
  public static void putEntryOut(
      ByteBuffer out, int at, long nodeId, long entryValidNanos, long attrValidNanos) {
    long entryValid = Math.max(0, entryValidNanos);
    long attrValid = Math.max(0, attrValidNanos);
    out.putLong(at, nodeId);
    // Node ids are never used twice, so there is one generation.
    out.putLong(at + 8, 0);
    out.putLong(at + 16, entryValid / NANOS_PER_SECOND);
    out.putLong(at + 24, attrValid / NANOS_PER_SECOND);
    out.putInt(at + 32, (int) (entryValid % NANOS_PER_SECOND));
    out.putInt(at + 36, (int) (attrValid % NANOS_PER_SECOND));
  }

  /** Writes a fuse_entry_out that says that there is no such name. */
  public static void putNoEntry(ByteBuffer out, int at, long entryValidNanos) {
    for (int i = at; i < at + ENTRY_OUT_LENGTH; i += Long.BYTES) {
      out.putLong(i, 0);
    }
    putEntryOut(out, at, 0, entryValidNanos, 0);
  }

  /** The node id of a fuse_entry_out. */
  public static long entryNodeId(ByteBuffer out, int at) {
    return out.getLong(at);
  }
}
