package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.Events;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens at one address, and refuses connections that are too many: with a line, where it is not
 * encrypted, so that a person or a program knows why.
 */
final class HttpListener extends ServerConnector {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

  private static final String REFUSAL =
      "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nRetry-After: 5\r\n"
          + "Connection: close\r\n\r\n%s";

  private static final long PAUSE_MILLIS = 1000;

  private final Connections connections;
  private final HttpCounters counters;
  private final Consumer<Event> events;
  private final boolean encrypted;

  HttpListener(
      Server server,
      Connections connections,
      HttpCounters counters,
      Consumer<Event> events,
      boolean encrypted,
      ConnectionFactory... factories) {
    super(server, 0, 1, factories);
    this.connections = connections;
    this.counters = counters;
    this.events = events;
    this.encrypted = encrypted;
  }

  /**
   * Takes the address, so that it is known at once whether it can be had.
   *
   * @throws IOException if it cannot
   */
  void bind(InetSocketAddress address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.bind(address, getAcceptQueueSize());
      open(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  protected SelectorManager newSelectorManager(
      Executor executor, Scheduler scheduler, int selectors) {
    return new ServerConnectorManager(executor, scheduler, selectors) {
      @Override
      protected SelectableChannel doAccept(SelectableChannel server) {
        try {
          return super.doAccept(server);
        } catch (IOException e) {
          pause(e);
          return null;
        }
      }

      @Override
      protected void accepted(SelectableChannel channel) throws IOException {
        if (channel != null && admits((SocketChannel) channel)) {
          super.accepted(channel);
        }
      }
    };
  }

  /** Where no more files can be opened, trying again at once would take all of a processor. */
  private void pause(IOException cause) {
    counters.acceptFailures.increment();
    LOG.warn("no connection can be accepted for a second: {}", cause.getMessage());
    setAccepting(false);
    var unused =
        getScheduler()
            .schedule(
                () -> {
                  if (isRunning()) {
                    setAccepting(true);
                  }
                },
                PAUSE_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  private boolean admits(SocketChannel channel) throws IOException {
    Connections.Admission admission = connections.admit(channel);
    if (admission == Connections.Admission.TOO_MANY) {
      counters.refusedConnections.increment();
      refuse(channel, "503 Service Unavailable", "there are too many connections\n");
    } else if (admission == Connections.Admission.TOO_MANY_OF_ADDRESS) {
      counters.refusedOfAddress.increment();
      refuse(channel, "429 Too Many Requests", "your address has too many connections\n");
    }
    return admission == Connections.Admission.ADMITTED;
  }

  private void refuse(SocketChannel channel, String status, String why) throws IOException {
    InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
    events.accept(
        Events.http(
            from.getAddress().getHostAddress(),
            Integer.parseInt(status.substring(0, 3)),
            "a connection",
            why.strip()));
    try (channel) {
      channel.configureBlocking(false);
      if (!encrypted) {
        channel.write(
            ByteBuffer.wrap(REFUSAL.formatted(status, why.length(), why).getBytes(US_ASCII)));
        channel.shutdownOutput();
        // What has been read is no reason to reset the connection, and the line with it.
        channel.read(ByteBuffer.allocate(4096));
      }
    }
  }

  @Override
  protected void onEndPointOpened(EndPoint endPoint) {
    super.onEndPointOpened(endPoint);
    connections.opened(endPoint);
  }

  @Override
  protected void onEndPointClosed(EndPoint endPoint) {
    connections.closed(endPoint.getTransport());
    super.onEndPointClosed(endPoint);
  }
}
