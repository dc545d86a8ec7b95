package org.aeiou.closures.scheduler;

import com.google.common.base.Ticker;
import com.google.common.collect.MapMaker;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.closures.scheduler.pace.BudgetLines;
import org.aeiou.closures.shard.Mailbox;
import org.aeiou.closures.shard.PendingBound;
import org.aeiou.closures.shard.Permits;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.ShardHistogram;
import org.aeiou.closures.shard.User;
import org.aeiou.closures.shard.Withdrawals;

/**
 * Decides what to ask which system, and when; and runs a closure for every request.
 *
 * <p>Systems are hashed to shards. A shard is one thread that owns its systems: requests, answers
 * and withdrawals are posted to it, and everything else happens there, one thing after the other,
 * without locks. No thread ever waits for a system; a pending request is one small object.
 *
 * <p>Any thread may call any method.
 *
 * @param <K> what is asked for; has value equality
 * @param <V> the type of a reading's value
 */
public final class CompletionScheduler<K, V> implements AutoCloseable {
  private final SchedulerOptions options;
  private final InstantSource clock;
  private final PendingBound bound;
  private final Permits permits;
  private final Deliveries.Bound deliveries;
  private final Shard[] shards;
  private final Mailbox[] mailboxes;

  /** Of each shard. */
  private final Withdrawals[] withdrawals;

  private final BudgetLines[] budgetLines;

  /** Held weakly: a user that nothing can ask for any more is none. */
  private final Set<Requester> requesters =
      Collections.newSetFromMap(new MapMaker().weakKeys().makeMap());

  private final Ticker ticker;
  private final MetricSet metrics = new MetricSet();

  /** Empty if the shards are turned by hand. */
  private final Thread[] threads;

  /**
   * Starts the shards' threads (daemon threads).
   *
   * @param ticker the clock of all ages, time-outs and deadlines
   * @param clock the time of day, for messages to people
   * @param random seeds the jitter of each shard; used inside this call only
   */
  public CompletionScheduler(
      SchedulerOptions options, Ticker ticker, InstantSource clock, RandomGenerator random) {
    this(options, ticker, clock, random, true);
  }

  /** With {@code threaded == false} the caller owns all shards and turns them by hand. */
  CompletionScheduler(
      SchedulerOptions options,
      Ticker ticker,
      InstantSource clock,
      RandomGenerator random,
      boolean threaded) {
    this.options = options;
    this.clock = clock;
    this.ticker = ticker;
    bound = new PendingBound(options.maxPending());
    permits = new Permits(options.maxInFlight(), options.shards());
    // As many as answers may be on their way.
    deliveries = new Deliveries.Bound(options.maxInFlight(), options.shards());
    shards = new Shard[options.shards()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard(i, ticker, new SplittableRandom(random.nextLong()), bound, permits);
    }
    withdrawals = Arrays.stream(shards).map(Withdrawals::new).toArray(Withdrawals[]::new);
    budgetLines = Arrays.stream(shards).map(BudgetLines::new).toArray(BudgetLines[]::new);
    mailboxes = Arrays.stream(shards).map(Shard::mailbox).toArray(Mailbox[]::new);
    describe();
    threads = new Thread[threaded ? shards.length : 0];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(shards[i], options.threadName() + i);
      threads[i].setDaemon(true);
      shards[i].mailbox().ownedBy(threads[i]);
    }
    for (Thread thread : threads) {
      thread.start();
    }
  }

  private void describe() {
    for (SchedulerCounter counter : SchedulerCounter.values()) {
      metrics.counter(
          counter.key,
          counter.label,
          Unit.COUNT,
          counter.help,
          () -> Arrays.stream(shards).mapToLong(shard -> shard.counters().get(counter)).sum());
    }
    metrics.gauge("pending", Unit.COUNT, "Requests that have no outcome yet.", bound::get);
    metrics.gauge("inFlight", Unit.COUNT, "Exchanges without an answer yet.", permits::inFlight);
    metrics.gauge(
        "mostInFlight", Unit.COUNT, "The most exchanges in flight so far.", permits::mostInFlight);
    histogram(
        "roundTrip",
        Unit.MICROSECONDS,
        "From an exchange's start, or its latest part, to its answer.",
        shard -> shard.counters().roundTrips);
    histogram(
        "batch",
        Unit.COUNT,
        "How many items an exchange carried.",
        shard -> shard.counters().batches);
    histogram(
        "budgetWait",
        Unit.MICROSECONDS,
        "How long an exchange waited for a rate or a budget, of those that did.",
        shard -> shard.counters().budgetWaits);
  }

  private void histogram(
      String name, Unit unit, String help, Function<Shard, ShardHistogram> ofShard) {
    metrics.histogram(
        name,
        unit,
        help,
        ofShard.apply(shards[0]).bounds(),
        () -> ShardHistogram.together(Arrays.stream(shards).map(ofShard)));
  }

  /**
   * Gives a system its queue. Two queues of one name are two queues.
   *
   * @param name what messages call the system
   * @param exchanger how it is asked; called by the thread that owns the system
   * @param stepOne step 1 of every completion; called by the thread that owns the system
   * @throws IllegalStateException if the scheduler is closed
   */
  public SystemQueue<K, V> open(
      String name, Limits limits, Exchanger<K, V> exchanger, CompletionHandler<K, V> stepOne) {
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(exchanger, "exchanger");
    Objects.requireNonNull(stepOne, "stepOne");
    int owner = shardOf(name);
    Shard shard = shards[owner];
    ShardQueue<K, V> queue =
        new ShardQueue<>(
            shard,
            withdrawals[owner],
            budgetLines[owner],
            options,
            clock,
            name,
            limits,
            exchanger,
            stepOne);
    if (!shard.mailbox().push(queue)) {
      throw new IllegalStateException(name + ": the scheduler is closed, expected an open one");
    }
    return new OpenedSystem<>(mailboxes, queue, deliveries);
  }

  /**
   * What systems together may be asked: each is told of it by {@link SystemQueue#share}.
   *
   * @param name what people are shown
   * @param within a larger one, which is within none; null for none
   */
  public Budget budget(String name, Rate rate, Budget within) {
    return new Budget(name, rate, within, ticker.read());
  }

  /**
   * A user of this scheduler, and the first of its requesters. Two calls make two users, whatever
   * their names.
   *
   * @param name what messages call the requester
   */
  public Requester requester(String name) {
    Requester requester = new Requester(mailboxes, new User(shards.length), name);
    requesters.add(requester);
    return requester;
  }

  /**
   * The users of this scheduler, each by its first requester, as long as that is held; in no order.
   */
  public List<Requester> requesters() {
    return List.copyOf(requesters);
  }

  /** What it decided so far, what is pending and in flight, and how long exchanges take. */
  public MetricSet metrics() {
    return metrics;
  }

  /**
   * Ends every pending request in {@link org.aeiou.closures.Failure.Reason#STOPPED} and the threads
   * with them; both are done when this returns. What a burst still holds ends in the same way when
   * the burst ends, on the thread that ends it. Calling it again does nothing.
   *
   * <p>A closure may call this: then the thread it runs on ends soon after, not before.
   */
  @Override
  public void close() {
    if (threads.length == 0) {
      for (Shard shard : shards) {
        shard.finish();
      }
      return;
    }
    for (Shard shard : shards) {
      shard.stop();
    }
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        Uninterruptibles.joinUninterruptibly(thread);
      }
    }
  }

  /**
   * The threads of the shards by name, each with what has a task run on it, soon: to see whether it
   * still gets round to anything.
   */
  public Map<String, Consumer<Runnable>> threads() {
    Map<String, Consumer<Runnable>> byName = new LinkedHashMap<>();
    for (int i = 0; i < shards.length; i++) {
      byName.put(options.threadName() + i, shards[i]::post);
    }
    return byName;
  }

  /** The shards, for tests that turn them. */
  Shard[] shards() {
    return shards;
  }

  private int shardOf(String name) {
    // Names of systems differ in their last character or two; spread that over all bits.
    int hash = name.hashCode() * 0x9E3779B9;
    return Math.floorMod(hash ^ (hash >>> 16), shards.length);
  }
}
