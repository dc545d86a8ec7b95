package org.aeiou.daemon.backend.snmp;

import java.net.InetSocketAddress;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;

/**
 * An exchange that was started. It has one message on its way at a time, which may be repeated:
 * more than one in all where an agent of v3 has to be found first.
 *
 * <p>One thread at a time changes it: first the thread that started it, then the receive loop or
 * the worker that handles what came back. Each message's way through the socket's map orders them.
 */
final class PendingExchange {
  /** Discovery, the clock, the question; and all of it once more for an agent that changed. */
  private static final int MOST_MESSAGES = 6;

  /** How much longer than the scheduler waits for a second time-out a late answer is waited for. */
  private static final long MARGIN_NANOS = 1_000_000_000L;

  final Agent agent;
  final Exchange<Question, Value> exchange;
  final Query query;

  /** What its messages are made by. */
  final MessageCodec codec;

  final InetSocketAddress address;

  /** When the scheduler began to wait: with the start, or with the last answer in part. */
  private long startNanos;

  /** Which of its messages is waited for; a repeated one has the number of the first. */
  private volatile int messages;

  /** How many of them were answered. */
  private volatile int answered;

  PendingExchange(
      Agent agent,
      Exchange<Question, Value> exchange,
      Query query,
      MessageCodec codec,
      InetSocketAddress address,
      long startNanos) {
    this.agent = agent;
    this.exchange = exchange;
    this.query = query;
    this.codec = codec;
    this.address = address;
    this.startNanos = startNanos;
  }

  /** Counts one more message; false if there were too many. */
  boolean mayBeSent() {
    int next = messages + 1; // one thread at a time
    messages = next;
    return next <= MOST_MESSAGES;
  }

  /** The number of the message that is waited for. */
  int message() {
    return messages;
  }

  /**
   * Takes the answer to a message; false if that was answered before, to another datagram that
   * carried it. By the receive loop.
   */
  boolean take(int message) {
    if (message <= answered) {
      return false;
    }
    answered = message;
    return true;
  }

  /** Says that the agent answered in part: the scheduler's patience begins anew. */
  void answeredInPart(long nowNanos) {
    startNanos = nowNanos;
    exchange.answeredInPart();
  }

  /** Whether the scheduler has given this up: an answer is late, and nothing more is asked. */
  boolean late(long nowNanos) {
    return nowNanos - startNanos > exchange.timeoutNanos();
  }

  /** When even a late answer comes too late, by the back end's ticker. */
  long forgetNanos() {
    return startNanos + 2 * exchange.timeoutNanos() + MARGIN_NANOS;
  }
}
