package org.aeiou.daemon.backend.snmp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.MessageHeader;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;

/**
 * One UDP socket, and what is on its way through it.
 *
 * <p>Any thread sends, and any thread stops what is on its way. One {@link ReceiveLoop} receives,
 * and it alone looks a response up. They share a concurrent map and need no lock: a pending
 * exchange that is in the map is changed by the receive loop only, and {@link #stop} takes it out
 * and answers it without changing it.
 *
 * <p>The map is small whatever the agents answer. What was answered is out of it; what was not goes
 * soon after the scheduler gave it up.
 *
 * <p>The socket is not connected, because it serves many systems. Whether a datagram came from the
 * address that was asked is looked up here, before anything is decoded.
 */
final class UdpSocket {

  /** How many answered messages are remembered, so that duplicates are known. */
  private static final int MOST_ANSWERED = 4096;

  /**
   * A message on its way.
   *
   * @param number which of its exchange's messages it is
   */
  private record Sent(
      PendingExchange pending,
      int number,
      int version,
      MessageCodec.Message message,
      long forgetNanos) {}

  private record Delayed(byte[] octets, InetSocketAddress to) {}

  private final DatagramChannel channel;
  private final Selector selector;
  private final IntSupplier ids;
  private final SnmpCounters counters;
  private final ConcurrentHashMap<Integer, Sent> sent = new ConcurrentHashMap<>();

  /** Which address answered which message lately; for the receive loop only. */
  private final Map<Integer, InetSocketAddress> answered =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, InetSocketAddress> eldest) {
          return size() > MOST_ANSWERED;
        }
      };

  /** What the socket did not take at once; the receive loop sends it. */
  private final Queue<Delayed> delayed = new ConcurrentLinkedQueue<>();

  /**
   * An open socket.
   *
   * @param selector of the receive loop
   * @param receiveBuffer bytes asked for
   * @param ids numbers for messages
   */
  UdpSocket(Selector selector, int receiveBuffer, IntSupplier ids, SnmpCounters counters)
      throws IOException {
    this.selector = selector;
    this.ids = ids;
    this.counters = counters;
    this.channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      channel.configureBlocking(false);
      channel.bind(null);
      channel.register(selector, SelectionKey.OP_READ, this);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  int waiting() {
    return sent.size();
  }

  /** An id for a message, one that no other on its way through here has; 1 to 2³¹−1. */
  int nextId() {
    int id = ids.getAsInt();
    while (sent.containsKey(id)) {
      id = ids.getAsInt();
    }
    return id;
  }

  DatagramChannel channel() {
    return channel;
  }

  /**
   * Sends a message and remembers it under {@code id}. Never blocks.
   *
   * @throws IOException if the network refuses it; it is not remembered then
   */
  void send(int id, PendingExchange pending, int version, MessageCodec.Message message)
      throws IOException {
    // Remembered first: the response may be there before send returns.
    sent.put(id, new Sent(pending, pending.message(), version, message, pending.forgetNanos()));
    transmit(id, pending, message.octets());
  }

  /**
   * Sends the message of an exchange once more, from the same port. Never blocks.
   *
   * @return false if none is on its way
   * @throws IOException if the network refuses it
   */
  boolean repeat(Exchange<Question, Value> exchange) throws IOException {
    // Rare enough to look through what is on its way.
    for (Map.Entry<Integer, Sent> entry : sent.entrySet()) {
      Sent first = entry.getValue();
      if (first.pending.exchange == exchange && first.number == first.pending.message()) {
        MessageCodec codec = first.pending.codec;
        int id = nextId();
        MessageCodec.Message again = codec.repeated(first.message, id);
        if (again == null) {
          transmit(entry.getKey(), first.pending, first.message.octets());
        } else {
          sent.put(
              id, new Sent(first.pending, first.number, first.version, again, first.forgetNanos));
          transmit(id, first.pending, again.octets());
        }
        return true;
      }
    }
    return false;
  }

  private void transmit(int id, PendingExchange pending, byte[] octets) throws IOException {
    try {
      if (delayed.isEmpty() && channel.send(ByteBuffer.wrap(octets), pending.address) > 0) {
        counters.add(SnmpCounter.SENT);
        return;
      }
    } catch (IOException | RuntimeException e) {
      sent.remove(id);
      throw e;
    }
    counters.add(SnmpCounter.SENT_DELAYED);
    delayed.add(new Delayed(octets, pending.address));
    selector.wakeup();
  }

  /**
   * Sends what had to wait, as far as the socket takes it; by the receive loop. True if all went.
   */
  boolean sendDelayed() {
    for (Delayed next = delayed.peek(); next != null; next = delayed.peek()) {
      try {
        if (channel.send(ByteBuffer.wrap(next.octets()), next.to()) == 0) {
          return false;
        }
        counters.add(SnmpCounter.SENT);
      } catch (IOException | RuntimeException e) {
        // As if lost on the way: the scheduler tries again.
        counters.add(SnmpCounter.SEND_FAILED);
      }
      delayed.remove();
    }
    return true;
  }

  /** Handles a datagram; by the receive loop. */
  void received(byte[] datagram, SocketAddress from) {
    counters.add(SnmpCounter.RECEIVED);
    MessageHeader header = MessageHeader.of(datagram);
    if (header == null) {
      counters.add(SnmpCounter.GARBAGE);
      return;
    }
    Sent request = sent.get(header.id());
    if (request == null) {
      counters.add(
          from.equals(answered.get(header.id())) ? SnmpCounter.DUPLICATE : SnmpCounter.UNMATCHED);
    } else if (!request.pending.address.equals(from)) {
      request.pending.agent.answeredFrom(from, request.pending);
      counters.add(SnmpCounter.OTHER_ADDRESS);
    } else if (request.version != header.version()) {
      counters.add(SnmpCounter.OTHER_CREDENTIALS);
    } else {
      decode(request, header.id(), datagram);
    }
  }

  private void decode(Sent request, int id, byte[] datagram) {
    PendingExchange pending = request.pending;
    MessageCodec.Decoded decoded = pending.codec.decode(datagram, id, request.message);
    if (decoded instanceof MessageCodec.Decoded.Dropped dropped) {
      counters.add(dropped.why());
      return;
    }
    sent.remove(id);
    answered.put(id, pending.address);
    if (!pending.take(request.number)) {
      counters.add(SnmpCounter.DUPLICATE);
    } else {
      pending.agent.decoded(pending, decoded, datagram.length);
    }
  }

  /** Forgets what even a late answer would come too late for; by the receive loop. */
  void forgetLate(long nowNanos) {
    sent.values().removeIf(request -> nowNanos - request.forgetNanos > 0);
  }

  /**
   * Forgets exchanges and hands them to their agents as stopped; any thread. One that is being
   * answered at the same time may be answered twice: its second answer is dropped.
   */
  void stop(Predicate<PendingExchange> which) {
    sent.values()
        .removeIf(
            request -> {
              boolean stop = which.test(request.pending);
              if (stop) {
                request.pending.agent.stopped(request.pending);
              }
              return stop;
            });
  }

  void close() throws IOException {
    channel.close();
  }
}
