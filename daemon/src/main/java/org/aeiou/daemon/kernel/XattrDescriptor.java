package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;

/**
 * GETXATTR and LISTXATTR.
 *
 * <pre>
 * fuse_getxattr_in, GETXATTR: then the name   fuse_getxattr_out, only when size was 0
 *      0               4                          0               4
 *     +---------------+---------------+          +---------------+---------------+
 *   0 | size          | unused        |        0 | size needed   | unused        |
 *     +---------------+---------------+          +---------------+---------------+
 *   8                                          8
 * </pre>
 */
final class XattrDescriptor {
  static final int IN_LENGTH = 8;
  static final int OUT_LENGTH = 8;

  private XattrDescriptor() {}

  /** The room there is for the value; 0 asks how much is needed. */
  static int size(ByteBuffer in, int at, int limit) {
    return (int) Math.min(Integer.toUnsignedLong(in.getInt(at)), limit);
  }

  static void putSize(ByteBuffer out, int at, int size) {
    out.putInt(at, size);
    out.putInt(at + 4, 0);
  }
}
