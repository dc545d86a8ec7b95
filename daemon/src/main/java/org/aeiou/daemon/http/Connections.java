package org.aeiou.daemon.http;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aeiou.daemon.config.HttpSettings;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * The connections there are: at most so many at once, at most so many of one address, and none for
 * long that asks for nothing. A client that sends its request octet by octet asks for nothing until
 * its headers are complete.
 *
 * <p>Any thread may call any method.
 */
final class Connections {
  /** For how long a new connection may take for its first request, with TLS. */
  static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** For how long one may take for the next. */
  static final long NEXT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int OCTETS_OF_A_SITE = 8;

  /** What becomes of a connection. */
  enum Admission {
    ADMITTED,
    /** There are as many as there may be. */
    TOO_MANY,
    /** Its address has as many as it may have. */
    TOO_MANY_OF_ADDRESS
  }

  /** One connection. */
  private static final class Connection {
    private final InetAddress site;
    private volatile EndPoint endPoint;

    /** Since when it asks for nothing. */
    private volatile long sinceNanos;

    private volatile boolean asks;
    private volatile long patienceNanos = FIRST_NANOS;

    Connection(InetAddress site, long nowNanos) {
      this.site = site;
      this.sinceNanos = nowNanos;
    }
  }

  private final Ticker ticker;
  private volatile HttpSettings.Connections most;
  private final Map<Object, Connection> open = new ConcurrentHashMap<>();

  /** How many of each site are in {@link #open}. Guarded by this. */
  private final Map<InetAddress, Integer> ofSite = new HashMap<>();

  Connections(HttpSettings.Connections most, Ticker ticker) {
    this.most = most;
    this.ticker = ticker;
  }

  /** From now on there may be so many; those that are there stay. */
  void limit(HttpSettings.Connections next) {
    most = next;
  }

  int count() {
    return open.size();
  }

  /** Decides on a new connection, and counts it if it is admitted. */
  synchronized Admission admit(SocketChannel channel) throws IOException {
    if (open.size() >= most.all()) {
      return Admission.TOO_MANY;
    }
    InetAddress site = site(((InetSocketAddress) channel.getRemoteAddress()).getAddress());
    if (ofSite.getOrDefault(site, 0) >= most.ofAddress()) {
      return Admission.TOO_MANY_OF_ADDRESS;
    }
    ofSite.merge(site, 1, Integer::sum);
    open.put(channel, new Connection(site, ticker.read()));
    return Admission.ADMITTED;
  }

  /** An address, or for IPv6 the network it is in: its owner has all the addresses of that. */
  private static InetAddress site(InetAddress address) throws IOException {
    byte[] octets = address.getAddress();
    if (octets.length <= Integer.BYTES || address.isLoopbackAddress()) {
      return address;
    }
    Arrays.fill(octets, OCTETS_OF_A_SITE, octets.length, (byte) 0);
    return InetAddress.getByAddress(octets);
  }

  /** An admitted one can be read from now on. */
  void opened(EndPoint endPoint) {
    Connection connection = open.get(endPoint.getTransport());
    if (connection != null) {
      connection.endPoint = endPoint;
    }
  }

  /** Forgets one. */
  synchronized void closed(Object channel) {
    Connection connection = open.remove(channel);
    if (connection != null) {
      ofSite.computeIfPresent(connection.site, (same, count) -> count > 1 ? count - 1 : null);
    }
  }

  /** Ends all there are, whatever they ask for. */
  void endAll() {
    for (Connection connection : open.values()) {
      if (connection.endPoint != null) {
        connection.endPoint.close();
      }
    }
  }

  /** A request is complete but for its content, and is answered from now on. */
  void asks(Request request) {
    Connection connection = open.get(channel(request));
    if (connection != null) {
      connection.asks = true;
    }
  }

  /** The request has its answer. */
  void answered(Request request) {
    Connection connection = open.get(channel(request));
    if (connection != null) {
      connection.patienceNanos = NEXT_NANOS;
      connection.sinceNanos = ticker.read();
      connection.asks = false;
    }
  }

  private static Object channel(Request request) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    while (endPoint instanceof EndPoint.Wrapper wrapper) {
      endPoint = wrapper.unwrap();
    }
    Object transport = endPoint.getTransport();
    // A connection of a test has none.
    return transport == null ? endPoint : transport;
  }

  /**
   * Ends those that have asked for nothing for too long.
   *
   * @return how many
   */
  int sweep() {
    long now = ticker.read();
    int ended = 0;
    for (Map.Entry<Object, Connection> each : open.entrySet()) {
      Connection connection = each.getValue();
      if (!((Channel) each.getKey()).isOpen()) {
        closed(each.getKey());
      } else if (!connection.asks
          && now - connection.sinceNanos > connection.patienceNanos
          && connection.endPoint != null) {
        connection.endPoint.close(new TimeoutException("asked for nothing"));
        ended++;
      }
    }
    return ended;
  }
}
