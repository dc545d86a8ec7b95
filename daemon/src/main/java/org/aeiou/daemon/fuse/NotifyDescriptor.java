package org.aeiou.daemon.fuse;

import java.nio.ByteBuffer;

/**
 * What the daemon tells the kernel without being asked: a fuse_out_header with unique 0 and the
 * code in place of the error, then one of these.
 *
 * <pre>
 * notify_poll_wakeup_out (POLL 1)             notify_inval_inode_out (INVAL_INODE 2)
 *     +-------------------------------+          +-------------------------------+
 *   0 | kernel handle                 |        0 | node id                       |
 *     +-------------------------------+          +-------------------------------+
 *   8                                          8 | offset (&lt; 0: attributes only) |
 *                                                +-------------------------------+
 *                                             16 | length (&lt;= 0: to the end)     |
 *                                                +-------------------------------+
 *                                             24
 *
 * notify_inval_entry_out (INVAL_ENTRY 3)      notify_store_out (STORE 4)
 *      0               4                          0               4
 *     +-------------------------------+          +-------------------------------+
 *   0 | parent's node id              |        0 | node id                       |
 *     +---------------+---------------+          +-------------------------------+
 *   8 | name length   | flags         |        8 | offset                        |
 *     +---------------+---------------+          +---------------+---------------+
 *  16   name, and a NUL beyond its length     16 | size          | unused        |
 *                                                +---------------+---------------+
 *                                             24   contents
 * </pre>
 */
public final class NotifyDescriptor {
  public static final int POLL = 1;
  public static final int INVAL_INODE = 2;
  public static final int INVAL_ENTRY = 3;
  static final int STORE = 4;

  public static final int POLL_LENGTH = 8;
  public static final int INVAL_INODE_LENGTH = 24;
  static final int INVAL_ENTRY_LENGTH = 16;
  static final int STORE_LENGTH = 24;

  /** An offset that leaves the pages alone, and so waits for no lock of theirs. */
  public static final long ATTRIBUTES_ONLY = -1;

  private NotifyDescriptor() {}

  public static void putPoll(ByteBuffer out, int at, long kernelHandle) {
    out.putLong(at, kernelHandle);
  }

  public static void putInvalInode(ByteBuffer out, int at, long nodeId, long offset, long length) {
    out.putLong(at, nodeId);
    out.putLong(at + 8, offset);
    out.putLong(at + 16, length);
  }

  /** Returns how many bytes it wrote. */
  public static int putInvalEntry(ByteBuffer out, int at, long parentId, byte[] name) {
    out.putLong(at, parentId);
    out.putInt(at + 8, name.length);
    out.putInt(at + 12, 0);
    out.put(at + INVAL_ENTRY_LENGTH, name);
    out.put(at + INVAL_ENTRY_LENGTH + name.length, (byte) 0);
    return INVAL_ENTRY_LENGTH + name.length + 1;
  }

  /** Returns how many bytes it wrote. */
  public static int putStore(ByteBuffer out, int at, long nodeId, long offset, byte[] contents) {
    out.putLong(at, nodeId);
    out.putLong(at + 8, offset);
    out.putInt(at + 16, contents.length);
    out.putInt(at + 20, 0);
    out.put(at + STORE_LENGTH, contents);
    return STORE_LENGTH + contents.length;
  }
}
