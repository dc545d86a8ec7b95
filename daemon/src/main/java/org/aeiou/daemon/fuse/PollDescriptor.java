package org.aeiou.daemon.fuse;

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
public final class PollDescriptor {
  static final int IN_LENGTH = 24;
  public static final int OUT_LENGTH = 8;

  /** POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM: what a regular file always is. */
  public static final int ALWAYS_READY = 0x1 | 0x4 | 0x40 | 0x100;

  /** POLLPRI, POLLERR: what sysfs reports of an attribute that changed. */
  public static final int CHANGED = 0x2 | 0x8;

  private static final int KERNEL_HANDLE = 8;
  private static final int FLAGS = 16;
  private static final int EVENTS = 20;

  /** FUSE_POLL_SCHEDULE_NOTIFY. */
  private static final int SCHEDULE_NOTIFY = 1;

  private PollDescriptor() {}

  /** The kernel's number for the open file. */
  public static long kernelHandle(ByteBuffer in, int at) {
    return in.getLong(at + KERNEL_HANDLE);
  }

  /** Whether a program is about to wait, and is to be woken by a notification. */
  public static boolean wantsWaking(ByteBuffer in, int at) {
    return (in.getInt(at + FLAGS) & SCHEDULE_NOTIFY) != 0;
  }

  public static int events(ByteBuffer in, int at) {
    return in.getInt(at + EVENTS);
  }

  public static void putReady(ByteBuffer out, int at, int events) {
    out.putInt(at, events);
    out.putInt(at + 4, 0);
  }
}
