package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * How large the file system is.
 *
 * <pre>
 * fuse_statfs_out
 *      0               4
 *     +-------------------------------+
 *   0 | blocks                        |
 *     +-------------------------------+
 *   8 | blocks free                   |
 *     +-------------------------------+
 *  16 | blocks available              |
 *     +-------------------------------+
 *  24 | files                         |
 *     +-------------------------------+
 *  32 | files free                    |
 *     +---------------+---------------+
 *  40 | block size    | name length   |
 *     +---------------+---------------+
 *  48 | fragment size | padding       |
 *     +---------------+---------------+
 *  56 | spare[6]                      |
 *     +-------------------------------+
 *  80
 * </pre>
 */
public final class StatfsDescriptor {
  public static final int OUT_LENGTH = 80;

  /** What the fields are counted in that are not 0. */
  static final int BLOCK_SIZE = 512;

  private StatfsDescriptor() {}

  /**
   * As in sysfs there are no blocks, so that {@code df} leaves it out, and no warning calls it
   * full.
   */
  public static void put(ByteBuffer out, int at, long files, int longestName) {
    out.putLong(at, 0);
    out.putLong(at + 8, 0);
    out.putLong(at + 16, 0);
    out.putLong(at + 24, files);
    out.putLong(at + 32, 0);
    out.putInt(at + 40, BLOCK_SIZE);
    out.putInt(at + 44, longestName);
    out.putInt(at + 48, BLOCK_SIZE);
    for (int i = at + 52; i < at + OUT_LENGTH; i += Integer.BYTES) {
      out.putInt(i, 0);
    }
  }
}
