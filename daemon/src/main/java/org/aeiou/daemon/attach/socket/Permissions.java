package org.aeiou.daemon.attach.socket;

import java.util.stream.IntStream;

/** Owner, group and permission bits of a file. */
public record Permissions(int uid, int gid, int mode) {
  private static final int READ = 4;

  /** Whether these let a user read, by the rules for files: owner, else group, else others. */
  public boolean mayRead(int user, IntStream groups) {
    int bits = user == uid ? mode >> 6 : groups.anyMatch(group -> group == gid) ? mode >> 3 : mode;
    return (bits & READ) != 0;
  }
}
