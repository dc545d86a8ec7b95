package org.aeiou.daemon.app;

import com.google.common.base.Ticker;
import java.time.InstantSource;
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
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.Lifetime;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.learned.LearnedSystems;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.service.Observers;
import org.aeiou.daemon.tree.Network;

/**
 * The systems that run, each with its queue, its cache and what was learned of it; and how another
 * configuration changes them. Changed by one thread at a time; swept by any.
 */
final class RunningSystems {
  private final Map<String, Backend> backends;
  private final CompletionScheduler<Question, Value> scheduler;
  private final LearnedSystems learned;
  private final Network network;
  private final EventLog events;
  private final Observers observers;
  private final CacheBound cacheBound;
  private final Ticker ticker;
  private final InstantSource clock;
  private final SharedBudgets budgets;
  private final Map<String, Running> running = new HashMap<>();

  /** A system as it is configured, and what it is asked through. */
  private record Running(
      SystemConfiguration configuration, Exchanger<Question, Value> exchanger, Endpoint endpoint) {}

  /** How many systems had which fate. */
  record Changes(int same, int changed, int added, int gone) {
    /** A line for people. */
    String text() {
      return "%d systems: %d as before, %d asked in another way, %d new, %d gone"
          .formatted(same + changed + added, same, changed, added, gone);
    }
  }

  /**
   * None yet.
   *
   * @param backends by the name that systems call them
   * @param network shows those that run
   * @param observers told of changes; the caches' listener
   * @param cacheBound what the caches share
   */
  RunningSystems(
      Map<String, Backend> backends,
      CompletionScheduler<Question, Value> scheduler,
      LearnedSystems learned,
      Network network,
      EventLog events,
      Observers observers,
      CacheBound cacheBound,
      Ticker ticker,
      InstantSource clock) {
    this.backends = backends;
    this.scheduler = scheduler;
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
  Changes change(Configuration next) {
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
    network.replace(endpoints);
    running.values().forEach(this::end);
    int gone = running.size();
    running.clear();
    running.putAll(then);
    return new Changes(same, changed, added, gone);
  }

  /** A line for each budget, for people. */
  String budgets() {
    return budgets.text();
  }

  private Exchanger<Question, Value> connect(SystemConfiguration system, AgentProfile profile) {
    return backends
        .get(system.backend())
        .connect(system.name(), system.settings(), system.write().settings(), profile);
  }

  private Running open(SystemConfiguration system) {
    ReadingCache cache = new ReadingCache(ticker, observers, cacheBound, clock.millis());
    String address = system.settings().address();
    AgentProfile profile = learned.profile(system.name(), address);
    Exchanger<Question, Value> exchanger = connect(system, profile);
    SystemQueue<Question, Value> queue =
        scheduler.open(
            system.name(),
            system.limits(),
            exchanger,
            new AnswerIntake(
                system.name(),
                cache,
                events,
                profile,
                () -> learned.known(system.name()),
                patienceNanos(system.limits()),
                ticker));
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
    endpoint.queue().change(system.limits(), exchanger);
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
    backends.get(system.configuration().backend()).forget(system.exchanger());
  }

  private static Endpoint endpoint(
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
        profile);
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
  void sweep() {
    endpoints().forEach(endpoint -> endpoint.cache().sweep());
    askWhoAnswers();
  }

  /** What was learned of an agent is not for the one that came in its place. */
  private void askWhoAnswers() {
    Question kind = new Question.Get(AnswerIntake.SYS_OBJECT_ID);
    Requester me = scheduler.requester("learned");
    for (Endpoint endpoint : endpoints()) {
      if (learned.isUnconfirmed(endpoint.profile(), endpoint.queue().health())) {
        endpoint
            .queue()
            .submit(
                kind, Priority.BACKGROUND, Long.MAX_VALUE, me.alone(), (c, outcome, d) -> {}, null);
      }
    }
  }

  private List<Endpoint> endpoints() {
    return network.systems().stream()
        .map(system -> system.endpoint())
        .filter(endpoint -> endpoint != null)
        .toList();
  }
}
