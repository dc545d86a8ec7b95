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

  /** For how long one may be connected without a hello. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** Doorbells that are taken in one go. */
  private static final int HEARD_BYTES = 4096;

  /** poll(2) leaves it out. */
  private static final int NONE = -1;

  /** Makes the connection of a socket that was accepted. */
  interface Opening {
    Connection open(int socket, int uid);
  }

  private final ListeningSocket listening;
  private final Handshake handshake;
  private final ReloadHandler reload;
  private final Quotas quotas;
  private final AttachCounters counters;
  private final Opening opening;
  private final Ticker ticker;
  private final Shortage shortage;
  private final PollSet polled = new PollSet();
  private final Structure heard = new Structure(HEARD_BYTES);
  private final List<Connection> here = new ArrayList<>();

  Connections(
      ListeningSocket listening,
      Handshake handshake,
      ReloadHandler reload,
      Quotas quotas,
      AttachCounters counters,
      Opening opening,
      Shortage shortage,
      Ticker ticker) {
    this.listening = listening;
    this.handshake = handshake;
    this.reload = reload;
    this.quotas = quotas;
    this.counters = counters;
    this.opening = opening;
    this.shortage = shortage;
    this.ticker = ticker;
  }

  /** All of them now, in a list that does not change when one goes. */
  List<Connection> all() {
    return List.copyOf(here);
  }

  /** Sleeps until one comes, rings or goes, or this can be read; but no longer than so. */
  void await(int wake, int millis) {
    boolean isPausing = shortage.isPausing();
    List<Connection> those = all();
    polled.clear();
    int woken = polled.add(wake);
    int called = polled.add(isPausing ? NONE : listening.fd());
    int first = called + 1;
    those.forEach(each -> polled.add(each.socket));
    boolean happened = polled.await(isPausing ? Math.min(millis, Shortage.PAUSE_MILLIS) : millis);
    dismissSilent(those);
    if (!happened) {
      return;
    }
    if (polled.isReady(woken)) {
      var unused = POSIX.read(wake, heard.address, heard.length());
    }
    for (int i = 0; i < those.size(); i++) {
      if (polled.isReady(first + i) && here.contains(those.get(i))) {
        heard(those.get(i));
      }
    }
    if (polled.isReady(called)) {
      accept();
    }
  }

  private void dismissSilent(List<Connection> those) {
    long now = ticker.read();
    for (Connection each : those) {
      if (!each.isClient() && now - each.sinceNanos > PATIENCE_NANOS) {
        counters.refused.increment();
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
    String full = quotas.fullBeforeHello(uid, here);
    if (full != null) {
      counters.refused.increment();
      handshake.refuse(fd, Posix.EMFILE, full);
      POSIX.close(fd);
      return;
    }
    here.add(opening.open(fd, uid));
  }

  /** Something came on a socket: a hello, a doorbell, or its end. */
  private void heard(Connection each) {
    int most = each.isClient() ? heard.length() : each.hello.remaining();
    long length = POSIX.recv(each.socket, heard.address, most, Posix.MSG_DONTWAIT);
    if (length < 0 && (Posix.errno() == Posix.EAGAIN || Posix.errno() == Posix.EINTR)) {
      return;
    }
    if (length <= 0) {
      leave(each, "it has gone");
      return;
    }
    if (!each.isClient()) {
      each.hello.put(heard.bytes.slice(0, (int) length));
      if (!each.hello.hasRemaining()) {
        if (ReloadHandler.isReload(each.hello)) {
          here.remove(each);
          reload.take(each.socket, each.uid);
        } else {
          greet(each);
        }
      }
    }
  }

  private void greet(Connection each) {
    String full = quotas.full(each.uid, here);
    if (full != null) {
      counters.refused.increment();
      handshake.refuse(each.socket, Posix.EMFILE, full);
      leave(each, full);
      return;
    }
    Handshake.Welcome welcome =
        handshake.welcome(
            each.socket, each.burst.requester(), each.hello, quotas.left(each.uid, here));
    if (welcome == null) {
      counters.refused.increment();
      leave(each, "it was refused");
      return;
    }
    each.become(welcome);
    counters.attached.increment();
    LOG.debug("{} attached", each.program());
  }

  /** Tells a program why, and ends its connection. */
  void dismiss(Connection each, int errno, String why) {
    if (each.isClient()) {
      handshake.refuse(each.socket, errno, why);
    }
    leave(each, why);
  }

  /** Ends a connection, and what it asked for. */
  private void leave(Connection each, String why) {
    if (!here.remove(each)) {
      return;
    }
    if (each.isClient()) {
      LOG.debug("{} is detached: {}", each.program(), why);
      counters.left.increment();
    }
    each.close();
  }

  /** Makes sure that no more come. Any thread. */
  void withdraw() {
    listening.withdraw();
  }

  /** Ends all. */
  void close(String why) {
    all().forEach(each -> dismiss(each, Posix.ESHUTDOWN, why));
    listening.close();
  }
}
