package org.aeiou.daemon.backend.snmp.trap;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Fatal;
import org.aeiou.daemon.backend.Listening;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets at which traps are received, and the thread that does. */
public final class TrapSocket implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(TrapSocket.class);

  /** Traps come in bursts: a chassis that loses its power says so of each interface. */
  private static final int BUFFER = 4 << 20;

  private static final int BURST = 64;
  private static final long TICK_MILLIS = 500;

  private final TrapReceiver receiver;
  private final TrapCounters counters;
  private final Selector selector;
  private final List<DatagramChannel> channels = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private final Thread thread = new Thread(this::run, "aeiou-traps");
  private volatile boolean closed;

  /**
   * Listens, until it is closed.
   *
   * @throws IOException if an address cannot be listened at; names it, and says what to do
   */
  public TrapSocket(Listening listening, TrapReceiver receiver, TrapCounters counters)
      throws IOException {
    this.receiver = receiver;
    this.counters = counters;
    this.selector = Selector.open();
    try {
      for (InetSocketAddress address : listening.addresses()) {
        open(address);
      }
      if (listening.inherited()) {
        inherit();
      }
    } catch (IOException | RuntimeException e) {
      closeAll();
      throw e;
    }
    thread.setDaemon(true);
    thread.start();
  }

  private void open(InetSocketAddress address) throws IOException {
    boolean six = address.getAddress().getAddress().length > 4;
    DatagramChannel channel =
        DatagramChannel.open(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
    channels.add(channel);
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
      channel.configureBlocking(false);
      channel.bind(address);
    } catch (IOException | RuntimeException e) {
      String hint =
          address.getPort() < 1024
              ? "; a port below 1024 takes the capability CAP_NET_BIND_SERVICE, or a socket from"
                  + " the service manager"
              : e instanceof BindException ? "; another program may listen there" : "";
      throw new IOException("traps.listen: " + written(address) + ": " + e.getMessage() + hint, e);
    }
    channel.register(selector, SelectionKey.OP_READ);
  }

  /** Takes the socket that the service manager has made the standard input. */
  private void inherit() throws IOException {
    if (!(System.inheritedChannel() instanceof DatagramChannel channel)) {
      throw new IOException(
          "traps.listen: 'inherited' is the standard input, and that is no UDP socket; give the"
              + " service 'StandardInput=socket', and its socket unit 'ListenDatagram='");
    }
    channels.add(channel);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
  }

  private static String written(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + " port " + address.getPort();
  }

  /** Where it listens. */
  public List<InetSocketAddress> addresses() throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (DatagramChannel channel : channels) {
      addresses.add((InetSocketAddress) channel.getLocalAddress());
    }
    return addresses;
  }

  private void run() {
    try {
      while (!closed) {
        try {
          selector.select(key -> read((DatagramChannel) key.channel()), TICK_MILLIS);
        } catch (IOException | RuntimeException e) {
          if (!closed) {
            LOG.error("SNMP: listening for traps failed, and goes on: {}", e.toString());
          }
        }
        receiver.tick();
      }
    } catch (RuntimeException | Error e) {
      Fatal.handOver(e);
      LOG.error("SNMP: no traps are received any more", e);
    }
  }

  private void read(DatagramChannel channel) {
    for (int i = 0; i < BURST && !closed; i++) {
      buffer.clear();
      try {
        InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
        if (from == null) {
          return;
        }
        byte[] datagram = new byte[buffer.flip().remaining()];
        buffer.get(datagram);
        byte[] answer = receiver.received(datagram, from);
        if (answer != null && channel.send(ByteBuffer.wrap(answer), from) == 0) {
          counters.add(TrapCounter.SEND_FAILED); // as if lost on the way: the agent tries again
        }
      } catch (IOException e) {
        if (!closed) {
          counters.add(TrapCounter.SEND_FAILED);
        }
      }
    }
  }

  private void closeAll() {
    for (DatagramChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.warn("SNMP: closing a socket failed: {}", e.toString());
      }
    }
  }

  /** Stops the thread and waits for it. */
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
    closeAll();
  }
}
