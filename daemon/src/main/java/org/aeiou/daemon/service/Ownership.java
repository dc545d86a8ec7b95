package org.aeiou.daemon.service;

/**
 * The owner and mode of the files.
 *
 * @param uid the owner's number
 * @param gid the group's number
 * @param mode the permission bits of files, as in {@code 0444}; directories also get an execute bit
 *     where there is a read bit
 */
public record Ownership(int uid, int gid, int mode) {
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int READ_BITS = 0444;

  int fileMode() {
    return REGULAR | mode;
  }

  int directoryMode() {
    return DIRECTORY | mode | (mode & READ_BITS) >> 2;
  }
}
