package org.aeiou.daemon.cluster.member;

import java.util.Set;

/**
 * A process of the cluster.
 *
 * @param id random, made when the process starts: 16 hexadecimal digits
 * @param name what people call it: {@code host:pid}, or as its options say
 * @param site where it is; empty if nothing is said
 * @param digest of what it would ask, credentials left out; members with another one than most
 *     campaign for no slot
 * @param map into which slots it puts systems, see {@link Slots#digest}; empty if it does not say
 * @param version of the program
 * @param startedMillis in milliseconds since 1970, by its own clock
 */
public record Member(
    String id,
    String name,
    Set<Role> roles,
    String site,
    String digest,
    String map,
    String version,
    long startedMillis) {
  /** The {@code digest} of a member that polls and has no systems to ask. */
  public static final String NO_SYSTEMS = "none";

  public Member {
    roles = Set.copyOf(roles);
  }

  public boolean polls() {
    return roles.contains(Role.POLL);
  }

  /** Whether it counts among pollers: one that was given a file without systems does not. */
  public boolean hasVote() {
    return polls() && !digest.equals(NO_SYSTEMS);
  }
}
