package org.aeiou.daemon.simulator.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.snmp.message.Tlv;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.simulator.message.CommandResponder.Drop;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.Integer32;

/**
 * Takes a message apart and puts the answer together: v1 and v2c here, v3 in {@link UserMessages}.
 * Shared by all agents; called with the agent locked.
 */
public final class Messages {
  /** Octets around community and bindings, at most: RFC 3416's PDU and RFC 1901's message. */
  private static final int AROUND = 40;

  private static final int V1 = 0;
  private static final int V2C = 1;
  private static final int V3 = 3;

  private final Set<String> communities;
  private final Set<String> writers;
  private final UserMessages users;

  /**
   * Messages of agents.
   *
   * @param writers communities that may write, too; where there are any, users may
   */
  public Messages(List<String> communities, List<String> writers, List<UsmUser> users) {
    this.communities = latin(communities);
    this.writers = latin(writers);
    this.users = new UserMessages(users, !writers.isEmpty());
  }

  /** One character for each octet, so that any community can be compared. */
  private static Set<String> latin(List<String> communities) {
    return communities.stream()
        .map(text -> latin(text.getBytes(StandardCharsets.UTF_8)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Answers a datagram and counts it.
   *
   * @param wrongId whether the answer shall be one to another request
   * @return the answer, or null if there is none
   */
  public byte[] answer(CommandResponder agent, byte[] message, boolean wrongId) {
    try {
      Tlv.check(message);
      BERInputStream in = new BERInputStream(ByteBuffer.wrap(message));
      Tlv.header(in, BER.SEQUENCE);
      int version = Tlv.integer(in);
      return switch (version) {
        case V1, V2C -> community(agent, in, version, wrongId);
        case V3 -> users.answer(agent, message, in, wrongId);
        default -> throw new IOException("version " + version);
      };
    } catch (IOException e) {
      agent.count(Drop.UNDECODABLE);
      return null;
    }
  }

  private byte[] community(CommandResponder agent, BERInputStream in, int version, boolean wrongId)
      throws IOException {
    byte[] community = Tlv.string(in);
    boolean mayWrite = writers.contains(latin(community));
    if (!mayWrite && !communities.contains(latin(community))) {
      agent.count(Drop.BAD_COMMUNITY);
      return null;
    }
    PDU request = version == V1 ? new PDUv1() : new PDU();
    Tlv.decode(request, in);
    if (!agent.count(request) || agent.dead()) {
      return null;
    }
    PDU response = version == V1 ? new PDUv1() : new PDU();
    int limit = agent.maxMessage();
    agent.respond(request, response, limit - AROUND - community.length, mayWrite);
    if (wrongId) {
      shiftId(response);
    }
    byte[] answer = Tlv.sequence(Tlv.integer(version), Tlv.string(community), Tlv.encode(response));
    if (answer.length > limit) {
      return unanswerable(agent);
    }
    return answer;
  }

  /** Not even the error fits (snmpSilentDrops of RFC 3418): an answer that is lost. */
  static byte[] unanswerable(CommandResponder agent) {
    agent.count(Drop.LOST);
    return null;
  }

  static void shiftId(PDU response) {
    response.setRequestID(new Integer32(response.getRequestID().getValue() ^ 0x2a55aa5));
  }

  private static String latin(byte[] octets) {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }
}
