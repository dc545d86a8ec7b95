package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;

/**
 * READ, READDIR and READDIRPLUS.
 *
 * <pre>
 * fuse_read_in
 *      0               4
 *     +---------------+---------------+
 *   0 | file handle                   |
 *     +-------------------------------+
 *   8 | offset, or cookie             |
 *     +---------------+---------------+
 *  16 | size          | read flags    |
 *     +---------------+---------------+
 *  24 | lock owner                    |
 *     +---------------+---------------+
 *  32 | flags         | unused        |
 *     +---------------+---------------+
 *  40
 * </pre>
 */
final class ReadDescriptor {
  static final int LENGTH = 40;

  private static final int OFFSET = 8;
  private static final int SIZE = 16;

  private ReadDescriptor() {}

  static long offset(ByteBuffer in, int at) {
    return in.getLong(at + OFFSET);
  }

  /** The size asked for, at most {@code limit}. */
  static int size(ByteBuffer in, int at, int limit) {
    return (int) Math.min(Integer.toUnsignedLong(in.getInt(at + SIZE)), limit);
  }
}
