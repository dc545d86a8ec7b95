package org.aeiou.closures.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;

/**
 * One system: who waits for what, what is sent next, what is in flight. The methods of {@link
 * SystemQueue} are for any thread; all others are for the owner of the shard, and none of them is
 * entered twice, because what closures and back ends do comes back as mail.
 *
 * <p>It is long because it is one idea, the decisions about one system: each needs what the others
 * left, and only one thread makes them. What can be decided alone is in parts of its own: {@link
 * Fetches}, {@link Flows}, {@link Breaker}, {@link BatchLimit}, {@link Callbacks}.
 *
 * <p>As mail it is the news that the system was opened.
 */
final class ShardQueue<K, V> extends Mail implements SystemQueue<K, V> {
  /** How soon to look again whether a user that has too much in flight may have more. */
  private static final long CROWDED_NANOS = 10_000_000L;

  private final CompletionScheduler<K, V> scheduler;
  private final Shard shard;
  private final String name;
  private Limits limits;
  private final Callbacks<K, V> callbacks;

  private final Wording wording;
  private final Fetches<K, V> fetches;
  private final Flows<K, V> flows;
  private final List<Flight<K, V>> inFlight = new ArrayList<>(2);
  private final BatchLimit batchLimit;
  private final Breaker breaker;
  private final Timer gate = new Gate();
  private boolean sentBefore;
  private long lastStartNanos;
  private boolean closed;

  private long rttNanos = -1;
  private long lastAnswerNanos;
  private String lastError;

  /** Kept by the shard: whether it is in its lists. */
  boolean touched;

  boolean ready;

  /** Written by the owner, read by anyone: the write publishes an immutable object. */
  private volatile Health health;

  ShardQueue(
      CompletionScheduler<K, V> scheduler,
      Shard shard,
      String name,
      Limits limits,
      Exchanger<K, V> exchanger,
      Arrivals<K, V> arrivals) {
    this.scheduler = scheduler;
    this.shard = shard;
    this.name = name;
    this.limits = limits;
    this.callbacks = new Callbacks<>(shard, name, exchanger, arrivals);
    this.wording = new Wording(name);
    this.flows = new Flows<>(shard.mostPendingOfUser());
    this.fetches = new Fetches<>(shard, this::deadlinePassed, callbacks::ended);
    this.batchLimit = new BatchLimit(limits.maxBatch());
    this.breaker = shard.newBreaker(name);
    publishHealth();
  }

  // --- for any thread

  @Override
  public <C> Request submit(
      K key,
      Priority priority,
      long deadlineNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context) {
    return submit(key, priority, deadlineNanos, shard.time(), burst, closure, context);
  }

  @Override
  public boolean hasRoom(Requester requester) {
    User user = requester.userOf(scheduler);
    if (shard.bound().hasRoom(user) && !flows.isFull(user)) {
      return true;
    }
    shard.counters().rejected.increment();
    return false;
  }

  @Override
  @SuppressWarnings("unchecked") // the context given with a closure is the only one it is run with
  public <C> Request submit(
      K key,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(closure, "closure");
    boolean interactive = priority == Priority.INTERACTIVE;
    User user = burst.requester().userOf(scheduler);
    if (!shard.bound().take(user)) {
      shard.counters().rejected.increment();
      return null;
    }
    PendingRequest<K, V> request =
        new PendingRequest<>(
            this,
            burst.requester(),
            key,
            interactive,
            deadlineNanos,
            askedNanos,
            (Closure<V, Object>) closure,
            context);
    if (!burst.take(request)) {
      shard.bound().giveBack(user);
      shard.counters().rejected.increment();
      return null;
    }
    return request;
  }

  @Override
  public Health health() {
    return health;
  }

  @Override
  public void change(Limits newLimits, Exchanger<K, V> newExchanger) {
    Objects.requireNonNull(newLimits, "limits");
    Objects.requireNonNull(newExchanger, "exchanger");
    shard
        .mailbox()
        .push(
            new Mail() {
              @Override
              void receive() {
                changed(newLimits, newExchanger);
              }
            });
  }

  @Override
  public void close() {
    shard.mailbox().push(new Closing(this));
  }

  private void changed(Limits newLimits, Exchanger<K, V> newExchanger) {
    limits = newLimits;
    callbacks.change(newExchanger);
    batchLimit.most(newLimits.maxBatch());
    shard.touch(this);
  }

  // --- requests come and go

  @Override
  void receive() {
    shard.opened(this);
  }

  void accept(PendingRequest<K, V> request) {
    if (request.isDone()) {
      return; // withdrawn before its burst ended
    }
    count(Counter.SUBMITTED);
    flows.enter(request);
    Outcome<V> refusal = refusal(request);
    if (refusal == null) {
      try {
        join(request);
      } catch (RuntimeException e) {
        shard.callbackFailed(name, "its key or the kind of it", e);
        refusal = wording.badAnswer("the key or its kind threw " + e);
      }
    }
    if (refusal != null) {
      request.end(refusal);
    }
  }

  void withdrawn(PendingRequest<K, V> request) {
    if (request.isDone()) {
      return;
    }
    if (request.fetch == null) {
      count(Counter.SUBMITTED); // its burst has not ended: it will find itself done
    }
    count(Counter.CANCELLED);
    leave(request, wording.cancelled());
  }

  void deadlinePassed(PendingRequest<K, V> request) {
    Fetch<K, V> fetch = request.fetch;
    int sending = fetch.phase == Fetch.Phase.IN_FLIGHT ? 1 : 0;
    count(Counter.DEADLINES);
    leave(
        request,
        wording.deadline(fetch.failedAttempts + sending, timeoutNanos(), callbacks.silence()));
  }

  private Outcome<V> refusal(PendingRequest<K, V> request) {
    long now = shard.now();
    if (closed) {
      return wording.stopped();
    }
    if (request.isWithdrawn()) {
      count(Counter.CANCELLED);
      return wording.cancelled();
    }
    if (request.isPast(now)) {
      count(Counter.DEADLINES);
      return wording.deadline(0, timeoutNanos(), null);
    }
    if (flows.isTooMany(request)) {
      count(Counter.REJECTED);
      Share<K, V> share = request.flow.share;
      if (share.refusal == null) {
        share.refusal = wording.overloaded(request.requester, shard.mostPendingOfUser());
      }
      return share.refusal;
    }
    return breaker.refuses(now) ? breaker.unreachable() : null;
  }

  private void join(PendingRequest<K, V> request) {
    K key = request.key;
    Fetch<K, V> fetch = fetches.get(key);
    if (fetch == null) {
      Outcome<V> there = callbacks.since(key, request.askedNanos);
      if (there != null) {
        count(Counter.MET);
        request.end(there);
        return;
      }
      fetch = new Fetch<>(key, callbacks.kind(key), request.interactive);
      fetches.add(fetch, request);
    } else {
      count(Counter.JOINED);
      fetches.join(fetch, request);
    }
    request.key = null;
    if (request.hasDeadline()) {
      shard.wheel().add(request, request.dueNanos);
    }
    shard.touch(this);
  }

  /** Ends one request; its fetch goes on if others wait for it, or if it was sent. */
  private void leave(PendingRequest<K, V> request, Outcome<V> outcome) {
    Fetch<K, V> fetch = request.fetch;
    if (fetch != null) {
      shard.wheel().remove(request);
      fetch.remove(request);
      if (!fetch.hasWaiters() && fetch.phase != Fetch.Phase.IN_FLIGHT) {
        fetches.drop(fetch);
        shard.touch(this);
      }
    }
    request.end(outcome);
  }

  // --- exchanges

  /** Whether an exchange may start now. If only the interval forbids it, a timer will tell. */
  boolean canSend(long nowNanos) {
    int most =
        switch (breaker.state()) {
          case CLOSED -> limits.maxInFlight();
          case HALF_OPEN -> 1;
          case OPEN -> 0;
        };
    if (closed || fetches.sendable() == 0 || inFlight.size() >= most) {
      return false;
    }
    long wait = sentBefore ? lastStartNanos + limits.minInterval().toNanos() - nowNanos : 0;
    if (wait > 0) {
      lookAgain(nowNanos + wait);
    }
    return wait <= 0;
  }

  /**
   * Starts one exchange, for which a permit was taken.
   *
   * @return whether it did: those that wait may be past their deadlines, or their users may have
   *     too much in flight elsewhere
   */
  boolean send(long nowNanos) {
    List<Fetch<K, V>> batch = fetches.takeBatch(batchLimit, nowNanos);
    if (batch.isEmpty()) {
      if (fetches.sendable() > 0) {
        lookAgain(nowNanos + CROWDED_NANOS);
      }
      return false;
    }
    Flight<K, V> flight = new Flight<>(this, batch, nowNanos);
    inFlight.add(flight);
    flight.user().departed();
    sentBefore = true;
    lastStartNanos = nowNanos;
    count(Counter.EXCHANGES);
    shard.counters().count(Counter.ITEMS, flight.items().size());
    if (flight.attempt() > 1) {
      count(Counter.RETRIES);
    }
    if (breaker.state() == Health.Breaker.HALF_OPEN) {
      count(Counter.BREAKER_PROBES);
    }
    shard.wheel().add(flight, nowNanos + flight.timeoutNanos());
    shard.touch(this);
    callbacks.start(flight, wording);
    return true;
  }

  private void lookAgain(long atNanos) {
    if (!gate.isScheduled()) {
      shard.wheel().add(gate, atNanos);
    }
  }

  /** An exchange is no longer in flight. */
  void landed(Flight<K, V> flight) {
    inFlight.remove(flight);
    flight.user().landed();
    shard.permits().giveBack();
    forgetIfDone();
    shard.touch(this);
  }

  /** The system answered an exchange that started at {@code startNanos}. */
  void heard(long startNanos) {
    long now = shard.now();
    long sample = now - startNanos;
    // As RFC 6298, 2.3: an eighth of the new one.
    rttNanos = rttNanos < 0 ? sample : rttNanos + (sample - rttNanos) / 8;
    lastAnswerNanos = now;
    lastError = null;
    boolean wasSilent = breaker.state() != Health.Breaker.CLOSED;
    breaker.answered();
    if (wasSilent) {
      callbacks.answersAgain();
    }
    shard.touch(this);
  }

  /** The system did not answer an exchange. */
  void unheard(Failure<V> why) {
    lastError = why.message();
    boolean answeredBefore = breaker.state() == Health.Breaker.CLOSED;
    if (breaker.unanswered(shard.now(), why, callbacks.silence())) {
      if (answeredBefore) {
        callbacks.stoppedAnswering(why.message());
      }
      opened();
    }
  }

  /**
   * All attempts to get an answer out of the system failed. One that was never heard of is now
   * known to be silent: the next requester need not wait to find that out.
   */
  void gaveUp(Failure<V> why) {
    if (limits.firstTimeout() != null
        && rttNanos < 0
        && breaker.givenUp(shard.now(), why, callbacks.silence())) {
      callbacks.stoppedAnswering(why.message());
      opened();
    }
  }

  private void opened() {
    count(Counter.BREAKER_OPENED);
    Failure<V> silent = breaker.silent();
    lastError = silent.message();
    fetches.endAll(silent, () -> breaker.state() == Health.Breaker.OPEN);
  }

  /** The system answered that something is wrong. */
  void failed(String error) {
    lastError = error;
  }

  /**
   * Takes the system out. Its exchanges keep their permits until they are answered or time out:
   * they are still under way, whoever wants them.
   */
  void stop() {
    closed = true;
    shard.wheel().remove(gate);
    for (Fetch<K, V> fetch : fetches.all()) {
      fetches.end(fetch, wording.stopped());
    }
    forgetIfDone();
    publishHealth();
  }

  /** Takes the system out, and with it what is under way: the shard ends. */
  void stopAtOnce() {
    stop();
    for (Flight<K, V> flight : List.copyOf(inFlight)) {
      flight.leave();
    }
    publishHealth();
  }

  private void forgetIfDone() {
    if (closed && inFlight.isEmpty()) {
      shard.closed(this);
      publishHealth(); // no turn of the shard will do it any more
    }
  }

  // --- what the others of this room ask

  Shard shard() {
    return shard;
  }

  String name() {
    return name;
  }

  Wording wording() {
    return wording;
  }

  Callbacks<K, V> callbacks() {
    return callbacks;
  }

  Fetches<K, V> fetches() {
    return fetches;
  }

  Breaker breaker() {
    return breaker;
  }

  BatchLimit batchLimit() {
    return batchLimit;
  }

  /** A request that was taken in has its outcome. */
  void left(PendingRequest<K, V> request) {
    if (request.flow != null) {
      flows.leave(request);
    }
  }

  boolean isClosed() {
    return closed;
  }

  int retries() {
    return isFirst() ? limits.firstRetries() : limits.retries();
  }

  long timeoutNanos() {
    return (isFirst() ? limits.firstTimeout() : limits.timeout()).toNanos();
  }

  /** Whether the system was never heard of, and has less patience for that reason. */
  private boolean isFirst() {
    return rttNanos < 0 && limits.firstTimeout() != null;
  }

  void count(Counter counter) {
    shard.counters().count(counter);
  }

  void publishHealth() {
    health =
        new Health(
            breaker.state(),
            breaker.openUntilNanos(),
            rttNanos,
            lastAnswerNanos,
            lastError,
            batchLimit.get(),
            inFlight.size(),
            fetches.waiting(),
            callbacks.notes());
  }

  @Override
  public String toString() {
    return name;
  }

  /** The end of what an exchange has to wait for. */
  private final class Gate extends Timer {
    @Override
    void fire() {
      shard.touch(ShardQueue.this);
    }

    @Override
    void receive() {
      throw new AssertionError("a gate is never posted");
    }
  }
}
