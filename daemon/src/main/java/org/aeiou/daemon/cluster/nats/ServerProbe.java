package org.aeiou.daemon.cluster.nats;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What servers answer to a connection: all are asked at once, so that one that is silent does not
 * keep the others waiting.
 */
final class ServerProbe {
  private static final long WAIT_NANOS = Duration.ofSeconds(1).toNanos();

  private final Ticker ticker;

  ServerProbe(Ticker ticker) {
    this.ticker = ticker;
  }

  /** What a server answers. */
  enum Answer {
    /** Something listens there. */
    OPEN,
    /** Its machine says that nothing listens there. */
    REFUSED,
    /** Nothing, or nothing that tells whether it is there. */
    SILENT,
    /** Its name leads to no address. */
    UNKNOWN
  }

  /** One address of a server, and what it answers. */
  private static final class Attempt {
    private final int server;
    private final SocketChannel channel;
    private Answer answer = Answer.SILENT;

    private Attempt(int server, SocketChannel channel) {
      this.server = server;
      this.channel = channel;
    }
  }

  /** Asks all; waits until one is open or all have answered, and for a second at most. */
  List<Answer> ask(List<InetSocketAddress> servers) throws IOException {
    List<Attempt> attempts = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < servers.size(); i++) {
        begin(i, servers.get(i), selector, attempts);
      }
      long start = ticker.read();
      while (attempts.stream().noneMatch(attempt -> attempt.answer == Answer.OPEN)
          && !selector.keys().isEmpty()) {
        long left = WAIT_NANOS - (ticker.read() - start);
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
          break;
        }
        selector.select(Math.max(1, left / 1_000_000));
        for (SelectionKey key : selector.selectedKeys()) {
          Attempt attempt = (Attempt) key.attachment();
          attempt.answer = finish(attempt.channel);
          key.cancel();
        }
        selector.selectedKeys().clear();
        selector.selectNow();
      }
    } finally {
      for (Attempt attempt : attempts) {
        attempt.channel.close();
      }
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      answers.add(together(i, attempts));
    }
    return answers;
  }

  private static void begin(
      int server, InetSocketAddress named, Selector selector, List<Attempt> attempts)
      throws IOException {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(named.getHostString());
    } catch (UnknownHostException e) {
      return;
    }
    for (InetAddress address : addresses) {
      SocketChannel channel = SocketChannel.open();
      Attempt attempt = new Attempt(server, channel);
      attempts.add(attempt);
      channel.configureBlocking(false);
      try {
        if (channel.connect(new InetSocketAddress(address, named.getPort()))) {
          attempt.answer = Answer.OPEN;
        } else {
          channel.register(selector, SelectionKey.OP_CONNECT, attempt);
        }
      } catch (IOException e) {
        attempt.answer = answer(e);
      }
    }
  }

  private static Answer finish(SocketChannel channel) {
    try {
      return channel.finishConnect() ? Answer.OPEN : Answer.SILENT;
    } catch (IOException e) {
      return answer(e);
    }
  }

  /** A route that is missing or a time that is out says nothing of the server. */
  private static Answer answer(IOException e) {
    boolean refused = e instanceof ConnectException && "Connection refused".equals(e.getMessage());
    return refused ? Answer.REFUSED : Answer.SILENT;
  }

  /** A server refuses if each of its addresses does. */
  private static Answer together(int server, List<Attempt> attempts) {
    Set<Answer> answers = EnumSet.noneOf(Answer.class);
    for (Attempt attempt : attempts) {
      if (attempt.server == server) {
        answers.add(attempt.answer);
      }
    }
    if (answers.contains(Answer.OPEN)) {
      return Answer.OPEN;
    }
    if (answers.isEmpty()) {
      return Answer.UNKNOWN;
    }
    return answers.equals(EnumSet.of(Answer.REFUSED)) ? Answer.REFUSED : Answer.SILENT;
  }
}
