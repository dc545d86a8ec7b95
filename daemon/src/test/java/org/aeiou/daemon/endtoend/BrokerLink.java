package org.aeiou.daemon.endtoend;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A line between one member and the broker, which can be cut without a word, refuse, or be long.
 *
 * <p>What was sent into a silent line arrives when it works again, as TCP does that; connections
 * that were made meanwhile begin then.
 */
final class BrokerLink implements AutoCloseable {
  private static final int CONNECT_MILLIS = 500;

  private enum State {
    WORKS,
    SILENT,
    REFUSES
  }

  private final InetSocketAddress broker;
  private final InetSocketAddress address;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private ServerSocket server;
  private volatile State state = State.WORKS;
  private volatile long delayNanos;
  private volatile boolean open = true;

  BrokerLink(String host, InetSocketAddress broker) throws IOException {
    this.broker = broker;
    server = new ServerSocket(0, 50, InetAddress.getByName(host));
    address = (InetSocketAddress) server.getLocalSocketAddress();
    accept(server);
  }

  /** Where a member connects to. */
  String url() {
    return "nats://" + address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  /** Carries nothing from now on; the member is told nothing. */
  void goSilent() {
    state = State.SILENT;
  }

  /** Ends all connections, and refuses new ones. */
  synchronized void refuse() throws IOException {
    state = State.REFUSES;
    server.close();
    endAll();
  }

  /** Works as at first. */
  synchronized void work() throws IOException {
    if (server.isClosed()) {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(address);
      accept(server);
    }
    state = State.WORKS;
  }

  /** Takes that long in each direction from now on. */
  void delay(long millis) {
    delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void accept(ServerSocket listening) {
    background(
        () -> {
          while (open && !listening.isClosed()) {
            Socket member = listening.accept();
            sockets.add(member);
            background(() -> connect(member), member);
          }
        },
        null);
  }

  private void connect(Socket member) throws IOException {
    awaitWork();
    Socket server = new Socket();
    sockets.add(server);
    try {
      server.connect(broker, CONNECT_MILLIS);
    } catch (IOException e) {
      member.close();
      throw e;
    }
    server.setTcpNoDelay(true);
    member.setTcpNoDelay(true);
    background(() -> pump(server, member), server);
    pump(member, server);
  }

  private void pump(Socket from, Socket to) throws IOException {
    try {
      InputStream in = from.getInputStream();
      byte[] bytes = new byte[65_536];
      int read = in.read(bytes);
      while (read >= 0) {
        if (delayNanos > 0) {
          LockSupport.parkNanos(delayNanos);
        }
        awaitWork();
        to.getOutputStream().write(bytes, 0, read);
        read = in.read(bytes);
      }
    } finally {
      // Of an end, too, a silent line tells nothing.
      awaitWork();
      closeQuietly(from);
      closeQuietly(to);
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void awaitWork() {
    while (open && state == State.SILENT) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  /** Runs something until a connection ends, which is no failure here. */
  private void background(Task task, Closeable ended) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                closeQuietly(ended);
              }
            },
            "line to the broker");
    thread.setDaemon(true);
    thread.start();
  }

  private void endAll() {
    sockets.forEach(BrokerLink::closeQuietly);
    sockets.clear();
  }

  private static void closeQuietly(Closeable ended) {
    try {
      if (ended != null) {
        ended.close();
      }
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public synchronized void close() throws IOException {
    open = false;
    server.close();
    endAll();
  }
}
