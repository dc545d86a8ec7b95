package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * A name in a directory, as READDIR and READDIRPLUS return it.
 *
 * <pre>
 * fuse_dirent                                 fuse_direntplus
 *
 *      0               4                          0
 *     +---------------+---------------+          +-------------------------------+
 *   0 | ino (d_ino)                   |        0 | fuse_entry_out, 128 bytes     |
 *     +-------------------------------+          +-------------------------------+
 *   8 | off (d_off): cookie of the    |      128 | fuse_dirent …                 |
 *     | entry after this one          |
 *     +---------------+---------------+
 *  16 | name length   | type (d_type) |
 *     +---------------+---------------+
 *  24 | name, zero padded to 8 bytes …|
 * </pre>
 */
public final class DirentDescriptor {
  public static final int TYPE_DIRECTORY = 4;

  private static final int INO = 0;
  private static final int OFF = 8;
  private static final int NAME_LENGTH = 16;
  private static final int TYPE = 20;
  private static final int NAME = 24;

  private static final int TYPE_SHIFT = 12;
  private static final int TYPE_MASK = 15;

  private DirentDescriptor() {}

  /** How many bytes a fuse_dirent takes. */
  public static int length(int nameLength) {
    return (NAME + nameLength + Long.BYTES - 1) & -Long.BYTES;
  }

  /** The type as a directory entry says it, of a mode as stat says it. */
  public static int type(int mode) {
    return (mode >>> TYPE_SHIFT) & TYPE_MASK;
  }

  public static void put(ByteBuffer out, int at, long ino, long off, int type, byte[] name) {
    // First the padding, which the last bytes of the name then cover.
    out.putLong(at + length(name.length) - Long.BYTES, 0);
    out.putLong(at + INO, ino);
    out.putLong(at + OFF, off);
    out.putInt(at + NAME_LENGTH, name.length);
    out.putInt(at + TYPE, type);
    out.put(at + NAME, name);
  }

  public static void putType(ByteBuffer out, int at, int type) {
    out.putInt(at + TYPE, type);
  }

  public static int nameLength(ByteBuffer out, int at) {
    return out.getInt(at + NAME_LENGTH);
  }
}
