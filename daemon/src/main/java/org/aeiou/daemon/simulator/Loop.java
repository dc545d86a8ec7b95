package org.aeiou.daemon.simulator;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that serves many agents: their sockets through a selector, their delayed answers
 * through a heap. Everything but {@link #add} before the start and {@link #close} happens on it.
 *
 * <p>Delays are real time even where the agents' clock is not: the thread that waits for an answer
 * does so on a real socket.
 */
final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Below a millisecond the selector cannot wait; the naps there are this long. */
  private static final long NAP_NANOS = 100_000;

  /**
   * Datagrams taken from one socket before the others, and the answers that are due, get a turn.
   */
  private static final int TURN = 16;

  private final Selector selector;
  private final Thread thread;
  private final DatagramChannel stranger;

  /** In the order in which they are due; among equals, in which they came. */
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();

  private final ByteBuffer in = ByteBuffer.allocateDirect(65_536);
  private final ByteBuffer out = ByteBuffer.allocateDirect(65_536);
  private long order;
  private volatile boolean open = true;

  private record Waiting(Outgoing answer, long order) implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      // Times of nanoTime are compared by their difference: they may overflow.
      int byTime = Long.signum(answer.due() - other.answer.due());
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  Loop(String name, DatagramChannel stranger) throws IOException {
    selector = Selector.open();
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    this.stranger = stranger;
  }

  /** Serves an agent; before {@link #start}. */
  void add(SimulatedAgent agent) throws ClosedChannelException {
    agent.channel().register(selector, SelectionKey.OP_READ, agent);
  }

  void start() {
    thread.start();
  }

  /** Sends an answer when it is due. */
  void send(Outgoing answer) {
    if (answer.due() - System.nanoTime() <= 0) {
      sendNow(answer);
    } else {
      waiting.add(new Waiting(answer, order++));
    }
  }

  private void run() {
    try {
      while (open) {
        select();
        sendDue();
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("simulated agents stop answering", e);
    }
  }

  private void select() throws IOException {
    Waiting next = waiting.peek();
    if (next == null) {
      selector.select(this::receive);
      return;
    }
    long left = next.answer().due() - System.nanoTime();
    if (left >= NANOS_PER_MILLI) {
      selector.select(this::receive, left / NANOS_PER_MILLI);
    } else if (selector.selectNow(this::receive) == 0 && left > 0) {
      LockSupport.parkNanos(Math.min(left, NAP_NANOS));
    }
  }

  private void receive(SelectionKey key) {
    SimulatedAgent agent = (SimulatedAgent) key.attachment();
    try {
      for (int i = 0; i < TURN; i++) {
        in.clear();
        SocketAddress from = agent.channel().receive(in);
        if (from == null) {
          return;
        }
        byte[] message = new byte[in.flip().remaining()];
        in.get(message);
        agent.receive(message, from, this, System.nanoTime());
      }
    } catch (ClosedChannelException e) {
      // The network is being closed.
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: a datagram was not answered", agent, e);
    }
  }

  private void sendDue() {
    long now = System.nanoTime();
    while (!waiting.isEmpty() && waiting.peek().answer().due() - now <= 0) {
      sendNow(waiting.remove().answer());
    }
  }

  private void sendNow(Outgoing answer) {
    SimulatedAgent agent = answer.agent();
    // Locked, so that a client that has the answer finds it in the counts.
    synchronized (agent) {
      agent.answered(answer, transmit(agent, answer));
    }
  }

  private boolean transmit(SimulatedAgent agent, Outgoing answer) {
    boolean sent = false;
    if (answer.message() != null) {
      out.clear();
      out.put(answer.message()).flip();
      try {
        DatagramChannel from = answer.stranger() ? stranger : agent.channel();
        sent = from.send(out, answer.to()) > 0;
      } catch (IOException e) {
        LOG.debug("{}: cannot answer {}", agent, answer.to(), e);
      }
    }
    return sent;
  }

  /** Stops the thread; what was waiting is never sent. The channels stay the caller's to close. */
  @Override
  public void close() throws IOException {
    open = false;
    selector.wakeup();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    selector.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
