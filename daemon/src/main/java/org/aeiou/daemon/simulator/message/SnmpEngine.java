package org.aeiou.daemon.simulator.message;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * What an agent has of its own for v3: its identifier, the users' keys made for it, and counters.
 * Made when the first message of v3 arrives. Guarded by the agent.
 */
public final class SnmpEngine {

  /** The reasons to refuse a message with a report; {@code oid} is what the report shows. */
  enum Refusal {
    UNSUPPORTED_LEVEL("1.3.6.1.6.3.15.1.1.1.0"),
    NOT_IN_TIME_WINDOW("1.3.6.1.6.3.15.1.1.2.0"),
    UNKNOWN_USER("1.3.6.1.6.3.15.1.1.3.0"),
    UNKNOWN_ENGINE("1.3.6.1.6.3.15.1.1.4.0"),
    WRONG_DIGEST("1.3.6.1.6.3.15.1.1.5.0"),
    DECRYPTION("1.3.6.1.6.3.15.1.1.6.0"),
    UNKNOWN_HANDLER("1.3.6.1.6.3.11.2.1.3.0"),
    UNKNOWN_CONTEXT("1.3.6.1.6.3.12.1.5.0");

    final String oid;

    Refusal(String oid) {
      this.oid = oid;
    }
  }

  private final byte[] id;
  private final Map<SimulatedUser, SimulatedUser.Keys> keys = new HashMap<>();
  private final Map<Refusal, Long> refusals = new EnumMap<>(Refusal.class);

  public SnmpEngine(InetSocketAddress address) {
    // RFC 3411: the enterprise number for examples (RFC 5612), format 5, then what is unique here.
    id =
        ByteBuffer.allocate(11)
            .putInt(0x80000000 | 32_473)
            .put((byte) 5)
            .put(address.getAddress().getAddress())
            .putShort((short) address.getPort())
            .array();
  }

  byte[] id() {
    return id;
  }

  SimulatedUser.Keys keys(SimulatedUser user) {
    return keys.computeIfAbsent(user, any -> any.keysFor(id));
  }

  /** Counts a refusal and returns how many of this reason there have been. */
  long refuse(Refusal refusal) {
    return refusals.merge(refusal, 1L, Long::sum);
  }
}
