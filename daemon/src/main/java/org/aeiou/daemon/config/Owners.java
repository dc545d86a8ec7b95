package org.aeiou.daemon.config;

import java.util.Objects;
import jnr.posix.Group;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/** Users and groups of this machine, by name or number. */
final class Owners {
  private Owners() {}

  /** The number of a user; root's without asking, as most configurations want it. */
  static int user(String text) {
    if (text.equals("root")) {
      return 0;
    }
    if (text.matches("\\d{1,9}")) {
      return Integer.parseInt(text);
    }
    Passwd user = posix().getpwnam(text);
    if (user == null) {
      throw new IllegalArgumentException("there is no user '" + text + "' on this machine");
    }
    return Math.toIntExact(user.getUID());
  }

  /** The number of a group. */
  static int group(String text) {
    if (text.equals("root")) {
      return 0;
    }
    if (text.matches("\\d{1,9}")) {
      return Integer.parseInt(text);
    }
    Group group = posix().getgrnam(text);
    if (group == null) {
      throw new IllegalArgumentException("there is no group '" + text + "' on this machine");
    }
    return Math.toIntExact(group.getGID());
  }

  /** The number of the user that the daemon runs as. */
  static int ownUser() {
    return posix().geteuid();
  }

  /** The number of the group that the daemon runs as. */
  static int ownGroup() {
    return posix().getegid();
  }

  private static POSIX posix() {
    return Objects.requireNonNull(POSIXFactory.getPOSIX());
  }
}
