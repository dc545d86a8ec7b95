package org.aeiou.closures.shared;

/**
 * What a client writes: its requests. The daemon reads each word once.
 *
 * <pre>
 *    0 | the beginning of every file, see {@link FileDescriptor}
 *   64 | submission tail: how many submissions there were
 *  192 | completion head: how many completions the client has taken
 *  320 | wake at: the client wants its bell rung for the completion of this number (from 0)
 *  448 | done: how many completions the client needs nothing of any more; what they have in the
 *      | arena may be written over
 * 4096 | the ring: u32 numbers of pages
 *  ... | the pages, at a multiple of 4096
 * </pre>
 *
 * A page. What is behind the path is the requester's own, its context; the daemon leaves it alone.
 *
 * <pre>
 *    0 +-------------------------------+-------------------------------+
 *      | operation                     | flags                         |
 *    8 +-------------------------------+-------------------------------+
 *      | cookie: comes back with the completion; not 0                 |
 *   16 +---------------------------------------------------------------+
 *      | number of the request: not 0, another one each time           |
 *   24 +---------------------------------------------------------------+
 *      | target: of a cancel, the number of the request or group;      |
 * | of any other but a watch its deadline, CLOCK_MONOTONIC, or 0  |
 *   32 +---------------------------------------------------------------+
 *      | number of the group the request belongs to; 0 for none        |
 *   40 +---------------+---------------+-------------------------------+
 *      | path length   | nothing       | next page of a chain, plus 1  |
 *   48 +---------------+---------------+-------------------------------+
 *      | nothing                                                       |
 *   64 +---------------------------------------------------------------+
 *      | the path in UTF-8, or what WriteDescriptor draws; context      |
 *      +---------------------------------------------------------------+
 * </pre>
 */
public final class SubmissionDescriptor {
  static final long MAGIC = FileDescriptor.magic("aeiouSUB");

  public static final int TAIL = 64;
  public static final int COMPLETION_HEAD = 192;
  public static final int WAKE_AT = 320;
  public static final int DONE = 448;
  public static final int RING = 4096;

  public static final int OPERATION = 0;
  public static final int FLAGS = 4;
  public static final int COOKIE = 8;
  public static final int NUMBER = 16;
  public static final int TARGET = 24;
  public static final int GROUP = 32;
  public static final int PATH_LENGTH = 40;
  public static final int NEXT = 44;
  public static final int PATH = 64;

  /** The longest path, in bytes, if a page has room for it. */
  public static final int LONGEST_PATH = 1024;

  private SubmissionDescriptor() {}
}
