package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * The kernel gives look-ups back. There is no reply.
 *
 * <pre>
 * fuse_forget_in                              fuse_batch_forget_in
 *      0               4                          0               4
 *     +-------------------------------+          +---------------+---------------+
 *   0 | look-ups                      |        0 | count         | unused        |
 *     +-------------------------------+          +---------------+---------------+
 *   8                                            followed by count × fuse_forget_one:
 *                                                +-------------------------------+
 *  the node id is the header's                 0 | node id                       |
 *                                                +-------------------------------+
 *                                              8 | look-ups                      |
 *                                                +-------------------------------+
 *                                             16
 * </pre>
 */
public final class ForgetDescriptor {
  static final int FORGET_LENGTH = 8;
  public static final int BATCH_LENGTH = 8;
  public static final int ONE_LENGTH = 16;

  private static final int ONE_LOOKUPS = 8;

  private ForgetDescriptor() {}

  public static long lookups(ByteBuffer in, int at) {
    return in.getLong(at);
  }

  public static int count(ByteBuffer in, int at) {
    return in.getInt(at);
  }

  public static long oneNodeId(ByteBuffer in, int at) {
    return in.getLong(at);
  }

  public static long oneLookups(ByteBuffer in, int at) {
    return in.getLong(at + ONE_LOOKUPS);
  }
}
