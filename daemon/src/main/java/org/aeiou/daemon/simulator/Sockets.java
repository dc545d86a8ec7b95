package org.aeiou.daemon.simulator;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;

/** Opens one socket for each agent, all on one port. */
final class Sockets implements AutoCloseable {
  private static final int ATTEMPTS = 16;

  /** Enough for the bursts of a few hundred clients; the kernel allocates only what is used. */
  private static final int BUFFER = 1 << 20;

  private static final InetSocketAddress STRANGER = new InetSocketAddress("127.0.0.2", 0);

  private final List<DatagramChannel> channels = new ArrayList<>();
  private DatagramChannel stranger;

  private Sockets() {}

  /**
   * Opens them.
   *
   * @param port 0 for any that is free on all the addresses
   */
  static Sockets open(List<InetAddress> addresses, int port) throws IOException {
    BindException busy = null;
    for (int i = 0; i < (port == 0 ? ATTEMPTS : 1); i++) {
      Sockets sockets = new Sockets();
      try {
        int common = port;
        for (InetAddress address : addresses) {
          common = sockets.bind(new InetSocketAddress(address, common)).getPort();
        }
        sockets.bind(STRANGER);
        sockets.stranger = sockets.channels.remove(sockets.channels.size() - 1);
        return sockets;
      } catch (BindException e) {
        sockets.close();
        busy = e;
      } catch (IOException | RuntimeException e) {
        sockets.close();
        throw e;
      }
    }
    throw busy;
  }

  private InetSocketAddress bind(InetSocketAddress address) throws IOException {
    DatagramChannel channel;
    try {
      channel = DatagramChannel.open(StandardProtocolFamily.INET);
    } catch (IOException e) {
      throw new IOException(
          "cannot open a socket for agent "
              + (channels.size() + 1)
              + ": "
              + e.getMessage()
              + "; every agent needs one: raise the limit of open files (ulimit -n)",
          e);
    }
    channels.add(channel);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
    try {
      channel.bind(address);
    } catch (BindException e) {
      BindException named =
          new BindException(
              address.getAddress().getHostAddress()
                  + ":"
                  + address.getPort()
                  + ": "
                  + e.getMessage()
                  + "; choose another --port or --first-address");
      named.initCause(e);
      throw named;
    }
    return (InetSocketAddress) channel.getLocalAddress();
  }

  DatagramChannel get(int position) {
    return channels.get(position);
  }

  /** A socket that is no agent's: from there come answers of the wrong address. */
  DatagramChannel stranger() {
    return stranger;
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    List<DatagramChannel> all = new ArrayList<>(channels);
    if (stranger != null) {
      all.add(stranger);
    }
    for (DatagramChannel channel : all) {
      try {
        channel.close();
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
