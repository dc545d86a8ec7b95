package org.aeiou.daemon.cluster.nats;

import com.google.common.base.Ticker;
import io.nats.client.Connection;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is sent on one connection, and has not reached the server for all that is known: bounded, as
 * a server that takes nothing would let it grow.
 *
 * <p>A mark is a message to the connection itself. The server deals with all of a connection in
 * order, so when a mark is back, what was sent before it has been dealt with.
 */
final class Sending {
  private static final long MOST_BYTES = 32 << 20;
  private static final long MOST_MESSAGES = 1 << 16;
  private static final long BYTES_OF_A_MARK = 256 << 10;
  private static final long MESSAGES_OF_A_MARK = 512;
  private static final byte[] NOTHING = new byte[0];

  /** Told if a message has no subscriber. */
  private record Waiting(long number, Runnable then) {}

  /** How much was sent before a mark. */
  private record Mark(long number, long bytes, long messages, long atNanos) {}

  private final Connection connection;
  private final String inbox;
  private final Ticker ticker;

  // All below is guarded by this object: numbers are sent in order.
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long number;
  private long bytes;
  private long messages;
  private long bytesArrived;
  private long messagesArrived;
  private long bytesMarked;
  private long messagesMarked;

  Sending(Connection connection, String inbox, Ticker ticker) {
    this.connection = connection;
    this.inbox = inbox;
    this.ticker = ticker;
  }

  /** For what is kept by the server; such messages are few and bounded elsewhere. */
  JetStream jetStream() {
    return new JetStream(connection);
  }

  /** The prefix of the subjects of this connection alone; a letter and a number follow. */
  String inbox() {
    return inbox;
  }

  /** Sends a message; false if too much is under way, or the connection has ended. */
  synchronized boolean send(String subject, byte[] message, Runnable then) {
    if (bytes - bytesArrived > MOST_BYTES || messages - messagesArrived > MOST_MESSAGES) {
      return false;
    }
    try {
      if (then == null) {
        connection.publish(subject, message);
      } else {
        number++;
        connection.publish(subject, inbox + "u" + number, message);
        waiting.addLast(new Waiting(number, then));
      }
    } catch (IllegalStateException e) {
      return false;
    }
    bytes += message.length + subject.length();
    messages++;
    if (bytes - bytesMarked > BYTES_OF_A_MARK || messages - messagesMarked > MESSAGES_OF_A_MARK) {
      mark();
    }
    return true;
  }

  synchronized void mark() {
    number++;
    try {
      connection.publish(inbox + "m" + number, NOTHING);
    } catch (IllegalStateException e) {
      return;
    }
    bytesMarked = bytes;
    messagesMarked = messages;
    marks.addLast(new Mark(number, bytes, messages, ticker.read()));
  }

  /** What to run for a message that has no subscriber; null if that is known no more. */
  synchronized Runnable unheard(long of) {
    while (!waiting.isEmpty() && waiting.getFirst().number() < of) {
      waiting.removeFirst();
    }
    return !waiting.isEmpty() && waiting.getFirst().number() == of
        ? waiting.removeFirst().then()
        : null;
  }

  /** A mark is back; returns how long it took, in nanoseconds. */
  synchronized long returned(long of) {
    while (!waiting.isEmpty() && waiting.getFirst().number() < of) {
      waiting.removeFirst();
    }
    Mark mark = null;
    while (!marks.isEmpty() && marks.getFirst().number() <= of) {
      mark = marks.removeFirst();
    }
    if (mark == null) {
      return 0;
    }
    bytesArrived = mark.bytes();
    messagesArrived = mark.messages();
    return ticker.read() - mark.atNanos();
  }
}
