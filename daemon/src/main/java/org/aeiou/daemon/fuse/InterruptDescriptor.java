package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * The requester was sent a signal.
 *
 * <pre>
 * fuse_interrupt_in
 *      0
 *     +-------------------------------+
 *   0 | unique of the request meant   |
 *     +-------------------------------+
 *   8
 * </pre>
 */
public final class InterruptDescriptor {
  static final int LENGTH = 8;

  private InterruptDescriptor() {}

  public static long unique(ByteBuffer in, int at) {
    return in.getLong(at);
  }
}
