package org.aeiou.closures.shared;

/**
 * What the daemon writes for one client, which can only read it.
 *
 * <pre>
 *    0 | the beginning of every file, see {@link FileDescriptor}
 *   64 | completion tail: how many completions there were
 *  192 | submission head: how many submissions the daemon has taken
 *  320 | asleep: not 0 if the daemon wants a byte on the socket for the next submission
 *  448 | counters: accepted, completed, refused, bells
 * 4096 | the ring, 16 bytes each
 *  ... | the outcomes, one for each page, at a multiple of 4096
 *  ... | the arena, for what is longer than an outcome has room for
 *
 * A completion.
 *
 *    0 +-------------------------------+---------------+---------------+
 *      | page                          | kind          | flags         |
 *    8 +-------------------------------+---------------+---------------+
 *      | cookie                                                        |
 *   16 +---------------------------------------------------------------+
 *
 * An outcome.
 *
 *    0 +---------------------------------------------------------------+
 *      | number of the request; written last; 0 while it is written    |
 *    8 +-------------------------------+-------------------------------+
 *      | kind          | flags         | reason, or cancel answer      |
 *   16 +---------------+---------------+-------------------------------+
 *      | taken: milliseconds since the epoch of time                   |
 *   24 +---------------------------------------------------------------+
 *      | changed: the same                                             |
 *   32 +---------------------------------------------------------------+
 *      | fresh until: nanoseconds of CLOCK_MONOTONIC                   |
 *   40 +---------------------------------------------------------------+
 *      | usable until                                                  |
 *   48 +-------------------------------+-------------------------------+
 *      | length of the value           | unit of the arena, plus 1; or |
 *      |                               | 0 if it follows here          |
 *   56 +-------------------------------+-------------------------------+
 *      | how often it was written, for a watch                         |
 *   64 +---------------------------------------------------------------+
 *      | the value, or for a failure a sentence about it               |
 *      +---------------------------------------------------------------+
 * </pre>
 */
public final class CompletionDescriptor {
  static final long MAGIC = FileDescriptor.magic("aeiouCPL");

  public static final int TAIL = 64;
  public static final int SUBMISSION_HEAD = 192;
  public static final int ASLEEP = 320;
  public static final int ACCEPTED = 448;
  public static final int COMPLETED = 456;
  public static final int REFUSED = 464;
  public static final int BELLS = 472;
  public static final int RING = 4096;

  public static final int ENTRY_BYTES = 16;
  static final int FLAGS = 6;

  public static final int NUMBER = 0;
  public static final int KIND = 8;
  public static final int OUTCOME_FLAGS = 10;
  public static final int REASON = 12;
  public static final int TAKEN = 16;
  public static final int CHANGED = 24;
  public static final int FRESH_UNTIL = 32;
  public static final int USABLE_UNTIL = 40;
  public static final int LENGTH = 48;
  public static final int UNIT = 52;
  public static final int TIMES = 56;
  public static final int VALUE = 64;

  /**
   * A flag of a completion, and of an outcome: the request goes on, and more will come. A client
   * that takes a completion with it and finds an outcome without leaves that to the completion that
   * follows.
   */
  public static final int MORE = 1;

  public static final int UNIT_BYTES = 64;

  private CompletionDescriptor() {}
}
