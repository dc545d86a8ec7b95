package org.aeiou.daemon.kernel;

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
final class StatfsDescriptor {
  static final int OUT_LENGTH = 80;

  /** So that a few readings are not rounded up to nothing. */
  static final int BLOCK_SIZE = 512;

  private StatfsDescriptor() {}

  /** Nothing is free: nothing can be created here. */
  static void put(ByteBuffer out, int at, long files, long bytes, int longestName) {
    out.putLong(at, (bytes + BLOCK_SIZE - 1) / BLOCK_SIZE);
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
