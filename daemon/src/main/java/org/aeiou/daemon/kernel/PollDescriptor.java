package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;

/**
 * Whether a file can be read.
 *
 * <pre>
 * fuse_poll_in                                fuse_poll_out
 *      0               4                          0               4
 *     +-------------------------------+          +---------------+---------------+
 *   0 | file handle                   |        0 | events ready  | unused        |
 *     +-------------------------------+          +---------------+---------------+
 *   8 | kernel handle                 |        8
 *     +---------------+---------------+
 *  16 | flags         | events wanted |
 *     +---------------+---------------+
 *  24
 * </pre>
 */
final class PollDescriptor {
  static final int IN_LENGTH = 24;
  static final int OUT_LENGTH = 8;

  /** POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM: what a regular file always is. */
  static final int ALWAYS_READY = 0x1 | 0x4 | 0x40 | 0x100;

  private static final int EVENTS = 20;

  private PollDescriptor() {}

  static int events(ByteBuffer in, int at) {
    return in.getInt(at + EVENTS);
  }

  static void putReady(ByteBuffer out, int at, int events) {
    out.putInt(at, events);
    out.putInt(at + 4, 0);
  }
}
