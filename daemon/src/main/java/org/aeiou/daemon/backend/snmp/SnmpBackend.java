package org.aeiou.daemon.backend.snmp;

import com.google.common.base.Ticker;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.Selector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.backend.BackendSettings;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Listening;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.KnownEngine;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.MessageCodecs;
import org.aeiou.daemon.backend.snmp.message.Notes;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.message.SnmpCounters;
import org.aeiou.daemon.backend.snmp.trap.Sender;
import org.aeiou.daemon.backend.snmp.trap.Senders;
import org.aeiou.daemon.backend.snmp.trap.TrapCounters;
import org.aeiou.daemon.backend.snmp.trap.TrapReceiver;
import org.aeiou.daemon.backend.snmp.trap.TrapSocket;
import org.aeiou.daemon.state.StateFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SNMP back end: gives each system an {@link Exchanger}, over a few sockets and threads that
 * all of them share.
 *
 * <p>Answers are handed over by the threads that receive, by the one that starts an exchange (if it
 * fails at once), or by those that ask the name service.
 */
final class SnmpBackend implements Backend {
  private static final Logger LOG = LoggerFactory.getLogger(SnmpBackend.class);

  /** Threads that ask the name service and derive keys; they end when there is nothing to do. */
  private static final int MOST_WORKERS = 4;

  private final Ticker ticker;
  private final InstantSource clock;
  private final SnmpOptions options;
  private final SnmpCounters counters = new SnmpCounters();
  private final MessageCodecs codecs = new MessageCodecs(counters);
  private final ThreadPoolExecutor workers;
  private final HostResolver resolver;
  private final List<UdpSocket> sockets = new ArrayList<>();
  private final List<ReceiveLoop> receiveLoops = new ArrayList<>();
  private final AtomicInteger nextSocket = new AtomicInteger();

  private final Senders senders;
  private final TrapCounters trapCounters;
  private final Map<Exchanger<Question, Value>, Sender> senderOf = new ConcurrentHashMap<>();

  private final AnswerMemory memory;
  private final Definitions definitions;

  /**
   * A back end that is ready to be asked.
   *
   * @param definitions how long values may be, and what messages call objects
   */
  SnmpBackend(Ticker ticker, InstantSource clock, SnmpOptions options, Definitions definitions)
      throws IOException {
    this(ticker, clock, options, definitions, InetAddress::getByName);
  }

  SnmpBackend(
      Ticker ticker,
      InstantSource clock,
      SnmpOptions options,
      Definitions definitions,
      HostResolver.Service service)
      throws IOException {
    this.definitions = definitions;
    this.memory = new AnswerMemory(options.answerBytes());
    MetricSet metrics = counters.metrics();
    metrics.gauge(
        "snmp.answers.bytes",
        Unit.BYTES,
        "Memory that answers take until they are in the cache.",
        memory::used);
    metrics.gauge(
        "snmp.answers.most-bytes",
        Unit.BYTES,
        "The most memory that answers took so far.",
        memory::most);
    this.ticker = ticker;
    this.clock = clock;
    this.options = options;
    this.workers = workers();
    this.resolver = new HostResolver(service, workers, ticker, options.nameTtl(), counters);
    this.senders = new Senders(resolver::resolve, ticker);
    this.trapCounters = new TrapCounters(metrics);
    try {
      int threads = Math.min(options.threads(), options.sockets());
      for (int i = 0; i < threads; i++) {
        receiveLoops.add(new ReceiveLoop(i, ticker));
      }
      for (int i = 0; i < options.sockets(); i++) {
        Selector selector = receiveLoops.get(i % threads).selector();
        sockets.add(new UdpSocket(selector, options.receiveBuffer(), codecs::nextId, counters));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    receiveLoops.forEach(ReceiveLoop::start);
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

  /** As {@link Backend#connect}; resolves no name yet. */
  @Override
  public Exchanger<Question, Value> connect(String systemName, BackendSettings settings) {
    return connect(systemName, settings, settings);
  }

  @Override
  public Exchanger<Question, Value> connect(
      String systemName, BackendSettings given, BackendSettings forWrites) {
    return connect(systemName, given, forWrites, new AgentProfile());
  }

  @Override
  public Exchanger<Question, Value> connect(
      String systemName, BackendSettings given, BackendSettings forWrites, AgentProfile profile) {
    SnmpSettings settings = (SnmpSettings) given;
    Notes notes = new Notes(systemName, clock);
    MessageCodec codec = codec(settings, notes, profile);
    MessageCodec writing =
        forWrites.equals(given) ? codec : codec((SnmpSettings) forWrites, notes, profile);
    ResponseContext context =
        new ResponseContext(
            systemName,
            settings.version() == Version.V1,
            options.maxRequest() - codec.overhead(),
            options.maxResponse() - codec.overhead(),
            options,
            definitions,
            notes,
            ticker,
            clock,
            counters);
    UdpSocket socket = sockets.get(Math.floorMod(nextSocket.getAndIncrement(), sockets.size()));
    Agent agent =
        new Agent(settings, codec, writing, socket, context, resolver, memory, this::execute);
    Sender sender =
        new Sender(
            systemName, settings.host(), settings.community(), settings.user(), codec::engineId);
    senderOf.put(agent, sender);
    senders.add(sender);
    return agent;
  }

  private MessageCodec codec(SnmpSettings settings, Notes notes, AgentProfile profile) {
    return settings.version() == Version.V3
        ? codecs.usm(settings.user(), notes, new KnownEngine(profile, clock))
        : codecs.community(settings.version() == Version.V1, settings.community());
  }

  @Override
  public void forget(Exchanger<Question, Value> exchanger) {
    if (exchanger instanceof Agent agent) {
      agent.close();
      Sender sender = senderOf.remove(exchanger);
      if (sender != null) {
        senders.remove(sender);
      }
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.WRITE, Capability.NOTIFY);
  }

  @Override
  public Closeable listen(Listening listening, StateFolder state, Notification.Sink sink)
      throws IOException {
    TrapReceiver receiver =
        new TrapReceiver(
            listening, senders, codecs.keys(), state, SmiValues::value, sink, trapCounters, ticker);
    senders.lookUp();
    return new TrapSocket(listening, receiver, trapCounters);
  }

  @Override
  public MetricSet metrics() {
    return counters.metrics();
  }

  /** How many messages are on their way. */
  int waiting() {
    return sockets.stream().mapToInt(UdpSocket::waiting).sum();
  }

  long count(SnmpCounter counter) {
    return counters.get(counter);
  }

  /** Runs what may take milliseconds on a worker; after {@link #close}, not at all. */
  private void execute(Runnable work) {
    try {
      workers.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("SNMP: closed, and does no more");
    }
  }

  /** As {@link Backend#close}; threads and sockets close. */
  @Override
  public void close() {
    workers.shutdownNow();
    receiveLoops.forEach(ReceiveLoop::close);
    for (UdpSocket socket : sockets) {
      socket.stop(pending -> true);
      try {
        socket.close();
      } catch (IOException e) {
        LOG.warn("SNMP: closing a socket failed: {}", e.toString());
      }
    }
  }
}
