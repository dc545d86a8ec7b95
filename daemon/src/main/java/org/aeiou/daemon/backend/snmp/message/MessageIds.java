package org.aeiou.daemon.backend.snmp.message;

import java.security.SecureRandom;

/**
 * Numbers for messages that cannot be foreseen, also not by an agent that has seen others: an agent
 * that could would answer for its neighbour. Drawn from a secure source a few hundred at a time.
 *
 * <p>Any thread may call it.
 */
final class MessageIds {
  private static final int DRAWN = 4096;

  private final SecureRandom random;
  private final byte[] drawn = new byte[DRAWN];
  private int used = DRAWN;

  MessageIds(SecureRandom random) {
    this.random = random;
  }

  /** One more, 1 to 2³¹−1. */
  synchronized int next() {
    int id;
    do {
      if (used == DRAWN) {
        random.nextBytes(drawn);
        used = 0;
      }
      id = (drawn[used++] & 0x7F) << 24;
      id |= (drawn[used++] & 0xFF) << 16;
      id |= (drawn[used++] & 0xFF) << 8;
      id |= drawn[used++] & 0xFF;
    } while (id == 0);
    return id;
  }
}
