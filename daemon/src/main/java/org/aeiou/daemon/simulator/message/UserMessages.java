package org.aeiou.daemon.simulator.message;

import static org.aeiou.daemon.backend.snmp.message.UserMessage.AUTHENTICATED;
import static org.aeiou.daemon.backend.snmp.message.UserMessage.ENCRYPTED;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.snmp.message.UserMessage;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.simulator.message.CommandResponder.Drop;
import org.aeiou.daemon.simulator.message.SnmpEngine.Refusal;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/**
 * Messages of v3, seen from the engine that is asked: RFC 3414, section 3.2, in its order, and
 * section 3.1 for the answer. SNMP4J's protocols do the cryptography. Shared by all agents; called
 * with the agent locked.
 */
final class UserMessages {
  /** Seconds that clocks may differ (RFC 3414, section 2.2.3). */
  private static final int TIME_WINDOW = 150;

  /** Octets of header, security parameters, scoped PDU and padding without what varies. */
  private static final int AROUND = 110;

  private final boolean mayWrite;
  private final Map<String, SimulatedUser> users;

  UserMessages(List<UsmUser> users, boolean mayWrite) {
    this.mayWrite = mayWrite;
    this.users =
        users.stream()
            .map(SimulatedUser::new)
            .collect(Collectors.toUnmodifiableMap(SimulatedUser::name, Function.identity()));
  }

  /**
   * Answers a message, or reports why not, and counts it.
   *
   * @param in behind the version
   * @return null if there is no answer
   * @throws IOException if it is no message of v3; then it is not counted
   */
  byte[] answer(CommandResponder agent, byte[] octets, BERInputStream in, boolean wrongId)
      throws IOException {
    UserMessage message = UserMessage.read(octets, in);
    if (message.model() != UserMessage.USM || message.level() == ENCRYPTED) {
      agent.count(Drop.UNHANDLED);
      return null;
    }
    SnmpEngine engine = agent.engine();
    if (!Arrays.equals(message.engineId(), engine.id())) {
      return refuse(agent, message, Refusal.UNKNOWN_ENGINE, null, 0);
    }
    SimulatedUser user = users.get(message.user());
    if (user == null) {
      return refuse(agent, message, Refusal.UNKNOWN_USER, null, 0);
    }
    if ((message.authentication() && user.authentication() == null)
        || (message.privacy() && user.privacy() == null)) {
      return refuse(agent, message, Refusal.UNSUPPORTED_LEVEL, user, 0);
    }
    if (message.authentication()) {
      if (!message.isAuthentic(user.authentication(), engine.keys(user).authentication())) {
        return refuse(agent, message, Refusal.WRONG_DIGEST, user, 0);
      }
      if (message.boots() != agent.boots()
          || Math.abs((long) message.time() - agent.engineTime()) > TIME_WINDOW) {
        return refuse(agent, message, Refusal.NOT_IN_TIME_WINDOW, user, AUTHENTICATED);
      }
    }
    // Nonsense counts as a wrong key: a silent agent would look like a lost packet.
    ScopedPDU request =
        message.privacy()
            ? message.decrypt(user.privacy(), engine.keys(user).privacy())
            : message.plain();
    if (request == null) {
      return refuse(agent, message, Refusal.DECRYPTION, user, 0);
    }
    if (!Arrays.equals(request.getContextEngineID().getValue(), engine.id())) {
      return refuse(agent, message, Refusal.UNKNOWN_HANDLER, user, message.level());
    }
    if (request.getContextName().length() > 0) {
      return refuse(agent, message, Refusal.UNKNOWN_CONTEXT, user, message.level());
    }
    if (!agent.count(request) || agent.dead()) {
      return null;
    }
    return respond(agent, message, user, request, wrongId);
  }

  private byte[] respond(
      CommandResponder agent,
      UserMessage message,
      SimulatedUser user,
      ScopedPDU request,
      boolean wrongId) {
    int limit = Math.min(agent.maxMessage(), message.maxSize());
    int digest =
        user.authentication() == null ? 0 : user.authentication().getAuthenticationCodeLength();
    int around = AROUND + 2 * agent.engine().id().length + message.user().length() + digest;
    ScopedPDU response = scoped(agent);
    agent.respond(request, response, limit - around, mayWrite);
    if (wrongId) {
      Messages.shiftId(response);
    }
    int id = wrongId ? message.id() ^ 0x2a55aa5 : message.id();
    byte[] answer = encode(agent, id, message.level(), message.user(), user, response);
    return answer.length > limit ? Messages.unanswerable(agent) : answer;
  }

  /**
   * A report, with the counter of its reason.
   *
   * @param user its keys sign the report; null for one without authentication (RFC 3414 signs the
   *     one about the time window only)
   */
  private static byte[] refuse(
      CommandResponder agent, UserMessage message, Refusal refusal, SimulatedUser user, int level) {
    agent.count(Drop.REFUSED);
    long count = agent.engine().refuse(refusal);
    if (!message.reportable() || agent.dead()) {
      return null;
    }
    ScopedPDU report = scoped(agent);
    report.setType(PDU.REPORT);
    report.setRequestID(new Integer32(requestId(message)));
    report.add(new VariableBinding(new OID(refusal.oid), new Counter32(count)));
    return encode(agent, message.id(), level, message.user(), user, report);
  }

  /** The request's, if it can be read without a key; else 0 (RFC 3412, section 7.1). */
  private static int requestId(UserMessage message) {
    if (message.privacy()) {
      return 0;
    }
    try {
      return message.plain().getRequestID().getValue();
    } catch (IOException e) {
      return 0;
    }
  }

  private static ScopedPDU scoped(CommandResponder agent) {
    ScopedPDU pdu = new ScopedPDU();
    pdu.setContextEngineID(new OctetString(agent.engine().id()));
    pdu.setContextName(new OctetString());
    return pdu;
  }

  private static byte[] encode(
      CommandResponder agent,
      int id,
      int level,
      String userName,
      SimulatedUser user,
      ScopedPDU pdu) {
    SimulatedUser.Keys keys = level == 0 ? null : agent.engine().keys(user);
    return UserMessage.write(
        new UserMessage.Engine(
            agent.engine().id(), agent.boots(), agent.engineTime(), agent.maxMessage()),
        id,
        level,
        userName,
        keys == null
            ? null
            : new UserMessage.Security(
                user.authentication(), keys.authentication(), user.privacy(), keys.privacy()),
        pdu);
  }
}
