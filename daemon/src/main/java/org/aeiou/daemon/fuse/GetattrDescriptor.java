package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * The question for attributes.
 *
 * <pre>
 * fuse_getattr_in
 *      0               4
 *     +---------------+---------------+
 *   0 | flags         | unused        |
 *     +---------------+---------------+
 *   8 | file handle                   |
 *     +-------------------------------+
 *  16
 * </pre>
 */
public final class GetattrDescriptor {
  static final int LENGTH = 16;

  /** Asked for an open file. Linux does so before a read of a regular file, and only then. */
  public static final int HAS_HANDLE = 1;

  private GetattrDescriptor() {}

  public static int flags(ByteBuffer in, int at) {
    return in.getInt(at);
  }
}
