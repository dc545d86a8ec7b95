package org.aeiou.daemon.cli;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.scheduler.Arrivals;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Exchanger;
import org.aeiou.closures.scheduler.Limits;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.daemon.attach.AttachOptions;
import org.aeiou.daemon.attach.AttachServer;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.SnmpBackend;
import org.aeiou.daemon.backend.snmp.SnmpOptions;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.metrics.Metrics;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.Observers;
import org.aeiou.daemon.service.Ownership;
import org.aeiou.daemon.service.PathSource;
import org.aeiou.daemon.tree.Lifetimes;
import org.aeiou.daemon.tree.MonitoredSystem.Attachment;
import org.aeiou.daemon.tree.Network;

/**
 * Everything behind the tree, put together: back end, scheduler, caches, service.
 *
 * <p>{@link #reload} and {@link #close} are called by one thread at a time.
 */
final class Daemon implements AutoCloseable {
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(30);

  private final Ticker ticker = Ticker.systemTicker();
  private final InstantSource clock = InstantSource.system();
  private final long startNanos = ticker.read();
  private final Metrics metrics = new Metrics();
  private final SnmpBackend backend;
  private final CompletionScheduler<Question, Value> scheduler;
  private final Network network;
  private final AttributeService service;
  private final Observers observers = new Observers();
  private final ScheduledExecutorService timer;
  private final Future<?> sweeping;
  private final Map<String, Running> running = new HashMap<>();
  private volatile Configuration configuration;

  /** Where programs attach; empty as long as they cannot. */
  private volatile String attachedAt = "";

  /** A system as it is configured, and what it is asked through. */
  private record Running(
      SystemConfiguration configuration,
      Exchanger<Question, Value> exchanger,
      Attachment attachment) {}

  /**
   * Starts; asks nobody yet.
   *
   * @param file where the configuration came from, for people to see
   * @param catalogue what attributes there are
   * @param events what happened lately
   * @throws IOException if there are no sockets to be had
   */
  Daemon(Path file, Configuration configuration, Catalogue catalogue, Events events)
      throws IOException {
    this.configuration = configuration;
    this.backend = new SnmpBackend(ticker, clock, SnmpOptions.DEFAULT, catalogue);
    this.scheduler =
        new CompletionScheduler<>(SchedulerOptions.DEFAULT, ticker, clock, new SplittableRandom());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "aeiou-timer");
              thread.setDaemon(true);
              return thread;
            },
            // What would have been done later is not done once the daemon has ended.
            new ThreadPoolExecutor.DiscardPolicy());
    this.network = new Network(catalogue, texts(file, events), clock);
    Configuration.Mount mount = configuration.mount();
    this.service =
        new AttributeService(
            network,
            new Ownership(mount.uid(), mount.gid(), mount.mode()),
            observers,
            scheduler::begin,
            this::later,
            ticker,
            clock);
    metrics.register("scheduler", scheduler::counters);
    metrics.register("backend", backend::counters);
    metrics.register("log", events::counters);
    metrics.register("service", service::counters);
    metrics.register("cache", () -> Map.of("slots", service.usage().files()));
    sweeping =
        timer.scheduleWithFixedDelay(
            this::sweep, SWEEP_INTERVAL.toSeconds(), SWEEP_INTERVAL.toSeconds(), TimeUnit.SECONDS);
    apply(configuration);
  }

  private void later(long nanos, Runnable task) {
    Future<?> unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Lets programs attach, until the result is closed.
   *
   * @throws IOException if the socket or the shared memory cannot be had
   */
  AttachServer attach(Path socket) throws IOException {
    Configuration.Mount mount = configuration.mount();
    Configuration.Attach attach = configuration.attach();
    AttachServer server =
        new AttachServer(
            new AttachOptions(
                socket,
                attach.mode(),
                attach.gid(),
                mount.uid(),
                mount.gid(),
                mount.mode(),
                attach.clients(),
                attach.clientsOfUser(),
                attach.requests(),
                attach.bytes(),
                (long) attach.memory() << 20),
            service,
            scheduler::begin,
            ticker);
    metrics.register("attach", server::counters);
    attachedAt = socket + "\n";
    return server;
  }

  AttributeService service() {
    return service;
  }

  /** The tree for groups in this process. */
  PathSource source() {
    return new PathSource(service, scheduler::begin);
  }

  Metrics metrics() {
    return metrics;
  }

  /**
   * Makes this the configuration. Systems that stay as they were keep their cache and what is
   * pending; who owns the files cannot change while they are mounted.
   *
   * @return what changed, in words
   */
  String reload(Configuration next) {
    int before = running.size();
    int kept = apply(next);
    int now = running.size();
    configuration = next;
    return now
        + " systems: "
        + kept
        + " as before, "
        + (now - kept)
        + " new or changed, "
        + (before - kept)
        + " gone or changed";
  }

  /** Returns how many systems stayed as they were. */
  private int apply(Configuration next) {
    int kept = 0;
    Map<String, Running> then = new LinkedHashMap<>();
    for (SystemConfiguration system : next.systems().values()) {
      Running known = running.get(system.name());
      boolean same = known != null && known.configuration().equals(system);
      kept += same ? 1 : 0;
      then.put(system.name(), same ? known : attach(system));
    }
    Map<String, Attachment> attachments = new LinkedHashMap<>();
    then.forEach((name, system) -> attachments.put(name, system.attachment()));
    network.replace(attachments);
    running.forEach(
        (name, known) -> {
          Running now = then.get(name);
          if (now == null || !now.configuration().equals(known.configuration())) {
            known.attachment().queue().close();
            backend.forget(known.exchanger());
          }
        });
    running.clear();
    running.putAll(then);
    return kept;
  }

  private Running attach(SystemConfiguration system) {
    ReadingCache cache = new ReadingCache(ticker, observers);
    Exchanger<Question, Value> exchanger = backend.connect(system.name(), system.snmp());
    long patienceNanos = patienceNanos(system.limits());
    Attachment attachment =
        new Attachment(
            scheduler.open(
                system.name(), system.limits(), exchanger, arrivals(cache, patienceNanos)),
            cache,
            new Lifetimes(system.ttl(), system.attributeTtl(), system.grace()),
            patienceNanos);
    return new Running(system, exchanger, attachment);
  }

  private static Arrivals<Question, Value> arrivals(ReadingCache cache, long patienceNanos) {
    return new Arrivals<>() {
      @Override
      public Outcome<Value> arrived(Question question, Outcome<Value> outcome, boolean late) {
        if (late) {
          cache.acceptLate(question, outcome, patienceNanos);
          return outcome;
        }
        return cache.accept(question, outcome);
      }

      @Override
      public Outcome<Value> since(Question question, long askedNanos) {
        return cache.since(question, askedNanos);
      }
    };
  }

  /** All attempts, as much again for waiting in the queue and between attempts, and a second. */
  private static long patienceNanos(Limits limits) {
    long attempts = (limits.retries() + 1) * limits.timeout().toNanos();
    long firstAttempts = (limits.firstRetries() + 1) * limits.firstTimeout().toNanos();
    return 2 * Math.max(attempts, firstAttempts) + TimeUnit.SECONDS.toNanos(1);
  }

  private void sweep() {
    network.systems().stream()
        .map(system -> system.attachment())
        .filter(attachment -> attachment != null)
        .forEach(attachment -> attachment.cache().sweep());
  }

  private Map<String, Supplier<String>> texts(Path file, Events events) {
    Map<String, Supplier<String>> texts = new LinkedHashMap<>();
    texts.put("version", () -> VersionCommand.version() + "\n");
    texts.put("status", this::status);
    texts.put("stats", metrics::asLines);
    texts.put("metrics", metrics::asPrometheus);
    texts.put("events", events::asLines);
    texts.put("attach", () -> attachedAt);
    texts.put("config", () -> ConfigurationText.of(file, configuration));
    return texts;
  }

  private String status() {
    Map<String, Long> counters = scheduler.counters();
    return "version: "
        + VersionCommand.version()
        + "\nuptime_s: "
        + TimeUnit.NANOSECONDS.toSeconds(ticker.read() - startNanos)
        + "\nsystems: "
        + network.systems().size()
        + "\npending: "
        + counters.getOrDefault("pending", 0L)
        + "\nin_flight: "
        + counters.getOrDefault("inFlight", 0L)
        + "\ncached: "
        + service.usage().files()
        + "\n";
  }

  /** Ends every pending request, then all threads. */
  @Override
  public void close() {
    sweeping.cancel(false);
    timer.shutdownNow();
    scheduler.close();
    backend.close();
  }
}
