package org.aeiou.daemon.backend.snmp.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.snmp4j.MutablePDU;
import org.snmp4j.PDU;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.asn1.BEROutputStream;
import org.snmp4j.mp.MPv1;
import org.snmp4j.mp.MPv2c;
import org.snmp4j.mp.MessageProcessingModel;
import org.snmp4j.mp.MutableStateReference;
import org.snmp4j.mp.PduHandle;
import org.snmp4j.mp.StatusInformation;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;

/** SNMPv1 and SNMPv2c: a community and a PDU (RFC 1157, RFC 1901). */
final class CommunityCodec implements MessageCodec {
  private static final MessageProcessingModel V1 = new MPv1();
  private static final MessageProcessingModel V2C = new MPv2c();

  /** Sequence, version, PDU header, request id, error status and index, list header. */
  private static final int ENVELOPE = 48;

  private final MessageProcessingModel model;
  private final OctetString community;
  private final byte[] octets;

  CommunityCodec(boolean v1, Secret community) {
    this.model = v1 ? V1 : V2C;
    this.octets = community.reveal().getBytes(StandardCharsets.UTF_8);
    this.community = new OctetString(octets);
  }

  @Override
  public int version() {
    return model.getID();
  }

  @Override
  public int overhead() {
    return ENVELOPE + community.length();
  }

  @Override
  public Message encode(Request request, int id) throws IOException {
    PDU pdu = new PDU();
    pdu.setType(request.type());
    pdu.setRequestID(new Integer32(id));
    request.addTo(pdu);
    BEROutputStream out = new BEROutputStream();
    int status =
        model.prepareOutgoingMessage(
            new UdpAddress(),
            MOST_OCTETS,
            model.getID(),
            model == V1
                ? SecurityModel.SECURITY_MODEL_SNMPv1
                : SecurityModel.SECURITY_MODEL_SNMPv2c,
            community.getValue(),
            SecurityLevel.NOAUTH_NOPRIV,
            pdu,
            true,
            new PduHandle(),
            out,
            null);
    if (status != 0) {
      throw new IOException("SNMP4J's error " + status);
    }
    return new Message(out.getBuffer().array(), null);
  }

  @Override
  public Message encodeGet(List<Oid> objects, int id) throws IOException {
    for (Oid object : objects) {
      if (!object.isEncodable()) {
        return MessageCodec.super.encodeGet(objects, id);
      }
    }
    return PlainGet.encode(version(), octets, objects, id);
  }

  @Override
  public String silence() {
    return "a wrong community looks like this, too";
  }

  @Override
  public Decoded decode(byte[] datagram, int id, Message sent) {
    if (sent.state() instanceof PlainGet.Asked asked) {
      Value[] values = PlainGet.read(version(), octets, datagram, sent.octets(), asked);
      if (values != null) {
        return new Decoded.Values(values);
      }
    }
    MutablePDU pdu = new MutablePDU();
    OctetString from = new OctetString();
    try {
      model.prepareDataElements(
          null,
          new UdpAddress(),
          new BERInputStream(ByteBuffer.wrap(datagram)),
          null,
          new Integer32(),
          new Integer32(),
          from,
          new Integer32(),
          pdu,
          new PduHandle(),
          new Integer32(),
          new StatusInformation(),
          new MutableStateReference<>());
    } catch (IOException | RuntimeException e) {
      // SNMP4J throws more than it declares when lengths lie.
      return new Decoded.Undecodable();
    }
    return from.equals(community)
        ? new Decoded.Response(pdu.getPdu())
        : new Decoded.Dropped(SnmpCounter.OTHER_CREDENTIALS);
  }
}
