package org.aeiou.closures.shared;

/**
 * The answer to a hello; and once more, with an errno, what the daemon says before it ends a
 * connection. With the answer come, in this order, the descriptors of the submissions, of the
 * completions, of the value table, and of the bell (the reading end of a pipe).
 *
 * <pre>
 *    0 +---------------------------------------------------------------+
 *      | magic                                                         |
 *    8 +-------------------------------+-------------------------------+
 *      | minor version                 | major version                 |
 *   16 +-------------------------------+-------------------------------+
 *      | epoch: another one for each start of the daemon               |
 *   24 +---------------------------------------------------------------+
 *      | number of the connection                                      |
 *   32 +-------------------------------+-------------------------------+
 *      | 0, or why not: an errno       | entries of the rings          |
 *   40 +-------------------------------+-------------------------------+
 *      | pages                         | bytes of a page               |
 *   48 +-------------------------------+-------------------------------+
 *      | bytes of an outcome           | bytes of the arena            |
 *   56 +-------------------------------+-------------------------------+
 *      | where pages begin             | where outcomes begin          |
 *   64 +-------------------------------+-------------------------------+
 *      | where the arena begins        | length of the sentence        |
 *   72 +-------------------------------+-------------------------------+
 *      | a sentence about why not                                      |
 *  256 +---------------------------------------------------------------+
 * </pre>
 */
public final class WelcomeDescriptor {
  public static final long MAGIC = FileDescriptor.magic("aeiouWEL");
  public static final int VERSION = 8;
  public static final int EPOCH = 16;
  public static final int CONNECTION = 24;
  public static final int ERROR = 32;
  public static final int ENTRIES = 36;
  public static final int PAGES = 40;
  public static final int PAGE_BYTES = 44;
  public static final int OUTCOME_BYTES = 48;
  public static final int ARENA_BYTES = 52;
  public static final int PAGES_AT = 56;
  public static final int OUTCOMES_AT = 60;
  public static final int ARENA_AT = 64;
  public static final int SENTENCE_LENGTH = 68;
  public static final int SENTENCE = 72;
  public static final int BYTES = 256;

  private WelcomeDescriptor() {}
}
