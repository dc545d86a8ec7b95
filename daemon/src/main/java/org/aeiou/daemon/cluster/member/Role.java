package org.aeiou.daemon.cluster.member;

/** What a member does. */
public enum Role {
  /** Asks systems, of those slots that it owns. */
  POLL,
  /** Serves readers: a mount, attached programs, HTTP. */
  READ
}
