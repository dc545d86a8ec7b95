package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that listens to some wires. It decodes and hands over; what takes longer goes elsewhere.
 */
final class Listener implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  /** How often what is too late is forgotten. */
  private static final long FORGET_MILLIS = 500;

  /** How many datagrams are read from one wire before the others get their turn. */
  private static final int BURST = 64;

  private final List<Wire> wires;
  private final Ticker ticker;
  private final Selector selector;
  private final Thread thread;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private volatile boolean closed;

  Listener(int number, List<Wire> wires, Ticker ticker) throws IOException {
    this.wires = List.copyOf(wires);
    this.ticker = ticker;
    this.selector = Selector.open();
    try {
      for (Wire wire : wires) {
        wire.channel().register(selector, SelectionKey.OP_READ, wire);
      }
    } catch (IOException | RuntimeException e) {
      selector.close();
      throw e;
    }
    this.thread = new Thread(this, "aeiou-snmp-" + number);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** A wire has something that had to wait; any thread. */
  void sendDelayed() {
    selector.wakeup();
  }

  @Override
  public void run() {
    long forget = System.nanoTime();
    while (!closed) {
      try {
        selector.select(FORGET_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid() && key.isReadable()) {
            read((Wire) key.attachment());
          }
        }
        selector.selectedKeys().clear();
        for (SelectionKey key : selector.keys()) {
          boolean all = ((Wire) key.attachment()).sendDelayed();
          key.interestOps(
              all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
      } catch (IOException | RuntimeException e) {
        if (!closed) {
          LOG.error("SNMP: listening failed, and goes on: {}", e.toString());
        }
      }
      // Real time decides when to look, the injected time what is late.
      if (System.nanoTime() - forget > FORGET_MILLIS * 1_000_000L) {
        forget = System.nanoTime();
        wires.forEach(wire -> wire.forgetLate(ticker.read()));
      }
    }
  }

  private void read(Wire wire) throws IOException {
    for (int i = 0; i < BURST; i++) {
      buffer.clear();
      SocketAddress from;
      try {
        from = wire.channel().receive(buffer);
      } catch (ClosedChannelException e) {
        return;
      }
      if (from == null) {
        return;
      }
      byte[] datagram = new byte[buffer.flip().remaining()];
      buffer.get(datagram);
      try {
        wire.received(datagram, from);
      } catch (RuntimeException e) {
        LOG.error("SNMP: a datagram from {} could not be handled", from, e);
      }
    }
  }

  /** Stops the thread and waits for it, but not for itself. Its wires stay open. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      if (Thread.currentThread() != thread) {
        thread.join();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("SNMP: closing a selector failed: {}", e.toString());
    }
  }
}
