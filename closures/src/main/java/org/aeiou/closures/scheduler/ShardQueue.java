package org.aeiou.closures.scheduler;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.learning.LearnedLimits;
import org.aeiou.closures.scheduler.pace.Budget;
import org.aeiou.closures.scheduler.pace.BudgetLine;
import org.aeiou.closures.scheduler.pace.BudgetLines;
import org.aeiou.closures.scheduler.pace.Pace;
import org.aeiou.closures.scheduler.pace.Turn;
import org.aeiou.closures.shard.OwnedSystem;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.Withdrawals;

/**
 * One system: what is sent next, and what is in flight. Used by the owner of the shard only, but
 * for {@link #health}; no method is entered twice, because what closures and back ends do comes
 * back as mail.
 *
 * <p>It is long because it is one idea, the exchanges with one system: each decision needs what the
 * others left, and only one thread makes them. What can be decided alone is in parts of its own:
 * {@link Admission} and its {@link Fetches}, {@link SignsOfLife}, {@link Pace}, {@link Writes},
 * {@link SystemCallbacks}.
 */
final class ShardQueue<K, V> extends OwnedSystem implements Messages.Destination {
  /** How soon to look again whether a user that has too much in flight may have more. */
  private static final long CROWDED_NANOS = 10_000_000L;

  private final Shard shard;
  private final String name;
  private final SchedulerOptions options;
  private final SystemCallbacks<K, V> callbacks;

  private final Failures failures;
  private final Admission<K, V> admission;
  private final Fetches<K, V> fetches;
  private final List<ExchangeInFlight<K, V>> inFlight = new ArrayList<>(2);
  private final Writes<K> writes = new Writes<>();
  private final SignsOfLife<K, V> signs;
  private final Pace pace;

  /** Lines up all users that wait for this system. */
  private final Consumer<BudgetLine> lineUp = this::lineUp;

  /** How many exchanges were started; counted by the owner, read by any thread. */
  private final AtomicLong started = new AtomicLong();

  /** How many of them were not answered in time; as {@link #started}. */
  private final AtomicLong timeouts = new AtomicLong();

  /** Written by the owner, read by any thread: the write publishes an immutable object. */
  private volatile Health health;

  ShardQueue(
      Shard shard,
      Withdrawals withdrawals,
      BudgetLines lines,
      SchedulerOptions options,
      InstantSource clock,
      String name,
      Limits limits,
      Exchanger<K, V> exchanger,
      CompletionHandler<K, V> stepOne) {
    this.options = options;
    this.shard = shard;
    this.name = name;
    this.callbacks = new SystemCallbacks<>(shard, name, exchanger, stepOne);
    this.failures = new Failures(name);
    this.pace = new Pace(shard, lines, this, limits);
    this.signs =
        new SignsOfLife<>(
            shard,
            callbacks,
            new Breaker(
                name,
                options.breakerThreshold(),
                options.breakerPeriods(),
                shard.random(),
                clock,
                callbacks::breakerChanged),
            limits);
    this.admission =
        new Admission<>(
            this,
            shard,
            withdrawals,
            name,
            options.maxPendingOfUser(),
            callbacks,
            failures,
            signs,
            pace);
    this.fetches = admission.fetches();
    publishHealth();
  }

  // --- what OpenedSystem passes on

  /** As {@link SystemQueue#change}. */
  void change(Limits newLimits, Exchanger<K, V> newExchanger) {
    signs.limits(newLimits);
    pace.limits(newLimits);
    callbacks.change(newExchanger);
    shard.touch(this);
  }

  /** As {@link SystemQueue#learn}. */
  void learn(Learned known) {
    signs.learn(known);
    publishHealth();
    shard.touch(this);
  }

  /** As {@link SystemQueue#share}. */
  void share(Budget budget) {
    if (!isClosed()) {
      pace.share(budget);
      shard.touch(this);
    }
  }

  /** A snapshot of how it is; any thread. */
  Health health() {
    return health;
  }

  @Override
  protected void receive() {
    shard.opened(this);
  }

  // --- exchanges

  /** As the contract says. If only the pace forbids it, that will tell. */
  @Override
  protected boolean canSend(long nowNanos) {
    if (!hasToSend()) {
      pace.idle();
      return false;
    }
    pace.gap(signs.learned().gapNanos());
    return pace.isFree() || pace.mayStart(nowNanos, lineUp);
  }

  private boolean hasToSend() {
    return !isClosed() && fetches.sendable() > 0 && inFlight.size() < mostInFlight();
  }

  /** A user's place in the line of a budget, for what waits here. */
  private final class BudgetTurn extends Turn {
    private final UserShare.Queues<K, V> queues;

    BudgetTurn(BudgetLine line, UserShare.Queues<K, V> queues) {
      super(line, queues.user, queues.interactive);
      this.queues = queues;
    }

    @Override
    protected boolean isEmpty() {
      return queues.isEmpty();
    }

    @Override
    protected boolean mayStart(long nowNanos) {
      return isOf(pace.line())
          && !pace.hasToken()
          && hasToSend()
          && pace.ownWaitNanos(nowNanos) <= 0;
    }

    @Override
    protected void granted() {
      pace.grant(this);
      shard.makeReady(ShardQueue.this);
    }
  }

  private void lineUp(BudgetLine line) {
    fetches.forEachUser(queues -> line.add(turn(line, queues)));
  }

  private BudgetTurn turn(BudgetLine line, UserShare.Queues<K, V> queues) {
    if (queues.turn == null || !queues.turn.isOf(line)) {
      queues.turn = new BudgetTurn(line, queues);
    }
    @SuppressWarnings("unchecked") // only this makes them
    BudgetTurn turn = (BudgetTurn) queues.turn;
    return turn;
  }

  /** How long the system must be left alone from now on; none if not more than zero. */
  @Override
  public long gapNanos(long nowNanos) {
    pace.gap(signs.learned().gapNanos());
    return pace.ownWaitNanos(nowNanos);
  }

  private int mostInFlight() {
    return switch (signs.breaker().state()) {
      case CLOSED -> mostForThoseThatWait();
      case HALF_OPEN -> 1;
      case OPEN -> 0;
    };
  }

  /** What no request waits for leaves one exchange to the next user that does wait. */
  private int mostForThoseThatWait() {
    int most = signs.learned().inFlight();
    boolean shared = most > 1 && admission.users() > 1;
    return shared && !fetches.isAnyInteractive() ? most - 1 : most;
  }

  /**
   * As the contract says: those that wait may be past their deadlines, or their users may have too
   * much in flight elsewhere.
   */
  @Override
  protected boolean send(long nowNanos) {
    @SuppressWarnings("unchecked") // only this makes them
    BudgetTurn turn = (BudgetTurn) pace.granted();
    UserShare.Queues<K, V> begins = turn == null ? null : turn.queues;
    signs
        .learned()
        .batch()
        .isFirstQuestion(signs.breaker().state() == Health.BreakerState.HALF_OPEN);
    List<Fetch<K, V>> batch =
        fetches.takeBatch(signs.learned().batch(), begins, nowNanos, signs.fastestNanos(nowNanos));
    if (batch.isEmpty()) {
      pace.idle();
      if (fetches.sendable() > 0) {
        pace.lookAgain(nowNanos + CROWDED_NANOS);
      }
      return false;
    }
    pace.started(nowNanos);
    int room = fetches.sendable() > 0 ? 0 : Math.max(0, mostInFlight() - inFlight.size() - 1);
    ExchangeInFlight<K, V> exchange =
        new ExchangeInFlight<>(this, batch, room, count(started), nowNanos);
    exchange.messages().first(nowNanos);
    inFlight.add(exchange);
    exchange.user().exchangeStarted();
    count(SchedulerCounter.EXCHANGES);
    shard.counters().count(SchedulerCounter.ITEMS, exchange.items().size());
    shard.counters().batches.add(exchange.items().size());
    if (exchange.attempt() > 1) {
      count(SchedulerCounter.RETRIES);
    }
    if (signs.breaker().state() == Health.BreakerState.HALF_OPEN) {
      count(SchedulerCounter.BREAKER_PROBES);
    }
    exchange.messages().await(nowNanos);
    shard.touch(this);
    callbacks.start(exchange, failures);
    return true;
  }

  /** Counts one more; returns how many there are with it. */
  private static long count(AtomicLong counter) {
    long counted = counter.getPlain() + 1;
    // Opaque: one writer; readers want a whole, recent value.
    counter.setOpaque(counted);
    return counted;
  }

  /** An exchange was not answered in time. */
  void timedOut() {
    count(SchedulerCounter.TIMEOUTS);
    count(timeouts);
  }

  /** What was done so far; any thread. */
  SystemCounts counts() {
    return new SystemCounts(admission.requests(), started.getOpaque(), timeouts.getOpaque());
  }

  /** An exchange is no longer in flight. */
  void ended(ExchangeInFlight<K, V> exchange) {
    inFlight.remove(exchange);
    exchange.user().exchangeEnded();
    shard.permits().giveBack();
    forgetIfDone();
    shard.touch(this);
  }

  /**
   * A message to the system leaves.
   *
   * @param size how many items it has
   * @return what is to be given back with what becomes of it
   */
  @Override
  public int leaves(int size, long nowNanos) {
    boolean isBeside = false;
    for (int i = 0; i < inFlight.size(); i++) {
      isBeside |= inFlight.get(i).messages().isLikelyAtWork(nowNanos);
    }
    return signs.learned().sent(nowNanos, size, isBeside, isMoreWanted());
  }

  /** Whether more would be sent if more were allowed. */
  @Override
  public boolean isMoreWanted() {
    return fetches.sendable() > 0;
  }

  @Override
  public boolean repeatsMessages() {
    return !isClosed() && signs.repeatsMessages();
  }

  @Override
  public LearnedLimits learned() {
    return signs.learned();
  }

  @Override
  public void limitsChanged(List<LimitChange> changes) {
    if (!changes.isEmpty()) {
      count(SchedulerCounter.LIMITS_CHANGED);
      changes.forEach(callbacks::limitChanged);
    }
  }

  /** The system answered an exchange that started at {@code startNanos}. */
  @Override
  public void heard(long startNanos) {
    signs.heard(startNanos);
    shard.touch(this);
  }

  /** The system did not answer an exchange. */
  void unheard(Failure<V> why) {
    if (signs.unheard(why)) {
      opened();
    }
  }

  /** All attempts to get an answer out of the system failed. */
  void gaveUp(Failure<V> why) {
    if (signs.gaveUp(why)) {
      opened();
    }
  }

  private void opened() {
    count(SchedulerCounter.BREAKER_OPENED);
    Breaker breaker = signs.breaker();
    Failure<V> silent = breaker.silent();
    signs.failed(silent.message());
    // Of what is sent once, and was not, a time-out would say that it may have happened.
    fetches.endAll(
        fetch -> fetch.repeatable ? silent : breaker.unreachable(),
        () -> breaker.state() == Health.BreakerState.OPEN);
  }

  /**
   * An exchange that is started once has ended, or was answered after that: what was asked before
   * it, and is answered later, may be what was before it.
   */
  void wrote(K key) {
    writes.add(key, started.getPlain());
  }

  /** Whether what an exchange asked for may have been answered before it was written. */
  boolean isOvertaken(K key, long exchange) {
    return writes.isOvertaken(exchange, write -> callbacks.concerns(write, key));
  }

  /** Whether an exchange was started before the end of any write. */
  boolean isAnyOvertaken(long exchange) {
    return writes.isAnyOvertaken(exchange);
  }

  /**
   * Takes the system out. Its exchanges keep their permits until they are answered or time out:
   * they are still under way, wanted or not.
   */
  void stop() {
    admission.close();
    pace.stop();
    for (Fetch<K, V> fetch : fetches.all()) {
      fetches.end(fetch, failures.stopped(fetch.mayHappen()));
    }
    forgetIfDone();
    publishHealth();
  }

  @Override
  protected void stopAtOnce() {
    stop();
    for (ExchangeInFlight<K, V> exchange : List.copyOf(inFlight)) {
      exchange.leave();
    }
    publishHealth();
  }

  private void forgetIfDone() {
    if (isClosed() && inFlight.isEmpty()) {
      shard.closed(this);
      publishHealth(); // no turn of the shard will do it any more
    }
  }

  // --- what the others of this room ask

  @Override
  public Shard shard() {
    return shard;
  }

  @Override
  public String name() {
    return name;
  }

  Failures failures() {
    return failures;
  }

  Admission<K, V> admission() {
    return admission;
  }

  SystemCallbacks<K, V> callbacks() {
    return callbacks;
  }

  Fetches<K, V> fetches() {
    return fetches;
  }

  SignsOfLife<K, V> signs() {
    return signs;
  }

  /** How long a fetch waits that failed so often. */
  long retryDelay(int failedAttempts) {
    return options.retryBackoff().nanosAfter(failedAttempts, shard.random());
  }

  boolean isClosed() {
    return admission.isClosed();
  }

  /** An exchange of it asked once more. */
  @Override
  public void askedOnceMore() {
    if (!pace.isFree()) {
      pace.askedOnceMore(shard.now());
    }
  }

  void count(SchedulerCounter counter) {
    shard.counters().count(counter);
  }

  @Override
  protected void turned() {
    publishHealth();
  }

  private void publishHealth() {
    health = signs.health(inFlight.size(), fetches.waiting(), pace.shown());
  }
}
