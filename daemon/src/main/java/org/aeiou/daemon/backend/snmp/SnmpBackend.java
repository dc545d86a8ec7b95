package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.scheduler.Exchanger;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Authentication;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Privacy;
import org.aeiou.daemon.backend.snmp.SnmpSettings.User;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SNMP back end: gives each system an {@link Exchanger}, over a few sockets and threads that
 * all of them share.
 *
 * <p>Any thread may call it. Answers are handed over by the threads that listen, by the one that
 * starts an exchange (if it fails at once), or by those that ask the name service.
 */
public final class SnmpBackend implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnmpBackend.class);

  /** What fits into a UDP datagram over IPv4. */
  static final int MOST_OCTETS = 65_507;

  /** Threads that ask the name service and derive keys; they end when there is nothing to do. */
  private static final int MOST_WORKERS = 4;

  private final Ticker ticker;
  private final InstantSource clock;
  private final SnmpOptions options;
  private final Counters counters = new Counters();
  private final Keys keys = new Keys(counters);
  private final ThreadPoolExecutor workers;
  private final Names names;
  private final List<Wire> wires = new ArrayList<>();
  private final List<Listener> listeners = new ArrayList<>();
  private final AtomicInteger nextWire = new AtomicInteger();

  private final Ids ids = new Ids(new SecureRandom());
  private final AnswerMemory memory;
  private final Definitions definitions;

  /**
   * A back end that is ready to be asked.
   *
   * @param definitions how long values may be, and what messages call objects
   */
  public SnmpBackend(
      Ticker ticker, InstantSource clock, SnmpOptions options, Definitions definitions)
      throws IOException {
    this(ticker, clock, options, definitions, InetAddress::getByName);
  }

  SnmpBackend(
      Ticker ticker,
      InstantSource clock,
      SnmpOptions options,
      Definitions definitions,
      Names.Service service)
      throws IOException {
    this.definitions = definitions;
    this.memory = new AnswerMemory(options.answerBytes());
    this.ticker = ticker;
    this.clock = clock;
    this.options = options;
    this.workers = workers();
    this.names = new Names(service, workers, ticker, options.nameTtl(), counters);
    try {
      for (int i = 0; i < options.sockets(); i++) {
        wires.add(new Wire(options.receiveBuffer(), counters));
      }
      int threads = Math.min(options.threads(), options.sockets());
      for (int i = 0; i < threads; i++) {
        int number = i;
        listeners.add(
            new Listener(
                i,
                wires.stream().filter(w -> wires.indexOf(w) % threads == number).toList(),
                ticker));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    listeners.forEach(Listener::start);
  }

  private static ThreadPoolExecutor workers() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            MOST_WORKERS,
            MOST_WORKERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "aeiou-snmp-names-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
    return workers;
  }

  /**
   * The exchanger for one system. Sends nothing yet, and resolves no name.
   *
   * @param systemName the system's name, for messages
   * @throws IllegalArgumentException if the settings contradict themselves
   */
  public Exchanger<Question, Value> connect(String systemName, SnmpSettings settings) {
    check(systemName, settings);
    Notes notes = new Notes(systemName, clock);
    Dialect dialect =
        settings.version() == Version.V3
            ? new UserDialect(settings.user(), keys, ids, notes, counters)
            : new CommunityDialect(settings.version() == Version.V1, settings.community());
    Reader reader =
        new Reader(
            systemName,
            settings.version() == Version.V1,
            options.maxRequest() - dialect.overhead(),
            options.maxResponse() - dialect.overhead(),
            options,
            definitions,
            notes,
            ticker,
            clock,
            counters);
    int wire = Math.floorMod(nextWire.getAndIncrement(), wires.size());
    return new Agent(
        this, settings, dialect, wires.get(wire), listeners.get(wire % listeners.size()), reader);
  }

  /**
   * Lets go of a system: its exchanges under way are answered with a failure, later ones at once.
   *
   * @param exchanger what {@link #connect} gave; another's is left alone
   */
  public void forget(Exchanger<Question, Value> exchanger) {
    if (exchanger instanceof Agent agent) {
      agent.close();
    }
  }

  /** All counters of this back end by name, which only grow, and what it holds. */
  public Map<String, Long> counters() {
    Map<String, Long> all = counters.snapshot();
    all.put("snmp.answers.bytes", memory.used());
    all.put("snmp.answers.most-bytes", memory.most());
    return all;
  }

  /** How many messages are on their way. */
  int waiting() {
    return wires.stream().mapToInt(Wire::waiting).sum();
  }

  long count(Count count) {
    return counters.get(count);
  }

  Names names() {
    return names;
  }

  /** Runs what may take milliseconds on another thread; after {@link #close}, not at all. */
  void elsewhere(Runnable work) {
    try {
      workers.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("SNMP: closed, and does no more");
    }
  }

  /** An id for a message that goes over {@code wire}, where no other has it; 1 to 2³¹−1. */
  int nextId(Wire wire) {
    int id = ids.next();
    while (wire.isUsed(id)) {
      id = ids.next();
    }
    return id;
  }

  AnswerMemory memory() {
    return memory;
  }

  /**
   * Ends everything: exchanges under way are answered with a failure, threads and sockets close.
   */
  @Override
  public void close() {
    workers.shutdownNow();
    listeners.forEach(Listener::close);
    for (Wire wire : wires) {
      wire.stop(flight -> true);
      try {
        wire.close();
      } catch (IOException e) {
        LOG.warn("SNMP: closing a socket failed: {}", e.toString());
      }
    }
  }

  private static void check(String system, SnmpSettings settings) {
    expect(system, settings.port() >= 1 && settings.port() <= 65_535, "a port from 1 to 65535");
    if (settings.version() != Version.V3) {
      expect(system, settings.community() != null, "a community");
      return;
    }
    User user = settings.user();
    expect(system, user != null, "a user");
    int name = user.name().getBytes(StandardCharsets.UTF_8).length;
    expect(system, name >= 1 && name <= 32, "a user name of 1 to 32 octets");
    expect(
        system,
        user.authentication() == Authentication.NONE || longEnough(user.authenticationPass()),
        "an authentication password of at least 8 characters");
    expect(
        system,
        user.privacy() == Privacy.NONE
            || (user.authentication() != Authentication.NONE && longEnough(user.privacyPass())),
        "authentication with privacy, and a privacy password of at least 8 characters");
  }

  private static boolean longEnough(Secret pass) {
    return pass != null && pass.reveal().length() >= 8;
  }

  private static void expect(String system, boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(system + ": SNMP settings: expected " + what);
    }
  }
}
