package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that receives from some sockets. It decodes and hands over; what takes longer goes to a
 * worker.
 */
final class ReceiveLoop implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiveLoop.class);

  /** How often what is too late is forgotten. */
  private static final long FORGET_MILLIS = 500;

  /** How many datagrams are read from one socket before the others get their turn. */
  private static final int BURST = 64;

  private final Ticker ticker;
  private final Selector selector;
  private final Thread thread;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private volatile boolean closed;

  ReceiveLoop(int number, Ticker ticker) throws IOException {
    this.ticker = ticker;
    this.selector = Selector.open();
    this.thread = new Thread(this, "aeiou-snmp-" + number);
    thread.setDaemon(true);
  }

  /** What its sockets register with, before it starts. */
  Selector selector() {
    return selector;
  }

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    long forget = System.nanoTime();
    while (!closed) {
      try {
        selector.select(FORGET_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid() && key.isReadable()) {
            read((UdpSocket) key.attachment());
          }
        }
        selector.selectedKeys().clear();
        for (SelectionKey key : selector.keys()) {
          boolean all = ((UdpSocket) key.attachment()).sendDelayed();
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
        selector.keys().forEach(key -> ((UdpSocket) key.attachment()).forgetLate(ticker.read()));
      }
    }
  }

  private void read(UdpSocket socket) throws IOException {
    for (int i = 0; i < BURST; i++) {
      buffer.clear();
      SocketAddress from;
      try {
        from = socket.channel().receive(buffer);
      } catch (ClosedChannelException e) {
        return;
      }
      if (from == null) {
        return;
      }
      byte[] datagram = new byte[buffer.flip().remaining()];
      buffer.get(datagram);
      try {
        socket.received(datagram, from);
      } catch (RuntimeException e) {
        LOG.error("SNMP: a datagram from {} could not be handled", from, e);
      }
    }
  }

  /** Stops the thread and waits for it, but not for itself. Its sockets stay open. */
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
