package org.aeiou.daemon.fuse;

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
public final class ReadDescriptor {
  static final int LENGTH = 40;

  private static final int OFFSET = 8;
  private static final int SIZE = 16;
  private static final int FLAGS = 32;

  /**
   * {@code O_DIRECT} as on x86 and as on ARM. On the other of the two each is {@code O_DIRECTORY},
   * which no file is read with.
   */
  private static final int DIRECT = 040000 | 0200000;

  private ReadDescriptor() {}

  public static long offset(ByteBuffer in, int at) {
    return in.getLong(at + OFFSET);
  }

  /** The size asked for, at most {@code limit}. */
  public static int size(ByteBuffer in, int at, int limit) {
    return (int) Math.min(Integer.toUnsignedLong(in.getInt(at + SIZE)), limit);
  }

  /** Whether the reply goes to the program as it is, and not into the kernel's pages. */
  public static boolean isDirect(ByteBuffer in, int at) {
    return (in.getInt(at + FLAGS) & DIRECT) != 0;
  }
}
