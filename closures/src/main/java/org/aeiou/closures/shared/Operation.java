package org.aeiou.closures.shared;

/** What a client may ask for, as numbers that processes agree on. */
public final class Operation {
  /** The value of an attribute. */
  public static final int READ = 1;

  /** What stat shows, as a {@link StatDescriptor}; fetches nothing. */
  public static final int STAT = 2;

  /** The names in a directory, each with a NUL behind it, directories with a slash before that. */
  public static final int LIST = 3;

  /** Writes attributes of one row or group, all of them or none; see {@link WriteDescriptor}. */
  public static final int WRITE = 4;

  /** The value of an attribute, and again whenever it changes, until cancelled. */
  public static final int WATCH = 5;

  /** Withdraws a request; answered cancelled, too late, or unknown. */
  public static final int CANCEL = 6;

  /** Withdraws all requests of a group; answered cancelled if there was one, else unknown. */
  public static final int CANCEL_GROUP = 7;

  /**
   * As a read, but its value is what is known of the attribute, the value first: names and values,
   * with a NUL behind each.
   */
  public static final int DESCRIBE = 8;

  /**
   * The attributes of a directory, or some columns of all rows of a table, each with an outcome of
   * its own; its value is a {@link GroupDescriptor}.
   */
  public static final int READ_GROUP = 9;

  /**
   * A flag: only what is cached; nothing is asked of the network, not even to refresh what is
   * stale. A watch with it is told of what others read.
   */
  public static final int HIT_ONLY = 1;

  /** A flag: fetched now, whatever is cached. */
  public static final int FORCE_MISS = 2;

  /**
   * A flag: the client does not wait for the outcome; it is written, and no completion is posted.
   */
  public static final int NO_COMPLETION = 4;

  /** A flag: the page that this one names as its next is the next step of a chain. */
  public static final int CHAINED = 8;

  /** A flag: the chain ends behind this step if it has no reading. */
  public static final int STOP_ON_ERROR = 16;

  /** A flag: the chain ends behind this step if its value is another number than 0, or none. */
  public static final int STOP_ON_NONZERO = 32;

  /** A flag: the chain ends behind this step if its value is 0. */
  public static final int STOP_ON_ZERO = 64;

  /**
   * A flag of a read in a chain: once for each name in the listing before it, which takes the place
   * of {@code {}} in the path. Its value is each name and its value, with a NUL behind either.
   */
  public static final int EACH = 128;

  /**
   * A flag: it goes behind everything that is interactive, of all users, as reading ahead and
   * refreshing do.
   */
  public static final int BACKGROUND = 256;

  /**
   * A flag beside {@link #EACH}: its value is a {@link GroupDescriptor} of one column without a
   * name, so that each name has an outcome of its own.
   */
  public static final int EACH_AS_GROUP = 512;

  /** A flag: the chain ends behind this step if the system does not have it. */
  public static final int STOP_ON_ABSENT = 1024;

  /** A flag: the chain ends behind this step if it has a reading. */
  public static final int STOP_ON_READING = 2048;

  /**
   * A flag: where a condition to stop holds, the chain goes on, but without the next step; the one
   * after that gets the value that the next one would have had.
   */
  public static final int SKIP = 4096;

  /** All conditions to stop. */
  public static final int CONDITIONS =
      STOP_ON_ERROR | STOP_ON_NONZERO | STOP_ON_ZERO | STOP_ON_ABSENT | STOP_ON_READING;

  /** All flags there are: a request with another one is refused. */
  public static final int FLAGS = 8191;

  /** How many steps a chain may have. */
  public static final int MOST_STEPS = 16;

  private Operation() {}
}
