package org.aeiou.daemon.app;

import com.google.common.base.Ticker;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.daemon.attach.AttachOptions;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.attach.socket.Permissions;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.learned.LearnedSystems;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Metrics;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.Observers;
import org.aeiou.daemon.service.Ownership;
import org.aeiou.daemon.service.PathSource;
import org.aeiou.daemon.service.TimerThread;
import org.aeiou.daemon.service.fetch.Rereads;
import org.aeiou.daemon.state.StateFolder;
import org.aeiou.daemon.tree.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything behind the tree, put together: back end, scheduler, caches, service.
 *
 * <p>{@link #reload} is called by one thread at a time.
 */
public final class Daemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(30);

  /** How often what was learned is written. */
  private static final Duration SAVE_INTERVAL = Duration.ofMinutes(5);

  private final Ticker ticker = Ticker.systemTicker();
  private final InstantSource clock = InstantSource.system();
  private final long startNanos = ticker.read();
  private final Metrics metrics = new Metrics();
  private final CacheBound cacheBound;
  private final Map<String, Backend> backends = new LinkedHashMap<>();
  private final CompletionScheduler<Question, Value> scheduler;
  private final EventLog events;
  private final LearnedSystems learned;
  private final Network network;
  private final AttributeService service;
  private final NotificationIntake notifications;
  private final Observers observers = new Observers();
  private final TimerThread timer = new TimerThread("aeiou-timer");

  /** Writes to files, which may take long. */
  private final TimerThread keeper = new TimerThread("aeiou-keeper");

  private final RunningSystems systems;
  private volatile Configuration configuration;

  /** Where programs attach; empty as long as they cannot. */
  private volatile String attachedAt = "";

  /**
   * Starts; sends no request yet.
   *
   * @param file where the configuration came from, for people to see
   * @param factories the back ends that it may name
   * @param catalogue what attributes there are
   * @param events what happened lately
   * @throws IOException if a back end cannot start: there are no sockets to be had
   */
  public Daemon(
      Path file,
      Configuration configuration,
      Map<String, BackendFactory> factories,
      Catalogue catalogue,
      EventLog events)
      throws IOException {
    this(file, configuration, factories, catalogue, events, null);
  }

  /** Starts for a mount: what was learned of systems is kept from one run to the next. */
  public static Daemon ofMount(
      Path file,
      Configuration configuration,
      Map<String, BackendFactory> factories,
      Catalogue catalogue,
      EventLog events,
      Path mountPoint)
      throws IOException {
    StateFolder state = null;
    try {
      if (configuration.state().learned()) {
        state =
            StateFolder.of(
                configuration.state().folder(),
                mountPoint,
                System.getenv(),
                Posix.INSTANCE.geteuid());
      }
    } catch (IOException e) {
      LOG.warn("what is learned of systems is not kept: {}", e.getMessage());
    }
    return new Daemon(file, configuration, factories, catalogue, events, state);
  }

  /**
   * As {@link #Daemon(Path, Configuration, Map, Catalogue, EventLog)}.
   *
   * @param state where what was learned of systems is kept; null if it is not
   */
  Daemon(
      Path file,
      Configuration configuration,
      Map<String, BackendFactory> factories,
      Catalogue catalogue,
      EventLog events,
      StateFolder state)
      throws IOException {
    this.configuration = configuration;
    start(factories, catalogue);
    HeapShares shares = HeapShares.ofThisProcess();
    this.cacheBound = new CacheBound(shares.cacheBytes(), ticker);
    SchedulerOptions options = SchedulerOptions.DEFAULT;
    this.scheduler =
        new CompletionScheduler<>(
            options.withMaxPending(shares.pending(options.maxPending())),
            ticker,
            clock,
            new SplittableRandom());
    this.events = events;
    this.learned = new LearnedSystems(clock, events);
    this.network = new Network(catalogue, texts(file), events, clock);
    events.systems(name -> network.system(name) != null);
    this.systems =
        new RunningSystems(
            backends, scheduler, learned, network, events, observers, cacheBound, ticker, clock);
    Configuration.Mount mount = configuration.mount();
    this.service =
        new AttributeService(
            network,
            new Ownership(mount.uid(), mount.gid(), mount.mode()),
            observers,
            cacheBound,
            scheduler::requester,
            timer,
            ticker,
            clock);
    Rereads rereads = new Rereads(scheduler.requester("notifications"), ticker);
    notifications = new NotificationIntake(network, catalogue, events, rereads);
    metrics.register("scheduler", scheduler.metrics());
    backends.values().forEach(backend -> metrics.register("backend", backend.metrics()));
    metrics.register("cache", cacheBound.metrics());
    metrics.register("log", events.metrics());
    metrics.register("service", service.metrics());
    metrics.register("readahead", service.readAhead().metrics());
    metrics.register("refresh", service.refreshAhead().metrics());
    metrics.register("notified", rereads.metrics());
    events.listen(new GrownFiles(network, service, timer)::grown);
    metrics.register("learned", learned.metrics());
    timer.every(SWEEP_INTERVAL.toNanos(), systems::sweep);
    if (state != null) {
      learned.load(state);
      keeper.every(SAVE_INTERVAL.toNanos(), learned::save);
    }
    apply(configuration);
  }

  /**
   * Lets programs attach, until the result is closed.
   *
   * @param orders carries out the operator's orders: a word, and what follows it
   * @throws IOException if the socket or the shared memory cannot be had
   */
  public AttachServer attach(Path socket, OrderHandler.Orders orders) throws IOException {
    Configuration.Mount mount = configuration.mount();
    Ownership ownership = new Ownership(mount.uid(), mount.gid(), mount.mode());
    Configuration.Attach attach = configuration.attach();
    AttachServer server =
        new AttachServer(
            new AttachOptions(
                socket,
                new Permissions(mount.uid(), attach.socket().gid(), attach.socket().mode()),
                new Permissions(mount.uid(), mount.gid(), ownership.writableMode()),
                new AttachOptions.Clients(attach.clients().all(), attach.clients().ofUser()),
                new AttachOptions.Room(attach.room().requests(), attach.room().bytes()),
                (long) attach.memory() << 20,
                HeapShares.ofThisProcess().paths(AttachOptions.MOST_PATHS)),
            service,
            orders,
            ticker);
    metrics.register("attach", server.metrics());
    attachedAt = socket + "\n";
    return server;
  }

  /**
   * Receives notifications where the configuration says, until the result is closed.
   *
   * @param state where it is kept what must outlive a run
   * @throws IOException if it cannot listen there
   */
  public Closeable listen(StateFolder state) throws IOException {
    for (Backend backend : backends.values()) {
      if (backend.capabilities().contains(Backend.Capability.NOTIFY)) {
        return backend.listen(configuration.traps(), state, notifications);
      }
    }
    throw new IOException("traps.listen: no back end of this program receives any");
  }

  public AttributeService service() {
    return service;
  }

  /** The tree for groups in this process. */
  PathSource source() {
    return new PathSource(service, scheduler.requester("this process"));
  }

  public Ticker ticker() {
    return ticker;
  }

  public InstantSource clock() {
    return clock;
  }

  public Metrics metrics() {
    return metrics;
  }

  /**
   * Makes this the configuration. A system with the same agent keeps its readings, what was learned
   * of it, and what is pending. Called by one thread at a time.
   *
   * @return what changed, in words, a line each
   */
  public List<String> reload(Configuration next) {
    List<String> lines = new ArrayList<>();
    lines.add(apply(next).text());
    for (String key : configuration.needingNewMount(next)) {
      lines.add("what changed below '" + key + "' takes a new mount: unmount, and mount again");
    }
    configuration = next;
    return lines;
  }

  private RunningSystems.Changes apply(Configuration next) {
    RunningSystems.Changes changes = systems.change(next);
    service.readAhead().most(next.readAhead().values());
    service.refreshAhead().most(next.refreshAhead().values());
    events.forget();
    service.permissionsChanged();
    return changes;
  }

  private void start(Map<String, BackendFactory> factories, Catalogue catalogue)
      throws IOException {
    try {
      for (Map.Entry<String, BackendFactory> factory : factories.entrySet()) {
        backends.put(factory.getKey(), factory.getValue().start(ticker, clock, catalogue));
      }
    } catch (IOException | RuntimeException e) {
      backends.values().forEach(Backend::close);
      throw e;
    }
  }

  /**
   * Forgets what was learned of a system.
   *
   * @return false if there is no such system
   */
  public boolean forget(String system) {
    boolean isThere = learned.forget(system);
    if (isThere) {
      learned.save();
    }
    return isThere;
  }

  private Map<String, Supplier<String>> texts(Path file) {
    Map<String, Supplier<String>> texts = new LinkedHashMap<>();
    texts.put("version", () -> Version.text() + "\n");
    texts.put("status", this::status);
    texts.put("stats", metrics::asLines);
    texts.put("metrics", metrics::asPrometheus);
    texts.put("attach", () -> attachedAt);
    texts.put("config", () -> EffectiveConfiguration.of(file, configuration));
    return texts;
  }

  private String status() {
    Map<String, Long> counters = scheduler.metrics().values();
    return "version: "
        + Version.text()
        + "\npid: "
        + ProcessHandle.current().pid()
        + "\nuptime_s: "
        + TimeUnit.NANOSECONDS.toSeconds(ticker.read() - startNanos)
        + "\nsystems: "
        + network.systems().size()
        + "\npending: "
        + counters.get("pending")
        + "\nin_flight: "
        + counters.get("inFlight")
        + "\ncached: "
        + service.usage().files()
        + "\n"
        + systems.budgets();
  }

  /** Ends every pending request, then all threads. */
  @Override
  public void close() {
    timer.close();
    keeper.close();
    learned.save();
    scheduler.close();
    backends.values().forEach(Backend::close);
  }
}
