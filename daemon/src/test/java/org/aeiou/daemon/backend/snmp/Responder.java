package org.aeiou.daemon.backend.snmp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.snmp4j.PDU;
import org.snmp4j.asn1.BER;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.asn1.BEROutputStream;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OctetString;

/** An agent of v1 and v2c on loopback that does what a test wants, right or wrong. */
final class Responder implements AutoCloseable {
  static final String COMMUNITY = "public";

  /** What to do with a request; may send any number of datagrams. */
  interface Behaviour {
    void asked(Responder me, PDU request, SocketAddress from) throws IOException;
  }

  private final DatagramSocket socket;
  private final Thread thread;
  final AtomicInteger requests = new AtomicInteger();
  private volatile int version;
  volatile int lastBytes;

  Responder(Behaviour behaviour) throws IOException {
    this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    // A burst of requests must not be lost here: what a test counts is what the back end loses.
    socket.setReceiveBufferSize(4 << 20);
    this.thread = new Thread(() -> serve(behaviour), "responder");
    thread.setDaemon(true);
    thread.start();
  }

  SnmpSettings settings(Version speaking) {
    return new SnmpSettings(
        "127.0.0.1", socket.getLocalPort(), speaking, new Secret(COMMUNITY), null);
  }

  private void serve(Behaviour behaviour) {
    byte[] buffer = new byte[1 << 16];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        lastBytes = packet.getLength();
        PDU request = decode(packet);
        requests.incrementAndGet();
        behaviour.asked(this, request, packet.getSocketAddress());
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new AssertionError(e);
        }
      }
    }
  }

  private PDU decode(DatagramPacket packet) throws IOException {
    BERInputStream in =
        new BERInputStream(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
    BER.decodeHeader(in, new BER.MutableByte());
    Integer32 spoken = new Integer32();
    spoken.decodeBER(in);
    version = spoken.getValue();
    new OctetString().decodeBER(in);
    PDU pdu = new PDU();
    pdu.decodeBER(in);
    return pdu;
  }

  /** A response to {@code request} without bindings. */
  static PDU response(PDU request) {
    PDU response = new PDU();
    response.setType(PDU.RESPONSE);
    response.setRequestID(request.getRequestID());
    return response;
  }

  static PDU error(PDU request, int status, int index) {
    PDU response = response(request);
    response.addAll(request.getVariableBindings());
    response.setErrorStatus(status);
    response.setErrorIndex(index);
    return response;
  }

  byte[] encode(PDU pdu, String community) throws IOException {
    OctetString name = new OctetString(community);
    Integer32 spoken = new Integer32(version);
    int length = pdu.getBERLength() + name.getBERLength() + spoken.getBERLength();
    BEROutputStream out =
        new BEROutputStream(ByteBuffer.allocate(length + 1 + BER.getBERLengthOfLength(length)));
    BER.encodeHeader(out, BER.SEQUENCE, length);
    spoken.encodeBER(out);
    name.encodeBER(out);
    pdu.encodeBER(out);
    return out.getBuffer().array();
  }

  void send(byte[] octets, SocketAddress to) throws IOException {
    socket.send(new DatagramPacket(octets, octets.length, to));
  }

  void send(PDU pdu, SocketAddress to) throws IOException {
    send(encode(pdu, COMMUNITY), to);
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
