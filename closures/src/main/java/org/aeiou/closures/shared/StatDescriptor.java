package org.aeiou.closures.shared;

/**
 * The value of a {@linkplain Operation#STAT stat}: what stat(2) shows of a file, without asking for
 * what is in it.
 *
 * <pre>
 *    0 +---------------------------------------------------------------+
 *      | mode: type and permissions, as in inode(7)                    |
 *    8 +---------------------------------------------------------------+
 *      | uid                                                           |
 *   16 +---------------------------------------------------------------+
 *      | gid                                                           |
 *   24 +---------------------------------------------------------------+
 *      | size in bytes; 4096 as long as it is not known                |
 *   32 +---------------------------------------------------------------+
 *      | taken: milliseconds since the epoch of time                   |
 *   40 +---------------------------------------------------------------+
 *      | changed: the same                                             |
 *   48 +---------------------------------------------------------------+
 *      | links                                                         |
 *   56 +---------------------------------------------------------------+
 *      | nothing                                                       |
 *   64 +---------------------------------------------------------------+
 * </pre>
 */
public final class StatDescriptor {
  public static final int MODE = 0;
  public static final int UID = 8;
  public static final int GID = 16;
  public static final int SIZE = 24;
  public static final int TAKEN = 32;
  public static final int CHANGED = 40;
  public static final int LINKS = 48;
  public static final int BYTES = 64;

  private StatDescriptor() {}
}
