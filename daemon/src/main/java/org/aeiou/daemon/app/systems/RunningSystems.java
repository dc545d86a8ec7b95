package org.aeiou.daemon.app.systems;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.Lifetime;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.learned.LearnedSystems;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Events;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;

/**
 * The systems that run, each with its queue, its cache and what was learned of it; and how another
 * configuration changes them. Changed by one thread at a time; swept by any.
 */
public final class RunningSystems {
  private final Map<String, Backend> backends;
  private final CompletionScheduler<Question, Value> scheduler;
  private final Places places;
  private final LearnedSystems learned;
  private final Network network;
  private final EventLog events;
  private final CacheListener observers;
  private final CacheBound cacheBound;
  private final Ticker ticker;
  private final InstantSource clock;
  private final SharedBudgets budgets;
  private final Map<String, Running> running = new HashMap<>();

  /** All of them; never changed, another one takes its place. */
  private volatile Collection<SystemConfiguration> configured = List.of();

  /** A system as it is configured, and what it is asked through. */
  private record Running(
      SystemConfiguration configuration, Exchanger<Question, Value> exchanger, Endpoint endpoint) {}

  /**
   * None yet.
   *
   * @param backends by the name that systems call them
   * @param places where systems are asked
   * @param network shows those that run
   * @param observers told of changes; the caches' listener
   * @param cacheBound what the caches share
   */
  public RunningSystems(
      Map<String, Backend> backends,
      CompletionScheduler<Question, Value> scheduler,
      Places places,
      LearnedSystems learned,
      Network network,
      EventLog events,
      CacheListener observers,
      CacheBound cacheBound,
      Ticker ticker,
      InstantSource clock) {
    this.backends = backends;
    this.scheduler = scheduler;
    this.places = places;
    this.learned = learned;
    this.network = network;
    this.events = events;
    this.observers = observers;
    this.cacheBound = cacheBound;
    this.ticker = ticker;
    this.clock = clock;
    this.budgets = new SharedBudgets(scheduler, ticker);
  }

  /**
   * Makes these the systems that run. One with the same agent keeps its readings, what was learned
   * of it, and what is pending.
   */
  public Events.Changes change(Configuration next) {
    boolean otherBudgets = budgets.change(next.budgets());
    int same = 0;
    int changed = 0;
    int added = 0;
    Map<String, Running> then = new LinkedHashMap<>();
    for (SystemConfiguration system : next.systems().values()) {
      Running known = running.remove(system.name());
      if (known != null && known.configuration().equals(system)) {
        same++;
        then.put(system.name(), known);
      } else if (known != null && known.configuration().asksTheSameAgentAs(system)) {
        changed++;
        then.put(system.name(), change(known, system));
      } else {
        added++;
        then.put(system.name(), open(system));
        if (known != null) {
          running.put(system.name(), known);
        }
      }
    }
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    then.forEach((name, system) -> endpoints.put(name, system.endpoint()));
    if (otherBudgets) {
      then.values()
          .forEach(system -> system.endpoint().queue().share(budgets.of(system.configuration())));
    }
    configured = List.copyOf(next.systems().values());
    share();
    network.replace(endpoints);
    running.values().forEach(this::end);
    int gone = running.size();
    running.clear();
    running.putAll(then);
    return new Events.Changes(same, changed, added, gone);
  }

  /** Other systems are asked in this process than before: it has another part of their budgets. */
  public void share() {
    budgets.share(configured, places::isAsked);
  }

  /** A line for each budget, for people. */
  public String budgets() {
    return budgets.text();
  }

  /** Null if no system is asked in this process. */
  private Exchanger<Question, Value> connect(SystemConfiguration system, AgentProfile profile) {
    return places.isAsking()
        ? backends
            .get(system.backend())
            .connect(system.name(), system.settings(), system.write().settings(), profile)
        : null;
  }

  private Running open(SystemConfiguration system) {
    ReadingCache cache =
        new ReadingCache(
            ticker, places.listener(system.name(), observers), cacheBound, clock.millis());
    String address = system.settings().address();
    AgentProfile profile = learned.profile(system.name(), address);
    Exchanger<Question, Value> exchanger = connect(system, profile);
    SystemQueue<Question, Value> queue =
        places.open(
            system,
            places.guarded(system, exchanger),
            new AnswerIntake(
                system.name(),
                cache,
                events,
                profile,
                () -> learned.known(system.name()),
                patienceNanos(system.limits()),
                ticker),
            cache);
    learned.opened(system.name(), address, profile, queue);
    cache.learnIn(profile);
    if (budgets.of(system) != null) {
      queue.share(budgets.of(system));
    }
    return new Running(system, exchanger, endpoint(system, queue, cache, profile));
  }

  private Running change(Running known, SystemConfiguration system) {
    SystemConfiguration before = known.configuration();
    Endpoint endpoint = known.endpoint();
    boolean isAskedAsBefore =
        before.settings().equals(system.settings())
            && before.write().settings().equals(system.write().settings());
    Exchanger<Question, Value> exchanger =
        isAskedAsBefore ? known.exchanger() : connect(system, endpoint.profile());
    endpoint.queue().change(system.limits(), places.guarded(system, exchanger));
    endpoint.queue().share(budgets.of(system));
    return new Running(
        system,
        exchanger,
        endpoint(system, endpoint.queue(), endpoint.cache(), endpoint.profile()));
  }

  private void end(Running system) {
    learned.closed(system.configuration().name(), system.endpoint().queue());
    system.endpoint().queue().close();
    system.endpoint().cache().close();
    places.closed(system.configuration().name(), system.endpoint().queue());
    if (system.exchanger() != null) {
      backends.get(system.configuration().backend()).forget(system.exchanger());
    }
  }

  private Endpoint endpoint(
      SystemConfiguration system,
      SystemQueue<Question, Value> queue,
      ReadingCache cache,
      AgentProfile profile) {
    return new Endpoint(
        queue,
        cache,
        lifetimes(system.lifetime()),
        patienceNanos(system.limits()),
        system.charset(),
        system.write().allowed(),
        system.settings().address(),
        profile,
        places.place(system.name()));
  }

  private static Lifetimes lifetimes(Lifetime configured) {
    return new Lifetimes(configured.classes(), configured.attributes(), configured.grace());
  }

  /** All attempts, as much again for waiting in the queue and between attempts, and a second. */
  private static long patienceNanos(Limits limits) {
    long attempts = (limits.retries() + 1) * limits.timeout().toNanos();
    long firstAttempts = (limits.firstRetries() + 1) * limits.firstTimeout().toNanos();
    return 2 * Math.max(attempts, firstAttempts) + TimeUnit.SECONDS.toNanos(1);
  }

  /** Drops what is too old from the caches, and asks systems whether they are still the same. */
  public void sweep() {
    for (MonitoredSystem system : network.systems()) {
      Endpoint endpoint = system.endpoint();
      if (endpoint != null) {
        endpoint.cache().sweep();
      }
    }
    askWhoAnswers();
  }

  /** What was learned of an agent is not for the one that came in its place. */
  private void askWhoAnswers() {
    Question kind = new Question.Get(AnswerIntake.SYS_OBJECT_ID);
    Requester me = scheduler.requester("learned");
    for (MonitoredSystem system : network.systems()) {
      Endpoint endpoint = system.endpoint();
      if (endpoint == null || !places.isAsked(system.name())) {
        continue;
      }
      if (learned.isUnconfirmed(endpoint.profile(), endpoint.queue().health())) {
        endpoint
            .queue()
            .submit(
                kind, Priority.BACKGROUND, Long.MAX_VALUE, me.alone(), (c, outcome, d) -> {}, null);
      }
    }
  }
}
