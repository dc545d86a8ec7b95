package org.aeiou.daemon.backend.snmp.message;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.snmp4j.DirectUserTarget;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.mp.PduHandle;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;

/**
 * SNMPv3 with the user-based security model (RFC 3412, RFC 3414): a user, and an engine that is
 * found by asking.
 *
 * <p>The first message to an agent asks for its engine's id, the second is refused with the time,
 * the third is answered; from then on, the first. An agent that reboots refuses one message with
 * its new time; one that comes back with another id, or with a clock set back, is discovered anew.
 */
final class UsmCodec implements MessageCodec {
  /** Headers, engine id twice, boots, time, digest, salt, padding; without the two names. */
  private static final int ENVELOPE = 240;

  /**
   * What is said of reports that refuse the user (RFC 3414, 3412); the user's name and context
   * follow.
   */
  private static final Map<OID, String> REFUSALS =
      Map.of(
          SnmpConstants.usmStatsUnknownUserNames,
          "the agent knows no user '%s' (unknownUserName)",
          SnmpConstants.usmStatsWrongDigests,
          "the agent does not accept the authentication of user '%s' (wrongDigest): check"
              + " auth.protocol and auth.pass",
          SnmpConstants.usmStatsDecryptionErrors,
          "the agent cannot decrypt what user '%s' asks (decryptionError): check privacy.protocol"
              + " and privacy.pass",
          SnmpConstants.usmStatsUnsupportedSecLevels,
          "the agent does not let user '%s' ask with this authentication and privacy"
              + " (unsupportedSecLevel)",
          SnmpConstants.snmpUnknownContexts,
          "the agent knows no context '%2$s'");

  private final UsmUser user;
  private final UsmKeys keys;
  private final SnmpCounters counters;
  private final MessageIds ids;
  private final Notes notes;
  private final OctetString userName;
  private final OctetString contextName;

  /** What is known of the agent's engine from an earlier run, and what is found out in this one. */
  private final KnownEngine known;

  /** The engine that was found to be the agent's, by an answer. */
  private volatile AuthoritativeEngine confirmed;

  /** Whether a message of ours was found authentic, by a report that is. */
  private volatile boolean authenticated;

  /** The agent's engine, or null while it is not known. */
  private final AtomicReference<AuthoritativeEngine> current = new AtomicReference<>();

  /** What is kept with a message on its way; the handle is what SNMP4J finds the response by. */
  private record State(
      AuthoritativeEngine engine,
      boolean discovery,
      int requestId,
      ScopedPDU pdu,
      PduHandle handle) {}

  UsmCodec(
      UsmUser user,
      UsmKeys keys,
      MessageIds ids,
      Notes notes,
      KnownEngine known,
      SnmpCounters counters) {
    this.user = user;
    this.keys = keys;
    this.ids = ids;
    this.notes = notes;
    this.known = known;
    this.counters = counters;
    this.userName = new OctetString(user.name().getBytes(StandardCharsets.UTF_8));
    this.contextName =
        new OctetString(
            (user.context() == null ? "" : user.context()).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public int version() {
    return SnmpConstants.version3;
  }

  @Override
  public int overhead() {
    return ENVELOPE + userName.length() + contextName.length();
  }

  /** Without an engine, that of an earlier run is taken up; its keys may take milliseconds. */
  @Override
  public Runnable preparation() {
    if (current.get() != null || known.id() == null) {
      return null;
    }
    if (keys.ready(user)) {
      takeUp();
      return null;
    }
    return this::takeUp;
  }

  private void takeUp() {
    byte[] id = known.id();
    if (id != null) {
      AuthoritativeEngine engine = new AuthoritativeEngine();
      engine.is(id);
      engine.become(credentials(id));
      known.expectClock(engine);
      if (current.compareAndSet(null, engine)) {
        counters.add(SnmpCounter.V3_ENGINE_KNOWN);
      }
      known.taken();
    }
  }

  @Override
  public Message encode(Request request, int id) throws IOException {
    AuthoritativeEngine engine = current.get();
    boolean discovery = engine == null;
    ScopedPDU pdu = new ScopedPDU();
    // Discovery asks for nothing, and changes nothing.
    pdu.setType(discovery ? PDU.GET : request.type());
    // Another number than the message's, which travels in the clear.
    int requestId = ids.next();
    pdu.setRequestID(new Integer32(requestId));
    if (discovery) {
      // An engine of its own for each: no other thread sees one that is half known.
      engine = new AuthoritativeEngine();
    } else {
      pdu.setContextName(contextName);
      request.addTo(pdu);
    }
    PduHandle handle = new PduHandle(requestId);
    return new Message(
        engine.encode(pdu, id, handle), new State(engine, discovery, requestId, pdu, handle));
  }

  /**
   * The msgID is another one, as Net-SNMP does it: it is part of what is authenticated, and an
   * agent may take a second one for a replay. The request id tells that it is the same question.
   */
  @Override
  public Message repeated(Message sent, int id) throws IOException {
    State first = (State) sent.state();
    PduHandle handle = new PduHandle(id); // SNMP4J keeps one message for each
    return new Message(
        first.engine().encode(first.pdu(), id, handle),
        new State(first.engine(), first.discovery(), first.requestId(), first.pdu(), handle));
  }

  @Override
  public byte[] engineId() {
    AuthoritativeEngine engine = current.get();
    return engine == null ? null : engine.id();
  }

  /**
   * An agent that was found and does not answer is there. Some (Net-SNMP) say nothing to what they
   * cannot decrypt, others nothing to what is not authentic, whatever RFC 3414 has them report.
   */
  @Override
  public String silence() {
    if (current.get() == null) {
      return null;
    }
    boolean encrypted = user.privacy() != Privacy.NONE;
    String keys = "auth.protocol and auth.pass";
    if (user.authentication() == Authentication.NONE) {
      keys = "user";
    } else if (authenticated && encrypted) {
      keys = "privacy.protocol and privacy.pass";
    } else if (encrypted) {
      keys += ", privacy.protocol and privacy.pass";
    }
    if (contextName.length() > 0) {
      keys += " and context"; // Net-SNMP says nothing to one that it does not know
    }
    return "the agent is there (it tells its engine id"
        + (authenticated ? " and accepts the authentication" : "")
        + ") and does not answer "
        + (encrypted ? "what is encrypted" : "what is asked")
        + ": check "
        + keys;
  }

  @Override
  public Decoded decode(byte[] datagram, int id, Message sent) {
    State state = (State) sent.state();
    AuthoritativeEngine.Processed processed;
    try {
      processed = state.engine().decode(datagram);
    } catch (IOException | RuntimeException e) {
      // SNMP4J throws more than it declares when lengths lie.
      return new Decoded.Undecodable();
    }
    PDU pdu = processed.pdu();
    switch (processed.status()) {
      case SnmpConstants.SNMP_MP_OK -> {
        if (pdu.getType() == PDU.REPORT) {
          counters.add(SnmpCounter.V3_REPORTS);
          return report(pdu, processed.authentic(), state);
        }
        if (pdu.getType() != PDU.RESPONSE || pdu.getRequestID().getValue() != state.requestId()) {
          return new Decoded.Dropped(SnmpCounter.NOT_AUTHENTIC);
        }
        confirm(state.engine());
        return new Decoded.Response(pdu);
      }
      case SnmpConstants.SNMP_MP_PARSE_ERROR -> {
        return new Decoded.Undecodable();
      }
      case SnmpConstants.SNMPv3_USM_NOT_IN_TIME_WINDOW -> {
        // Authentic, but older than what came before: the agent lost count of its reboots.
        return resynchronise(state);
      }
      case SnmpConstants.SNMP_MP_MATCH_ERROR -> {
        // SNMP4J ignores a report from an engine that was not asked (RFC 3412, section 7.2.11), so
        // an agent with a new engine id would stay unreachable for ever.
        return pdu != null
                && pdu.getType() == PDU.REPORT
                && pdu.size() == 1
                && SnmpConstants.usmStatsUnknownEngineIDs.equals(pdu.get(0).getOid())
            ? otherEngine(state)
            : new Decoded.Dropped(SnmpCounter.NOT_AUTHENTIC);
      }
      default -> {
        return new Decoded.Dropped(SnmpCounter.NOT_AUTHENTIC);
      }
    }
  }

  private Decoded report(PDU report, boolean authentic, State state) {
    OID what = report.size() == 1 ? report.get(0).getOid() : new OID();
    if (SnmpConstants.usmStatsUnknownEngineIDs.equals(what)) {
      return state.discovery() ? discovered(state.engine()) : otherEngine(state);
    }
    if (SnmpConstants.usmStatsNotInTimeWindows.equals(what)) {
      // SNMP4J took the time over when it found the report to be authentic; else it is a lie.
      if (!authentic) {
        return new Decoded.Dropped(SnmpCounter.NOT_AUTHENTIC);
      }
      authenticated = true;
      counters.add(SnmpCounter.V3_RESYNCHRONISED);
      known.clock(state.engine().clock());
      return new Decoded.SendAgain();
    }
    String refusal = REFUSALS.get(what);
    if (refusal != null) {
      return new Decoded.Refused(refusal.formatted(user.name(), contextName));
    }
    return new Decoded.Failed("the agent reports " + what + " instead of answering");
  }

  private Decoded discovered(AuthoritativeEngine engine) {
    byte[] id = engine.id();
    if (id == null) {
      return new Decoded.Failed("the agent does not tell its engine's id");
    }
    AuthoritativeEngine known = current.get();
    if (known != null && Arrays.equals(known.id(), id)) {
      return new Decoded.SendAgain();
    }
    if (keys.ready(user)) {
      publish(engine, id);
      return new Decoded.SendAgain();
    }
    return new Decoded.Prepare(() -> publish(engine, id));
  }

  private void publish(AuthoritativeEngine engine, byte[] id) {
    engine.become(credentials(id));
    counters.add(SnmpCounter.V3_DISCOVERED);
    current.set(engine);
  }

  private DirectUserTarget<UdpAddress> credentials(byte[] id) {
    return new DirectUserTarget<>(
        new UdpAddress(),
        userName,
        id,
        UsmKeys.protocol(user.authentication()),
        orEmpty(keys.authentication(user, id)),
        UsmKeys.protocol(user.privacy()),
        orEmpty(keys.privacy(user, id)));
  }

  /** The engine answered what only the agent can answer, if the user is one with authentication. */
  private void confirm(AuthoritativeEngine engine) {
    if (confirmed != engine) {
      confirmed = engine;
      known.confirmed(engine.id(), engine.clock());
    }
  }

  private static OctetString orEmpty(OctetString key) {
    return key == null ? new OctetString() : key;
  }

  private Decoded otherEngine(State state) {
    if (current.compareAndSet(state.engine(), null)) {
      known.taken();
      counters.add(SnmpCounter.V3_ENGINE_CHANGED);
      notes.add("the agent has another engine id than before; discovering it");
    }
    return new Decoded.SendAgain();
  }

  private Decoded resynchronise(State state) {
    counters.add(SnmpCounter.V3_CLOCK_SET_BACK);
    notes.add("the agent's clock was set back; asking for it");
    state.engine().forgetClock();
    return new Decoded.SendAgain();
  }
}
