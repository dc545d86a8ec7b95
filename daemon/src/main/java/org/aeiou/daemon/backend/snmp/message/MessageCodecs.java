package org.aeiou.daemon.backend.snmp.message;

import java.security.SecureRandom;
import org.aeiou.daemon.backend.Secret;

/** The codecs of all systems, and what they share: message ids and derived keys. */
public final class MessageCodecs {
  private final MessageIds ids = new MessageIds(new SecureRandom());
  private final SnmpCounters counters;
  private final UsmKeys keys;

  public MessageCodecs(SnmpCounters counters) {
    this.counters = counters;
    this.keys = new UsmKeys(counters);
  }

  /** The codec of a system that speaks SNMPv1 or SNMPv2c. */
  public MessageCodec community(boolean v1, Secret community) {
    return new CommunityCodec(v1, community);
  }

  /** The codec of a system that speaks SNMPv3. */
  public MessageCodec usm(UsmUser user, Notes notes, KnownEngine known) {
    return new UsmCodec(user, keys, ids, notes, known, counters);
  }

  /** An id for a message that cannot be foreseen, 1 to 2³¹−1. Any thread. */
  public int nextId() {
    return ids.next();
  }

  /** The keys of users, which all that is authenticated needs. */
  public UsmKeys keys() {
    return keys;
  }
}
