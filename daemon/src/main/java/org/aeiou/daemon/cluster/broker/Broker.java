package org.aeiou.daemon.cluster.broker;

import java.io.Closeable;
import java.util.function.Consumer;

/**
 * Carries messages between members, at most once and in the order of each sender; promises no more.
 * Any thread may call any method. None waits.
 */
public interface Broker extends AutoCloseable {

  /** Whether messages can be carried. */
  enum State {
    /** They can. */
    CONNECTED,
    /** They cannot, and it is not known why: other members may have it. */
    UNREACHABLE,
    /** Every server refuses the connection: there is no broker, for other members neither. */
    GONE
  }

  /**
   * Sends a message to all that subscribe to a subject.
   *
   * @param message at most {@link #mostBytes} long; must not be changed any more
   * @return false, and counted, if it is not connected or has too much to send: then it is dropped
   */
  boolean send(String subject, byte[] message);

  /**
   * As {@link #send(String, byte[])}, for a message that one member is to get.
   *
   * @param unheard runs once, on a thread of the broker, if none subscribes to the subject; must
   *     not wait
   */
  boolean send(String subject, byte[] message, Runnable unheard);

  /**
   * Receives messages until the result is closed. Connections that come later receive them, too.
   *
   * @param handler is called by one thread of the broker at a time; must not wait
   */
  Closeable subscribe(String subject, Consumer<byte[]> handler);

  State state();

  /** Tells of each other state from now on, on a thread of the broker. */
  void listen(Consumer<State> listener);

  /** How long a message may be, in bytes. */
  int mostBytes();

  /** How long it takes to the server and back, smoothed, in nanoseconds; -1 before it is known. */
  long roundTripNanos();

  @Override
  void close();
}
