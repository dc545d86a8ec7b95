package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * SETATTR; the reply is that of GETATTR.
 *
 * <pre>
 * fuse_setattr_in
 *      0               4
 *     +---------------+---------------+
 *   0 | which (FATTR) | unused        |
 *     +---------------+---------------+
 *   8 | file handle                   |
 *     +-------------------------------+
 *  16 | size                          |
 *     +-------------------------------+
 *  24 | lock owner                    |
 *     +-------------------------------+
 *  32 | atime, mtime, ctime: s        |
 *     +---------------+---------------+
 *  56 | atime, mtime, ctime: ns       |
 *     +---------------+---------------+
 *  68 | mode          | unused        |
 *     +---------------+---------------+
 *  76 | uid           | gid           |
 *     +---------------+---------------+
 *  84 | unused        |
 *     +---------------+
 *  88
 * </pre>
 */
public final class SetattrDescriptor {
  static final int LENGTH = 88;

  private static final int SIZE_SET = 1 << 3;

  /** What comes with a size and asks for nothing more: FH, LOCKOWNER, and times of that moment. */
  private static final int BESIDE_SIZE = 1 << 5 | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11;

  private static final int SIZE = 16;

  private SetattrDescriptor() {}

  /** Whether a size is to be set, and nothing else. */
  public static boolean setsSizeOnly(ByteBuffer in, int at) {
    int which = in.getInt(at);
    return (which & SIZE_SET) != 0 && (which & ~(SIZE_SET | BESIDE_SIZE)) == 0;
  }

  public static long size(ByteBuffer in, int at) {
    return in.getLong(at + SIZE);
  }
}
