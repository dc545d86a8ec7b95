package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * OPEN and OPENDIR, for kernels that insist on them.
 *
 * <pre>
 * fuse_open_in                                fuse_open_out
 *      0               4                          0               4
 *     +---------------+---------------+          +-------------------------------+
 *   0 | flags         | open flags    |        0 | file handle                   |
 *     +---------------+---------------+          +---------------+---------------+
 *   8                                          8 | open flags    | unused        |
 *                                                +---------------+---------------+
 *                                             16
 * </pre>
 */
public final class OpenDescriptor {
  static final int IN_LENGTH = 8;
  public static final int OUT_LENGTH = 16;

  /** Pages that the kernel has stay; what changed is dropped through the attributes. */
  public static final int KEEP_CACHE = 1 << 1;

  private OpenDescriptor() {}

  public static void put(ByteBuffer out, int at, long handle, int openFlags) {
    out.putLong(at, handle);
    out.putInt(at + 8, openFlags);
    out.putInt(at + 12, 0);
  }
}
