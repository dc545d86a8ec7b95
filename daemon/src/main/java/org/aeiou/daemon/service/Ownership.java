package org.aeiou.daemon.service;

/**
 * The owner and mode of the files.
 *
 * @param uid the owner's number
 * @param gid the group's number
 * @param mode the permission bits of files, as in {@code 0444}; directories also get an execute bit
 *     where there is a read bit, and files that can be written a write bit for owner and group
 */
public record Ownership(int uid, int gid, int mode) {
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int READ_BITS = 0444;

  /** Those of the owner and the group. */
  private static final int WRITERS_READ_BITS = 0440;

  /** A file that can be written is so by those of its owner and its group that may read it. */
  int fileMode(boolean writable) {
    return REGULAR | mode | (writable ? (mode & WRITERS_READ_BITS) >> 1 : 0);
  }

  /** The permission bits of a file that can be written. */
  public int writableMode() {
    return fileMode(true) & ~REGULAR;
  }

  int directoryMode() {
    return DIRECTORY | mode | (mode & READ_BITS) >> 2;
  }
}
