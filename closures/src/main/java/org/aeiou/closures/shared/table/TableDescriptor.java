package org.aeiou.closures.shared.table;

import org.aeiou.closures.shared.FileDescriptor;
import org.aeiou.closures.shared.SubmissionDescriptor;

/**
 * The value table: the daemon writes it, every client reads it.
 *
 * <pre>
 *    0 | the beginning of every file, see {@link FileDescriptor}
 *   32 | u32 slots, a power of two       | u32 bytes of a slot: 64
 *   40 | u64 where the data begin
 *   48 | u64 bytes of data
 *   64 | u64 updates                       (counters, for the curious)
 *   72 | u64 values that found no place
 *   80 | u32 uid | u32 gid: of all files, as stat shows them
 * 4096 | slots
 *  ... | data, in units of 64 bytes: of each slot the path, then the value; between the two as many
 *      | bytes as it takes to bring a listing to a multiple of 8
 *
 * A slot. A reader reads the sequence before and after: odd or different means once more.
 *
 *    0 +---------------------------------------------------------------+
 *      | sequence: odd while it is written; 0 if it was never used;    |
 *      | never the same twice                                          |
 *    8 +-------------------------------+---------------+---------------+
 *      | CRC-32 of the path            | path length   | TableKind     |
 *   16 +-------------------------------+---------------+---------------+
 *      | fresh until: nanoseconds of CLOCK_MONOTONIC                   |
 *   24 +---------------------------------------------------------------+
 *      | usable until                                                  |
 *   32 +---------------------------------------------------------------+
 *      | taken: milliseconds since the epoch of time                   |
 *   40 +---------------------------------------------------------------+
 *      | changed: the same                                             |
 *   48 +-------------------------------+-------------------------------+
 *      | value length                  | unit of the data it begins at |
 *   56 +-------------------------------+-------------------------------+
 *      | mode                          | size; links of a directory    |
 *   64 +---------------------------------------------------------------+
 *
 * A path is looked for at the slot (CRC mod slots) and the 63 behind it, around the end to the
 * beginning, until it or a slot with sequence 0 is found. What is known of an attribute besides its
 * value is found at its path with a NUL behind it.
 * </pre>
 */
public final class TableDescriptor {
  static final long MAGIC = FileDescriptor.magic("aeiouTBL");

  static final int SLOTS = 32;
  static final int SLOT_BYTES_AT = 36;
  static final int DATA = 40;
  static final int DATA_BYTES = 48;
  static final int UPDATES = 64;
  static final int REFUSALS = 72;
  static final int UID = 80;
  static final int GID = 84;
  static final int FIRST_SLOT = 4096;

  static final int SLOT_BYTES = 64;
  static final int SEQUENCE = 0;
  static final int HASH = 8;
  static final int PATH_LENGTH = 12;
  static final int KIND = 14;
  static final int FRESH_UNTIL = 16;
  static final int USABLE_UNTIL = 24;
  static final int TAKEN = 32;
  static final int CHANGED = 40;
  static final int VALUE_LENGTH = 48;
  static final int UNIT = 52;
  static final int MODE = 56;
  static final int SIZE = 60;

  static final int UNIT_BYTES = 64;

  /** How many slots are looked at for a path. */
  static final int PROBES = 64;

  /** The longest value in the table; a longer one travels in the outcome of its request. */
  public static final int LONGEST_VALUE = 16 * 1024;

  /** The longest listing. */
  public static final int LONGEST_LISTING = 1 << 20;

  /** Behind the path of an attribute: what is known of it besides its value. */
  public static final String DESCRIPTION = "\0";

  /** The longest path. */
  public static final int LONGEST_PATH = SubmissionDescriptor.LONGEST_PATH;

  private TableDescriptor() {}

  /** How far behind the beginning of the path the value is. */
  static int valueAt(int kind, int pathLength) {
    return kind == TableKind.LISTING ? (pathLength + 7) & ~7 : pathLength;
  }

  /** How long a value of a kind may be. */
  static int longest(int kind) {
    return kind == TableKind.LISTING ? LONGEST_LISTING : LONGEST_VALUE;
  }
}
