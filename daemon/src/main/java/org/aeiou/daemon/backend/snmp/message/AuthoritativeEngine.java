package org.aeiou.daemon.backend.snmp.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.snmp4j.DirectUserTarget;
import org.snmp4j.MessageDispatcher;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.MutablePDU;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.TransportStateReference;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.asn1.BEROutputStream;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.MutableStateReference;
import org.snmp4j.mp.PduHandle;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.SecurityProtocols.SecurityProtocolSet;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmTimeEntry;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;

/**
 * What SNMP4J knows of one agent's SNMP engine: its id, its clock, the keys of the one user we are
 * there, and the messages on their way to it.
 *
 * <p>SNMP4J is made to share one such store among all agents. Here every system has its own,
 * because the shared one confuses agents: users are found by name, so that two agents with the same
 * user name and different passwords exclude each other; clocks are found by engine id, so that
 * cloned agents keep resetting each other's; and an agent that came back with another id is never
 * believed. Ours is thrown away and made anew, which takes microseconds.
 */
final class AuthoritativeEngine {

  /**
   * Where SNMP4J believes the engine to be. Always the same: whether a datagram came from the right
   * address was decided before it came here.
   */
  private static final UdpAddress PLACE = new UdpAddress("127.0.0.1/161");

  private static final SecurityProtocols PROTOCOLS =
      new SecurityProtocols(SecurityProtocolSet.maxCompatibility);

  /** Our own id; agents ignore it in what we send. */
  private static final byte[] OWN_ID = MPv3.createLocalEngineID(random());

  /** Has no transports: an agent that wants a report from us gets none. */
  private static final MessageDispatcher NO_TRANSPORTS = new MessageDispatcherImpl();

  private final USM usm = new USM(PROTOCOLS, new OctetString(OWN_ID), 0, new CounterSupport());
  private final Model model = new Model(usm);

  /** Null until the keys are known, and then final; published with the engine. */
  private TransportStateReference credentials;

  private static OctetString random() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return new OctetString(bytes);
  }

  /** SNMP4J's v3, with message ids that we choose. */
  private static final class Model extends MPv3 {
    private int next;

    Model(USM usm) {
      super(
          OWN_ID,
          null,
          PROTOCOLS,
          SecurityModels.getCollection(new SecurityModel[] {usm}),
          new CounterSupport());
    }

    @Override
    public synchronized int getNextMessageID() {
      return next;
    }
  }

  /** The engine's id, or null while it is not known. */
  byte[] id() {
    OctetString id = model.getEngineID(PLACE);
    return id == null || id.length() < MPv3.MINLEN_ENGINE_ID || id.length() > MPv3.MAXLEN_ENGINE_ID
        ? null
        : id.getValue();
  }

  void become(DirectUserTarget<UdpAddress> user) {
    user.setAddress(PLACE);
    credentials =
        new TransportStateReference(
            null,
            PLACE,
            user.getSecurityName(),
            SecurityLevel.get(user.getSecurityLevel()),
            SecurityLevel.undefined,
            false,
            null,
            user);
  }

  /** Is the engine of this id, as it was in an earlier run. */
  void is(byte[] id) {
    model.addEngineID(PLACE, new OctetString(id), false);
  }

  /**
   * What the engine's clock is likely to show. If it does not, the agent says so with the first
   * message, and what it says then counts.
   */
  void expectClock(int boots, int time) {
    usm.getTimeTable().addEntry(new UsmTimeEntry(new OctetString(id()), boots, time));
  }

  /** What the engine's clock shows, as far as is known. */
  record Clock(int boots, int time) {}

  /** Null while it is not known. */
  Clock clock() {
    byte[] id = id();
    UsmTimeEntry now = id == null ? null : usm.getTimeTable().getTime(new OctetString(id));
    return now == null ? null : new Clock(now.getEngineBoots(), now.getLatestReceivedTime());
  }

  /** Forgets the clock: it is asked for with the next message. */
  void forgetClock() {
    byte[] id = id();
    if (id != null) {
      usm.removeEngineTime(new OctetString(id));
    }
  }

  /**
   * Encodes a request; while the engine's id is not known, a request for it instead.
   *
   * @param handle to be kept until the response came: SNMP4J refers to it weakly
   */
  byte[] encode(ScopedPDU pdu, int id, PduHandle handle) throws IOException {
    DirectUserTarget<?> user =
        credentials == null ? anonymous() : (DirectUserTarget<?>) credentials.getTarget();
    TransportStateReference reference =
        credentials == null
            ? new TransportStateReference(
                null, PLACE, user.getSecurityName(), null, null, false, null, user)
            : credentials;
    BEROutputStream out = new BEROutputStream();
    int status;
    // Between the two lines below no other thread may take the id.
    synchronized (model) {
      model.next = id;
      status =
          model.prepareOutgoingMessage(
              PLACE,
              MessageCodec.MOST_OCTETS,
              MPv3.ID,
              SecurityModel.SECURITY_MODEL_USM,
              user.getSecurityName().getValue(),
              user.getSecurityLevel(),
              pdu,
              true,
              handle,
              out,
              reference);
    }
    if (status != 0) {
      throw new IOException("SNMP4J's error " + status + " of message processing or security");
    }
    return out.getBuffer().array();
  }

  private static DirectUserTarget<UdpAddress> anonymous() {
    return new DirectUserTarget<>(
        PLACE, new OctetString(), new byte[0], null, new OctetString(), null, new OctetString());
  }

  /**
   * What a message turned out to be.
   *
   * @param status SNMP4J's, 0 if the message is what it claims to be
   * @param authentic whether it was authenticated
   * @param pdu its PDU; null, or not to be trusted, unless the status is 0
   */
  record Processed(int status, boolean authentic, PDU pdu) {}

  /** Decodes and checks a message. */
  Processed decode(byte[] datagram) throws IOException {
    MutablePDU pdu = new MutablePDU();
    Integer32 level = new Integer32(SecurityLevel.NOAUTH_NOPRIV);
    int status =
        model.prepareDataElements(
            NO_TRANSPORTS,
            PLACE,
            new BERInputStream(ByteBuffer.wrap(datagram)),
            new TransportStateReference(null, PLACE, null, null, null, false, null),
            new Integer32(),
            new Integer32(),
            new OctetString(),
            level,
            pdu,
            new PduHandle(),
            new Integer32(),
            new StatusInformation(),
            new MutableStateReference<>());
    return new Processed(status, level.getValue() != SecurityLevel.NOAUTH_NOPRIV, pdu.getPdu());
  }
}
