package org.aeiou.daemon.fuse;

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
public final class XattrDescriptor {
  public static final int IN_LENGTH = 8;
  public static final int OUT_LENGTH = 8;

  private XattrDescriptor() {}

  /** The room there is for the value; 0 asks how much is needed. */
  public static int size(ByteBuffer in, int at, int limit) {
    return (int) Math.min(Integer.toUnsignedLong(in.getInt(at)), limit);
  }

  public static void putSize(ByteBuffer out, int at, int size) {
    out.putInt(at, size);
    out.putInt(at + 4, 0);
  }
}
