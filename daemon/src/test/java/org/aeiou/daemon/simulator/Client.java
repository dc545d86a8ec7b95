package org.aeiou.daemon.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.daemon.backend.snmp.message.Tlv;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/** Asks with the bare protocol of v1 and v2c, and sees every octet that comes back. */
final class Client implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;

  private final DatagramSocket socket;
  private int id = 1;

  /** What came back, and from where. */
  record Datagram(byte[] octets, InetSocketAddress from) {}

  Client() {
    try {
      socket = new DatagramSocket(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PDU pdu(int type, String... oids) {
    return fill(new PDU(), type, oids);
  }

  static PDU pduV1(int type, String... oids) {
    return fill(new PDUv1(), type, oids);
  }

  private static PDU fill(PDU pdu, int type, String... oids) {
    pdu.setType(type);
    for (String oid : oids) {
      pdu.add(new VariableBinding(new OID(oid)));
    }
    return pdu;
  }

  static PDU bulk(int nonRepeaters, int maxRepetitions, String... oids) {
    PDU pdu = pdu(PDU.GETBULK, oids);
    pdu.setNonRepeaters(nonRepeaters);
    pdu.setMaxRepetitions(maxRepetitions);
    return pdu;
  }

  byte[] encode(PDU pdu, String community) {
    pdu.setRequestID(new Integer32(id++));
    return Tlv.sequence(
        Tlv.integer(pdu instanceof PDUv1 ? 0 : 1),
        Tlv.string(community.getBytes(StandardCharsets.UTF_8)),
        Tlv.encode(pdu));
  }

  /** Asks and returns the answer. */
  PDU ask(SimulatedAgent agent, PDU request) {
    send(agent, encode(request, "public"));
    return decode(receive(PATIENCE_MS).octets(), request instanceof PDUv1);
  }

  void send(SimulatedAgent agent, PDU request) {
    send(agent, encode(request, "public"));
  }

  void send(SimulatedAgent agent, byte[] message) {
    try {
      socket.send(new DatagramPacket(message, message.length, agent.address()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next datagram, or null after that time. */
  Datagram receive(int millis) {
    try {
      byte[] buffer = new byte[65_536];
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.setSoTimeout(millis);
      socket.receive(packet);
      return new Datagram(
          Arrays.copyOf(buffer, packet.getLength()), (InetSocketAddress) packet.getSocketAddress());
    } catch (SocketTimeoutException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Datagram receive() {
    return receive(PATIENCE_MS);
  }

  /** Waits until an agent has taken that many datagrams off its socket. */
  void awaitDatagrams(SimulatedAgent agent, long count) {
    long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000L;
    while (agent.counts().datagrams() < count) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(agent + " took " + agent.counts().datagrams() + " of " + count);
      }
      receive(1);
    }
  }

  static PDU decode(byte[] octets, boolean v1) {
    try {
      Tlv.check(octets);
      BERInputStream in = new BERInputStream(ByteBuffer.wrap(octets));
      Tlv.header(in, BER.SEQUENCE);
      Tlv.integer(in);
      Tlv.string(in);
      PDU pdu = v1 ? new PDUv1() : new PDU();
      pdu.decodeBER(in);
      return pdu;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Walks everything with GETBULK and returns it in the order in which it came. */
  List<VariableBinding> walk(SimulatedAgent agent, int repetitions) {
    List<VariableBinding> all = new ArrayList<>();
    OID at = new OID("0.0");
    while (true) {
      PDU answer = ask(agent, bulk(0, repetitions, at.toDottedString()));
      for (VariableBinding binding : answer.getVariableBindings()) {
        if (binding.isException()) {
          return all;
        }
        all.add(binding);
        at = binding.getOid();
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
