package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.posix.Structure;
import org.aeiou.daemon.attach.socket.ListeningSocket;
import org.aeiou.daemon.attach.socket.PollSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs that are connected: how they come, say hello and go, and what the server's thread
 * sleeps on. Used by that thread, except where it says otherwise.
 */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final Posix POSIX = Posix.INSTANCE;

  /** How long a program may be connected without a hello. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How many bytes of a doorbell are read at once. */
  private static final int INPUT_BYTES = 4096;

  /** A descriptor that poll(2) leaves out. */
  private static final int NONE = -1;

  /** Makes the connection of a socket that was accepted. */
  interface Opening {
    Connection open(int socket, int uid);
  }

  private final ListeningSocket listening;
  private final Handshake handshake;
  private final OrderHandler orders;
  private final Quotas quotas;
  private final AttachCounters counters;
  private final Opening opening;
  private final Ticker ticker;
  private final Shortage shortage;
  private final PollSet sockets = new PollSet();
  private final Structure input = new Structure(INPUT_BYTES);
  private final List<Connection> connected = new ArrayList<>();

  Connections(
      ListeningSocket listening,
      Handshake handshake,
      OrderHandler orders,
      Quotas quotas,
      AttachCounters counters,
      Opening opening,
      Shortage shortage,
      Ticker ticker) {
    this.listening = listening;
    this.handshake = handshake;
    this.orders = orders;
    this.quotas = quotas;
    this.counters = counters;
    this.opening = opening;
    this.shortage = shortage;
    this.ticker = ticker;
  }

  /** All of them now, in a list that does not change when one goes. */
  List<Connection> all() {
    return List.copyOf(connected);
  }

  /**
   * Sleeps until a program connects, rings its doorbell or goes, and handles that.
   *
   * @param wake a descriptor that ends the sleep when it can be read
   * @param millis how long it sleeps at the most
   */
  void await(int wake, int millis) {
    boolean isPausing = shortage.isPausing();
    List<Connection> those = all();
    sockets.clear();
    int wakeIndex = sockets.add(wake);
    int listeningIndex = sockets.add(isPausing ? NONE : listening.fd());
    int first = listeningIndex + 1;
    those.forEach(each -> sockets.add(each.socket));
    boolean happened = sockets.await(isPausing ? Math.min(millis, Shortage.PAUSE_MILLIS) : millis);
    dismissSilent(those);
    if (!happened) {
      return;
    }
    if (sockets.isReady(wakeIndex)) {
      var unused = POSIX.read(wake, input.address, input.length());
    }
    for (int i = 0; i < those.size(); i++) {
      if (sockets.isReady(first + i) && connected.contains(those.get(i))) {
        receive(those.get(i));
      }
    }
    if (sockets.isReady(listeningIndex)) {
      accept();
    }
  }

  private void dismissSilent(List<Connection> those) {
    long now = ticker.read();
    for (Connection each : those) {
      if (!each.isClient() && now - each.sinceNanos > PATIENCE_NANOS) {
        handshake.giveUp(each.socket);
        leave(each, "it says no hello");
      }
    }
  }

  private void accept() {
    int fd = POSIX.accept4(listening.fd(), 0, 0, Posix.SOCK_NONBLOCK | Posix.SOCK_CLOEXEC);
    if (fd < 0) {
      switch (Posix.errno()) {
        case Posix.EMFILE, Posix.ENFILE, Posix.ENOMEM, Posix.ENOBUFS -> {
          shortage.happened("its connection cannot be accepted: " + Posix.error());
          shortage.pause();
        }
        default -> LOG.debug("a connection was gone before it was accepted: {}", Posix.error());
      }
      return;
    }
    int uid = handshake.user(fd);
    String full = quotas.fullBeforeHello(uid, connected);
    if (full != null) {
      handshake.refuse(fd, Posix.EMFILE, full);
      POSIX.close(fd);
      return;
    }
    connected.add(opening.open(fd, uid));
  }

  /** Something came on a socket: a hello, a doorbell, or its end. */
  private void receive(Connection each) {
    int most = each.isClient() ? input.length() : each.hello.remaining();
    long length = POSIX.recv(each.socket, input.address, most, Posix.MSG_DONTWAIT);
    if (length < 0 && (Posix.errno() == Posix.EAGAIN || Posix.errno() == Posix.EINTR)) {
      return;
    }
    if (length <= 0) {
      leave(each, "it has gone");
      return;
    }
    if (!each.isClient()) {
      each.hello.put(input.bytes.slice(0, (int) length));
      if (!each.hello.hasRemaining()) {
        if (OrderHandler.isOrder(each.hello)) {
          connected.remove(each);
          orders.take(each.socket, each.uid, each.hello);
        } else {
          welcome(each);
        }
      }
    }
  }

  private void welcome(Connection each) {
    String full = quotas.full(each.uid, connected);
    if (full != null) {
      handshake.refuse(each.socket, Posix.EMFILE, full);
      leave(each, full);
      return;
    }
    Handshake.Welcome welcome =
        handshake.welcome(
            each.socket, each.burst.requester(), each.hello, quotas.left(each.uid, connected));
    if (welcome == null) {
      leave(each, "it was refused");
      return;
    }
    each.become(welcome);
    counters.attached.increment();
    LOG.debug("{} attached", each.program());
  }

  /** Ends a connection, and tells the program why. */
  void dismiss(Connection each, int errno, String why) {
    if (each.isClient()) {
      handshake.dismiss(each.socket, errno, why);
    }
    leave(each, why);
  }

  /** Ends a connection, and what it asked for. */
  private void leave(Connection each, String why) {
    if (!connected.remove(each)) {
      return;
    }
    if (each.isClient()) {
      LOG.debug("{} is detached: {}", each.program(), why);
      counters.left.increment();
    }
    each.close();
  }

  /** Makes sure that no more programs find the socket. Any thread. */
  void withdraw() {
    listening.withdraw();
  }

  /** Ends all connections. */
  void close(String why) {
    all().forEach(each -> dismiss(each, Posix.ESHUTDOWN, why));
    listening.close();
  }
}
