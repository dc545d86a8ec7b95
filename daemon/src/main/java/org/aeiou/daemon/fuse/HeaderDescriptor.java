package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * What every message begins with.
 *
 * <pre>
 * fuse_in_header, from the kernel            fuse_out_header, to the kernel
 *
 *      0               4                          0               4
 *     +---------------+---------------+          +---------------+---------------+
 *   0 | length        | opcode        |        0 | length        | -errno        |
 *     +---------------+---------------+          +---------------+---------------+
 *   8 | unique                        |        8 | unique                        |
 *     +---------------+---------------+          +---------------+---------------+
 *  16 | node id                       |       16   payload, only if errno is 0
 *     +---------------+---------------+
 *  24 | uid           | gid           |     unique 0 makes it a notification; then the field
 *     +---------------+-------+-------+     of the errno is the notification's code
 *  32 | pid           |extlen | pad   |
 *     +---------------+-------+-------+
 *  40   body
 * </pre>
 *
 * Lengths include the header. Everything is in the machine's own order, which is little-endian on
 * every machine this runs on.
 */
public final class HeaderDescriptor {
  public static final int IN_LENGTH = 40;
  public static final int OUT_LENGTH = 16;

  /** The longest payload, in bytes: what the kernel is told to ask for at most. */
  public static final int LONGEST_PAYLOAD = 128 * 1024;

  private static final int LENGTH = 0;
  private static final int OPCODE = 4;
  private static final int ERROR = 4;
  private static final int UNIQUE = 8;
  private static final int NODE_ID = 16;
  private static final int UID = 24;
  private static final int PID = 32;

  /** An in_header must be this long for its unique to be known, without which no answer can be. */
  public static final int UNIQUE_KNOWN = 16;

  private HeaderDescriptor() {}

  public static int length(ByteBuffer in) {
    return in.getInt(LENGTH);
  }

  public static int opcode(ByteBuffer in) {
    return in.getInt(OPCODE);
  }

  public static long unique(ByteBuffer in) {
    return in.getLong(UNIQUE);
  }

  public static long nodeId(ByteBuffer in) {
    return in.getLong(NODE_ID);
  }

  /** The number of the user that asks, as the mount's user namespace has it. */
  public static int uid(ByteBuffer in) {
    return in.getInt(UID);
  }

  /** The thread that asks, by the number the kernel has for it; 0 if that is the kernel itself. */
  public static int thread(ByteBuffer in) {
    return in.getInt(PID);
  }

  public static void putOut(ByteBuffer out, int length, int error, long unique) {
    out.putInt(LENGTH, length);
    out.putInt(ERROR, error);
    out.putLong(UNIQUE, unique);
  }

  static int error(ByteBuffer out) {
    return out.getInt(ERROR);
  }
}
