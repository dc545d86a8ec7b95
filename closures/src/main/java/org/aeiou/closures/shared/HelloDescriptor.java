package org.aeiou.closures.shared;

/**
 * The first thing on the socket, from the client: what it speaks, and how much room it wants.
 *
 * <pre>
 *    0 +---------------------------------------------------------------+
 *      | magic                                                         |
 *    8 +-------------------------------+-------------------------------+
 *      | minor version                 | major version                 |
 *   16 +-------------------------------+-------------------------------+
 *      | pages                         | bytes of a page               |
 *   24 +-------------------------------+-------------------------------+
 *      | bytes of an outcome           | bytes of the arena            |
 *   32 +-------------------------------+-------------------------------+
 *      | nothing                                                       |
 *   64 +---------------------------------------------------------------+
 * </pre>
 */
public final class HelloDescriptor {
  public static final long MAGIC = FileDescriptor.magic("aeiouHEL");
  public static final int VERSION = 8;
  public static final int PAGES = 16;
  public static final int PAGE_BYTES = 20;
  public static final int OUTCOME_BYTES = 24;
  public static final int ARENA_BYTES = 28;
  public static final int BYTES = 64;

  private HelloDescriptor() {}
}
