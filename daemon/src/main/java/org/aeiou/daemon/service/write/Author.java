package org.aeiou.daemon.service.write;

/**
 * The process that writes.
 *
 * @param uid its user's number
 * @param pid its number; 0 if that is not known, as in another namespace
 */
public record Author(int uid, int pid) {
  @Override
  public String toString() {
    return "user " + Integer.toUnsignedString(uid) + (pid == 0 ? "" : ", process " + pid);
  }
}
