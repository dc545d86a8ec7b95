package org.aeiou.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import jnr.posix.Group;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;
import org.aeiou.daemon.document.Texts;

/**
 * Users and groups of this machine, by name or number. jnr-posix takes 0.4 s to load, so it is only
 * asked for names that need it.
 */
final class Owners {
  private static final Path SELF = Path.of("/proc/self");

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
      throw new IllegalArgumentException(
          "there is no user " + Texts.quoted(text) + " on this machine");
    }
    return number(text, user.getUID());
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
      throw new IllegalArgumentException(
          "there is no group " + Texts.quoted(text) + " on this machine");
    }
    return number(text, group.getGID());
  }

  /** The number of the user that the daemon runs as. */
  static int ownUser() {
    Integer number = own("unix:uid");
    return number == null ? posix().geteuid() : number;
  }

  /** The number of the group that the daemon runs as. */
  static int ownGroup() {
    Integer number = own("unix:gid");
    return number == null ? posix().getegid() : number;
  }

  /** Linux shows a process to belong to its effective user; null elsewhere. */
  private static Integer own(String attribute) {
    try {
      return (Integer) Files.getAttribute(SELF, attribute);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Linux has numbers up to 2^32 - 2, and an int ends at 2^31 - 1. */
  static int number(String name, long number) {
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          Texts.quoted(name) + " has the number " + number + "; expected one up to 2147483647");
    }
    return (int) number;
  }

  private static POSIX posix() {
    return Objects.requireNonNull(POSIXFactory.getPOSIX());
  }
}
