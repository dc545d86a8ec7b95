package org.aeiou.daemon.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.Tlv;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.OID;

/** Traps that simulated agents send. */
class AgentTrapsIT {
  private static final String STATE = "1.3.6.1.2.1.2.2.1.8.1";

  @Test
  void aLinkThatGoesDownIsToldFromTheAgentsAddressAlsoWithTheStateOfBefore() throws Exception {
    try (DatagramSocket receiver =
            new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.44.3.1"), 0));
        SimulatedNetwork network =
            SimulatedNetwork.start(
                SimulationOptions.builder()
                    .systems(1)
                    .port(0)
                    .firstAddress("127.44.4.1")
                    .traps((InetSocketAddress) receiver.getLocalSocketAddress())
                    .build())) {
      receiver.setSoTimeout(10_000);
      SimulatedAgent agent = network.agents().get(0);
      agent.link(1, false, true);
      DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
      receiver.receive(packet);
      assertThat(packet.getSocketAddress()).isEqualTo(agent.address());
      BERInputStream in =
          new BERInputStream(ByteBuffer.wrap(Arrays.copyOf(packet.getData(), packet.getLength())));
      Tlv.header(in, BER.SEQUENCE);
      assertThat(Tlv.integer(in)).isEqualTo(1);
      assertThat(Tlv.string(in)).asString().isEqualTo("public");
      PDU trap = new PDU();
      Tlv.decode(trap, in);
      assertThat(trap.getType()).isEqualTo(PDU.TRAP);
      assertThat(trap.get(1).getVariable()).hasToString("1.3.6.1.6.3.1.1.5.3");
      assertThat(trap.getVariable(new OID(STATE))).hasToString("1");
      assertThat(agent.objects().get(Oid.parse(STATE)))
          .isEqualTo(new Value.Numeric(Value.NumberType.INTEGER, 2));
    }
  }
}
