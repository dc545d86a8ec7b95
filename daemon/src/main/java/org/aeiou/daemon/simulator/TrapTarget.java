package org.aeiou.daemon.simulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.Tlv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.VariableBinding;

/** Where an agent sends its traps, of v2c. Used with the agent locked. */
final class TrapTarget {
  private static final Logger LOG = LoggerFactory.getLogger(TrapTarget.class);
  private static final int V2C = 1;
  private static final OID SYS_UP_TIME = new OID("1.3.6.1.2.1.1.3.0");
  private static final OID SNMP_TRAP_OID = new OID("1.3.6.1.6.3.1.1.4.1.0");

  private final DatagramChannel channel;
  private final InetSocketAddress address;
  private final byte[] community;
  private int requestId;

  TrapTarget(DatagramChannel channel, InetSocketAddress address, String community) {
    this.channel = channel;
    this.address = address;
    this.community = community.getBytes(StandardCharsets.UTF_8);
  }

  /** Sends a trap; whether it arrives nothing tells. */
  void send(int secondsUp, Oid trap, Map<Oid, Value> objects) {
    PDU pdu = new PDU();
    pdu.setType(PDU.TRAP);
    pdu.setRequestID(new Integer32(++requestId));
    pdu.add(new VariableBinding(SYS_UP_TIME, new TimeTicks(100L * secondsUp)));
    pdu.add(new VariableBinding(SNMP_TRAP_OID, new OID(trap.toArray())));
    objects.forEach(
        (oid, value) -> pdu.add(new VariableBinding(new OID(oid.toArray()), Variables.of(value))));
    byte[] message = Tlv.sequence(Tlv.integer(V2C), Tlv.string(community), Tlv.encode(pdu));
    try {
      channel.send(ByteBuffer.wrap(message), address);
    } catch (IOException e) {
      LOG.debug("a trap cannot be sent to {}", address, e);
    }
  }
}
