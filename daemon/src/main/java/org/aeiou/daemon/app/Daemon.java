package org.aeiou.daemon.app;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.aeiou.closures.posix.Posix;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.daemon.app.cluster.Clustering;
import org.aeiou.daemon.app.process.HeapShares;
import org.aeiou.daemon.app.systems.RunningSystems;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;
import org.aeiou.daemon.learned.LearnedSystems;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.metrics.Metrics;
import org.aeiou.daemon.overview.Overview;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.Delays;
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
 * Everything behind the tree, put together: back end, scheduler, caches, service. It is the one
 * place where all of that meets, and as long as what it makes, starts and hands out is many.
 *
 * <p>{@link #reload} is called by one thread at a time.
 */
public final class Daemon implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(30);
  private static final Duration HELD_BACK_INTERVAL = Duration.ofSeconds(1);

  /** How often what was learned is written. */
  private static final Duration SAVE_INTERVAL = Duration.ofMinutes(5);

  private final Ticker ticker = Ticker.systemTicker();
  private final InstantSource clock = InstantSource.system();
  private final long startNanos = ticker.read();
  private final Metrics metrics = new Metrics(Version.text());
  private final CacheBound cacheBound;
  private final Map<String, Backend> backends = new LinkedHashMap<>();
  private final CompletionScheduler<Question, Value> scheduler;
  private final EventLog events;
  private final LearnedSystems learned;
  private final Network network;
  private final AttributeService service;
  private final Overview overview;
  private final Observers observers = new Observers();
  private final TimerThread timer = new TimerThread("aeiou-timer");

  /** Writes to files, which may take long. */
  private final TimerThread keeper = new TimerThread("aeiou-keeper");

  private final Membership membership;
  private final Entrances entrances;

  private final RunningSystems systems;
  private final Path file;
  private final Catalogue catalogue;
  private volatile Configuration configuration;

  /** Told of each configuration; guarded by this. */
  private final List<Consumer<Configuration>> listeners = new ArrayList<>();

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
    return new Daemon(
        file, configuration, factories, catalogue, events, state(configuration, mountPoint));
  }

  /** Starts for a poller, which has no mount: what was learned is kept by its configuration. */
  public static Daemon ofPoller(
      Path file,
      Configuration configuration,
      Map<String, BackendFactory> factories,
      Catalogue catalogue,
      EventLog events)
      throws IOException {
    return new Daemon(
        file, configuration, factories, catalogue, events, state(configuration, file));
  }

  /** Null if nothing is kept. */
  private static StateFolder state(Configuration configuration, Path place) {
    try {
      if (configuration.state().learned()) {
        return StateFolder.of(
            configuration.state().folder(), place, System.getenv(), Posix.INSTANCE.geteuid());
      }
    } catch (IOException e) {
      LOG.warn("what is learned of systems is not kept: {}", e.getMessage());
    }
    return null;
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
    this.file = file;
    this.configuration = configuration;
    this.catalogue = catalogue;
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
    this.membership = new Membership(clustering(configuration));
    this.network =
        new Network(catalogue, MetaFiles.of(this, metrics, membership, file), events, clock);
    events.systems(name -> network.system(name) != null);
    this.systems =
        new RunningSystems(
            backends,
            scheduler,
            membership.places(scheduler),
            learned,
            network,
            events,
            observers,
            cacheBound,
            ticker,
            clock);
    this.overview = new Overview(network, scheduler::requesters, ticker, clock);
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
    NotificationIntake notifications = new NotificationIntake(network, catalogue, events, rereads);
    membership.share(systems, notifications, this::configuration);
    this.entrances = new Entrances(this, backends.values(), notifications);
    metrics.register("scheduler", scheduler.metrics());
    backends.values().forEach(backend -> metrics.register("backend", backend.metrics()));
    metrics.register("cache", cacheBound.metrics());
    metrics.register("log", events.metrics());
    metrics.register("events", events.kinds());
    metrics.register("service", service.metrics());
    metrics.register("readahead", service.readAhead().metrics());
    metrics.register("refresh", service.refreshAhead().metrics());
    metrics.register("notified", rereads.metrics());
    events.listen(new GrownFiles(network, service, timer)::grown);
    metrics.register("learned", learned.metrics());
    timer.every(SWEEP_INTERVAL.toNanos(), systems::sweep);
    timer.every(Overview.SAMPLE_NANOS, overview::sample);
    timer.every(HELD_BACK_INTERVAL.toNanos(), events::tellHeldBack);
    if (state != null) {
      learned.load(state);
      keeper.every(SAVE_INTERVAL.toNanos(), learned::save);
    }
    apply(configuration);
  }

  /** Null if the configuration says that the process is alone. */
  private Clustering clustering(Configuration configuration) {
    return configuration.cluster() == null
        ? null
        : new Clustering(
            configuration.cluster(),
            EffectiveConfiguration.digest(configuration, configuration.cluster()),
            Version.text(),
            catalogue,
            scheduler,
            learned,
            events,
            metrics,
            ticker,
            clock,
            new SplittableRandom());
  }

  /** Where programs, orders and notifications come in. */
  public Entrances entrances() {
    return entrances;
  }

  /** Its part in a cluster. */
  Membership membership() {
    return membership;
  }

  public AttributeService service() {
    return service;
  }

  /** How all systems are, and who asks. */
  public Overview overview() {
    return overview;
  }

  Network network() {
    return network;
  }

  /** A user of the scheduler, by name. */
  Requester requester(String name) {
    return scheduler.requester(name);
  }

  /** Runs short tasks later. */
  Delays delays() {
    return timer;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Configuration configuration() {
    return configuration;
  }

  /** Tells each configuration from now on, this one first. */
  synchronized void eachConfiguration(Consumer<Configuration> listener) {
    listeners.add(listener);
    listener.accept(configuration);
  }

  private synchronized void configured(Configuration next) {
    configuration = next;
    listeners.forEach(listener -> listener.accept(next));
  }

  /** The tree for groups in this process. */
  PathSource source() {
    return new PathSource(service, scheduler.requester("this process"));
  }

  /** How many requests have no outcome yet. */
  long pending() {
    return scheduler.metrics().values().get("pending");
  }

  /** The threads that no request can do without, each with what has a task run on it, soon. */
  Map<String, Consumer<Runnable>> threads() {
    Map<String, Consumer<Runnable>> threads = new LinkedHashMap<>(scheduler.threads());
    threads.put("aeiou-timer", task -> timer.after(0, task));
    return threads;
  }

  /** What happened lately. */
  public EventLog events() {
    return events;
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
   * A configuration that {@link #reload} can take.
   *
   * @throws ConfigurationException if this process asks systems, and it says of none how that is
   *     done, or the other way round
   */
  Configuration checked(Configuration next) throws ConfigurationException {
    if (configuration.isAsking() != next.isAsking()) {
      throw new ConfigurationException(
          List.of(
              file
                  + ": cluster.role: this process "
                  + (next.isAsking() ? "only reads" : "asks systems")
                  + ", and is not to any more: that takes a new start"));
    }
    return next;
  }

  /**
   * Makes this the configuration. A system with the same agent keeps its readings, what was learned
   * of it, and what is pending. Called by one thread at a time.
   *
   * @param newStart what it takes to change what cannot change while it runs, in words
   * @return what changed, in words, a line each
   */
  public List<String> reload(Configuration next, String newStart) {
    Events.Changes changes = apply(next);
    List<String> lines = new ArrayList<>();
    lines.add(changes.text());
    List<String> needsMount = List.copyOf(configuration.needingNewMount(next));
    for (String key : needsMount) {
      lines.add("what changed below '" + key + "' takes " + newStart);
    }
    membership.configured(next);
    configured(next);
    events.add(Events.reloaded(file, changes, needsMount));
    return lines;
  }

  private Events.Changes apply(Configuration next) {
    Events.Changes changes = systems.change(next);
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

  /** The file {@code /.aeiou/status}. */
  String status() {
    return StatusText.of(
        Duration.ofNanos(ticker.read() - startNanos),
        overview.systems(),
        scheduler.metrics().values(),
        service.usage().files(),
        membership.statusLine() + systems.budgets());
  }

  /** Ends every pending request, then all threads. */
  @Override
  public void close() {
    timer.close();
    keeper.close();
    learned.save();
    membership.close();
    scheduler.close();
    backends.values().forEach(Backend::close);
  }
}
