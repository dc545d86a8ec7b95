package org.aeiou.daemon.cluster.member;

/** Which systems are owned together. */
public final class Slots {
  private Slots() {}

  /**
   * The slot of a system, the same at all members and in all versions: FNV-1a of its name's UTF-16
   * units, spread over all bits.
   *
   * @param slots how many there are
   */
  public static int of(String system, int slots) {
    int hash = 0x811C9DC5;
    for (int i = 0; i < system.length(); i++) {
      hash = (hash ^ system.charAt(i)) * 0x01000193;
    }
    hash ^= hash >>> 16;
    hash *= 0x85EBCA6B;
    hash ^= hash >>> 13;
    return Math.floorMod(hash, slots);
  }
}
