package org.aeiou.daemon.backend.snmp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * One UDP socket, and what is on its way through it.
 *
 * <p>Any thread sends; one {@link Listener} receives, and is the only one that looks a response up,
 * so no lock is needed between them: the table is a concurrent map, and what it holds is touched by
 * the listener only, once it is in. It is small whatever the agents answer: what was answered is
 * out of it, and what was not goes soon after the scheduler gave it up. Not connected to one peer:
 * one socket serves many systems, and whether a datagram came from who was asked is looked up here,
 * before anything is decoded.
 */
final class Wire {

  /** How many answered messages are remembered, so that duplicates are known. */
  private static final int MOST_ANSWERED = 4096;

  /** A message on its way. */
  private record Sent(Flight flight, int version, Dialect.Message message, long forgetNanos) {}

  private record Delayed(byte[] octets, InetSocketAddress to) {}

  private final DatagramChannel channel;
  private final Counters counters;
  private final ConcurrentHashMap<Integer, Sent> sent = new ConcurrentHashMap<>();

  /** Who answered what lately; for the listener only. */
  private final Map<Integer, InetSocketAddress> answered =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, InetSocketAddress> eldest) {
          return size() > MOST_ANSWERED;
        }
      };

  /** What the socket did not take at once; the listener sends it. */
  private final Queue<Delayed> delayed = new ConcurrentLinkedQueue<>();

  Wire(int receiveBuffer, Counters counters) throws IOException {
    this.counters = counters;
    this.channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      channel.configureBlocking(false);
      channel.bind(null);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  int waiting() {
    return sent.size();
  }

  /** Whether a message of that number is on its way. */
  boolean isUsed(int id) {
    return sent.containsKey(id);
  }

  DatagramChannel channel() {
    return channel;
  }

  /**
   * Sends a message and remembers it under {@code id}. Never blocks.
   *
   * @return whether the listener has to send it, because the socket's buffer is full
   * @throws IOException if the network refuses it; it is not remembered then
   */
  boolean send(int id, Flight flight, int version, Dialect.Message message) throws IOException {
    byte[] octets = message.octets();
    // Remembered first: the response may be there before send returns.
    sent.put(id, new Sent(flight, version, message, flight.forgetNanos()));
    try {
      if (delayed.isEmpty() && channel.send(ByteBuffer.wrap(octets), flight.address) > 0) {
        counters.add(Count.SENT);
        return false;
      }
    } catch (IOException | RuntimeException e) {
      sent.remove(id);
      throw e;
    }
    counters.add(Count.SENT_DELAYED);
    delayed.add(new Delayed(octets, flight.address));
    return true;
  }

  /** Sends what had to wait, as far as the socket takes it; by the listener. True if all went. */
  boolean sendDelayed() {
    for (Delayed next = delayed.peek(); next != null; next = delayed.peek()) {
      try {
        if (channel.send(ByteBuffer.wrap(next.octets()), next.to()) == 0) {
          return false;
        }
        counters.add(Count.SENT);
      } catch (IOException | RuntimeException e) {
        // As if lost on the way: the scheduler tries again.
        counters.add(Count.SEND_FAILED);
      }
      delayed.remove();
    }
    return true;
  }

  /** Handles a datagram; by the listener. */
  void received(byte[] datagram, SocketAddress from) {
    counters.add(Count.RECEIVED);
    Header header = Header.of(datagram);
    if (header == null) {
      counters.add(Count.GARBAGE);
      return;
    }
    Sent request = sent.get(header.id());
    if (request == null) {
      counters.add(from.equals(answered.get(header.id())) ? Count.DUPLICATE : Count.UNMATCHED);
    } else if (!request.flight.address.equals(from)) {
      request.flight.agent.answeredFrom(from, request.flight);
      counters.add(Count.OTHER_ADDRESS);
    } else if (request.version != header.version()) {
      counters.add(Count.OTHER_CREDENTIALS);
    } else {
      decode(request, header.id(), datagram);
    }
  }

  private void decode(Sent request, int id, byte[] datagram) {
    Flight flight = request.flight;
    Dialect.Heard heard = flight.agent.dialect().decode(datagram, id, request.message);
    if (heard instanceof Dialect.Heard.Dropped dropped) {
      counters.add(dropped.why());
    } else {
      sent.remove(id);
      answered.put(id, flight.address);
      flight.agent.heard(flight, heard, datagram.length);
    }
  }

  /** Forgets what even a late answer would come too late for; by the listener. */
  void forgetLate(long nowNanos) {
    sent.values().removeIf(request -> nowNanos - request.forgetNanos > 0);
  }

  /**
   * Forgets flights and hands them to their agents as stopped; any thread. A flight that is being
   * answered at the same time may be answered twice, and the second answer is dropped.
   */
  void stop(Predicate<Flight> which) {
    sent.values()
        .removeIf(
            request -> {
              boolean stop = which.test(request.flight);
              if (stop) {
                request.flight.agent.stopped(request.flight);
              }
              return stop;
            });
  }

  void close() throws IOException {
    channel.close();
  }
}
