package org.aeiou.daemon.cluster.nats;

import com.google.common.base.Ticker;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.aeiou.daemon.cluster.broker.Broker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection with one of the servers, and another one after it ended. One thread makes them; no
 * other thread ever waits for a server.
 *
 * <pre>
 *   probe all servers ──(one listens)──▶ connect ──▶ opened ──▶ beat, each second ──(it ended)──▶ closed
 *     ▲    └──(each refuses)──▶ GONE                                                      UNREACHABLE │
 *     └───────────────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>{@link Broker.State#GONE} is said only if the last connection was ended from the other side,
 * and each server has refused or listened since: a firewall that refuses lets connections go silent
 * first. A server that listened for a moment, as one that is being killed does, could not give away
 * a lease that is still good; and only those go on while the broker is gone.
 */
final class NatsLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

  private static final Duration BEAT = Duration.ofSeconds(1);
  private static final Duration TRY_AGAIN = Duration.ofMillis(250);
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  /** What uses the connection. Called by the thread that makes it; may wait, within bounds. */
  interface User {
    void opened(Connection connection);

    /** Each second while there is a connection. */
    void beat(Connection connection);

    /** There is none any more. */
    void closed();

    /** The server refused something, or dropped it; as it says. */
    void error(String message);
  }

  /** One connection. */
  private final class Session implements ErrorListener, ConnectionListener {
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile String why = "";
    private volatile boolean silent;

    @Override
    public void errorOccurred(Connection connection, String error) {
      why = error;
      if (connection.getStatus() == Connection.Status.CONNECTED) {
        user.error(error);
      }
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception e) {
      if (e.getCause() instanceof Error error) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
      }
      why = why.isEmpty() ? Explained.of(e) : why;
      // Pings without an answer are the only thing that is told so.
      silent |= e instanceof IllegalStateException || e instanceof TimeoutException;
    }

    @Override
    public void socketWriteTimeout(Connection connection) {
      silent = true;
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer) {
      user.error("messages come faster than they are taken in");
    }

    @Override
    public void messageDiscarded(Connection connection, Message message) {
      // The queue has no limit: what is sent is limited before.
    }

    /** The newer method of the listener calls this one, which must be there. */
    @Override
    @SuppressWarnings("deprecation")
    public void connectionEvent(Connection connection, Events event) {
      if (event == Events.DISCONNECTED || event == Events.CLOSED) {
        ended.countDown();
      }
    }
  }

  private final NatsSettings settings;
  private final String servers;
  private final String purpose;
  private final String inbox;
  private final User user;
  private final ServerProbe probe;
  private final List<InetSocketAddress> addresses = new ArrayList<>();
  private final List<java.util.function.Consumer<Broker.State>> listeners =
      new CopyOnWriteArrayList<>();
  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private final Thread keeper;
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile Broker.State state = Broker.State.UNREACHABLE;

  /** Whether another member may have a broker that this one has not; of the keeper's thread. */
  private boolean perhapsElsewhere;

  private volatile String told;

  /**
   * @param purpose what the connection is for: a word
   * @param inbox the prefix of the subjects at which it gets what only it is to get
   */
  NatsLink(NatsSettings settings, String purpose, String inbox, User user, Ticker ticker) {
    this.settings = settings;
    this.servers = String.join(", ", settings.servers());
    told = servers + ": not connected yet";
    this.purpose = purpose;
    this.inbox = inbox;
    this.user = user;
    this.probe = new ServerProbe(ticker);
    for (String server : settings.servers()) {
      addresses.add(ConnectOptions.address(server));
    }
    threads = Executors.newCachedThreadPool(task -> ConnectOptions.daemon(task, "nats " + purpose));
    timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> ConnectOptions.daemon(task, "nats " + purpose + " timer"));
    keeper = ConnectOptions.daemon(this::keep, "nats " + purpose + " keeper");
  }

  /** Begins to connect. */
  void start() {
    keeper.start();
  }

  Broker.State state() {
    return state;
  }

  /** Why there is no connection, with what to do; empty if there is one. */
  String problem() {
    return state == Broker.State.CONNECTED ? "" : told;
  }

  void listen(java.util.function.Consumer<Broker.State> listener) {
    listeners.add(listener);
  }

  /** Runs something soon, in order, on a thread that must not wait. */
  void execute(Runnable task) {
    try {
      timer.execute(task);
    } catch (RejectedExecutionException e) {
      // it is closed
      task.run();
    }
  }

  /** Runs something that may wait for the server, within bounds. */
  void run(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      // it is closed
      task.run();
    }
  }

  private void keep() {
    try {
      while (closing.getCount() > 0) {
        if (!keepOne()) {
          closing.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      // it is closed
    }
  }

  /** Makes a connection and uses it to its end; false if there was none to be had. */
  private boolean keepOne() throws InterruptedException {
    try {
      Session session = new Session();
      Connection connection = connect(session);
      if (connection != null) {
        use(connection, session);
      }
      return connection != null;
    } catch (RuntimeException e) {
      // Of the library, or of a listener: the next connection may fare better.
      LOG.error("{}: the connection for {} is given up", servers, purpose, e);
      return false;
    }
  }

  private void use(Connection connection, Session session) throws InterruptedException {
    try {
      session.why = "";
      user.opened(connection);
      if (session.ended.getCount() > 0) {
        told = "";
        LOG.info("{}: connected for {}", connection.getConnectedUrl(), purpose);
        become(Broker.State.CONNECTED, session);
      }
      while (!session.ended.await(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        user.beat(connection);
      }
      perhapsElsewhere = session.silent;
      if (closing.getCount() > 0) {
        tell(servers + ": the connection for " + purpose + " ended: " + session.why);
      }
    } finally {
      lost(session);
      user.closed();
      if (closing.getCount() == 0) {
        sayLastWords(connection);
      } else {
        run(() -> end(connection));
      }
    }
  }

  /** Tries each server that listens once; null if none lets this member in. */
  private Connection connect(Session session) throws InterruptedException {
    try {
      List<ServerProbe.Answer> answers = probe.ask(addresses);
      if (answers.stream().allMatch(answer -> answer == ServerProbe.Answer.REFUSED)) {
        tell(servers + ": no server listens there; start nats-server, or mend 'servers'");
        become(perhapsElsewhere ? Broker.State.UNREACHABLE : Broker.State.GONE, null);
        return null;
      }
      perhapsElsewhere |= answers.stream().anyMatch(NatsLink::saysNothing);
      become(Broker.State.UNREACHABLE, null);
      List<String> open = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i) == ServerProbe.Answer.OPEN) {
          open.add(settings.servers().get(i));
        }
      }
      if (open.isEmpty()) {
        tell(unanswered(answers));
        return null;
      }
      return Nats.connect(
          ConnectOptions.of(settings, open, purpose, inbox, threads, timer, session, session));
    } catch (IOException | RuntimeException e) {
      if (closing.getCount() > 0) {
        tell(Explained.login(settings, session.why.isEmpty() ? Explained.of(e) : session.why));
      }
      return null;
    }
  }

  private static boolean saysNothing(ServerProbe.Answer answer) {
    return answer == ServerProbe.Answer.SILENT || answer == ServerProbe.Answer.UNKNOWN;
  }

  /** Why none is open, though not all refuse. */
  private String unanswered(List<ServerProbe.Answer> answers) {
    List<String> unknown = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i) == ServerProbe.Answer.UNKNOWN) {
        unknown.add(addresses.get(i).getHostString());
      }
    }
    return unknown.isEmpty()
        ? servers + ": no server answers; look at the way there and at firewalls"
        : servers
            + ": no address is known of "
            + String.join(", ", unknown)
            + "; mend 'servers', or look at name resolution";
  }

  private void lost(Session session) {
    become(Broker.State.UNREACHABLE, session);
  }

  /** A session that has ended says nothing more; null is the keeper itself. */
  private synchronized void become(Broker.State next, Session session) {
    if (session != null && next == Broker.State.CONNECTED && session.ended.getCount() == 0) {
      return;
    }
    if (next == state) {
      return;
    }
    state = next;
    for (java.util.function.Consumer<Broker.State> listener : listeners) {
      listener.accept(next);
    }
  }

  /** Says it once until it is something else, or connected. */
  private void tell(String message) {
    if (!message.equals(told)) {
      told = message;
      LOG.warn("{}", message);
    }
  }

  /** What was sent before is still delivered, if the server takes it at once. */
  private static void sayLastWords(Connection connection) {
    try {
      connection.flush(LAST_WORDS);
    } catch (TimeoutException e) {
      // it is lost
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end(connection);
  }

  private static void end(Connection connection) {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Delivers what was sent before, if the server takes it at once. */
  @Override
  public void close() {
    closing.countDown();
    keeper.interrupt();
    try {
      keeper.join(2 * LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
    timer.shutdownNow();
  }
}
