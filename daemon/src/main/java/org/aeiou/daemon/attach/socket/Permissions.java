package org.aeiou.daemon.attach.socket;

import java.util.stream.IntStream;

/** Owner, group and permission bits of a file. */
public record Permissions(int uid, int gid, int mode) {
  private static final int READ = 4;
  private static final int WRITE = 2;

  /** Whether these let a user read, by the rules for files: owner, else group, else others. */
  public boolean mayRead(int user, IntStream groups) {
    return (bits(user, groups) & READ) != 0;
  }

  /** Whether these let a user write, by the same rules; root always may. */
  public boolean mayWrite(int user, IntStream groups) {
    return user == 0 || (bits(user, groups) & WRITE) != 0;
  }

  private int bits(int user, IntStream groups) {
    return user == uid ? mode >> 6 : groups.anyMatch(group -> group == gid) ? mode >> 3 : mode;
  }
}
