package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * WRITE.
 *
 * <pre>
 * fuse_write_in, then what is written         fuse_write_out
 *      0               4                          0               4
 *     +---------------+---------------+          +---------------+---------------+
 *   0 | file handle                   |        0 | size taken    | unused        |
 *     +-------------------------------+          +---------------+---------------+
 *   8 | offset                        |        8
 *     +---------------+---------------+
 *  16 | size          | write flags   |
 *     +---------------+---------------+
 *  24 | lock owner                    |
 *     +---------------+---------------+
 *  32 | flags of open | unused        |
 *     +---------------+---------------+
 *  40   what is written
 * </pre>
 */
public final class WriteDescriptor {
  public static final int IN_LENGTH = 40;
  public static final int OUT_LENGTH = 8;

  /** The most that one request holds; a longer write comes in several. */
  public static final int MOST = 32 * 1024;

  /** In the write flags: a page that was written through a memory mapping, some time later. */
  private static final int FROM_PAGES = 1;

  /** {@code O_APPEND}, as on every machine this runs on. */
  private static final int APPEND = 02000;

  private static final int OFFSET = 8;
  private static final int SIZE = 16;
  private static final int WRITE_FLAGS = 20;
  private static final int OPEN_FLAGS = 32;

  private WriteDescriptor() {}

  public static long offset(ByteBuffer in, int at) {
    return in.getLong(at + OFFSET);
  }

  /** How long what is written is; -1 if it is not what there is of it. */
  public static int size(ByteBuffer in, int at) {
    int size = in.getInt(at + SIZE);
    return size == in.limit() - at - IN_LENGTH ? size : -1;
  }

  /** Whether no program waits for it: a page of a memory mapping is written back. */
  public static boolean isFromPages(ByteBuffer in, int at) {
    return (in.getInt(at + WRITE_FLAGS) & FROM_PAGES) != 0;
  }

  /** Whether the program opened the file to write at its end. */
  public static boolean appends(ByteBuffer in, int at) {
    return (in.getInt(at + OPEN_FLAGS) & APPEND) != 0;
  }

  /** What is written. */
  public static byte[] bytes(ByteBuffer in, int at, int size) {
    byte[] bytes = new byte[size];
    in.get(at + IN_LENGTH, bytes);
    return bytes;
  }

  public static void putTaken(ByteBuffer out, int at, int size) {
    out.putInt(at, size);
    out.putInt(at + 4, 0);
  }
}
