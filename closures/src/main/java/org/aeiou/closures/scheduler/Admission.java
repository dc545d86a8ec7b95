package org.aeiou.closures.scheduler;

import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.scheduler.pace.Pace;
import org.aeiou.closures.shard.OwnedSystem;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.User;
import org.aeiou.closures.shard.Withdrawals;

/**
 * The requests to one system, from the mail that brings them: which are refused, which {@link
 * Fetch} each of the others waits for, and which leave before that has an outcome. Used by the
 * owner of the system only, but for {@link #isFull}, {@link #shard}, {@link #name} and {@link
 * #withdrawals}.
 */
final class Admission<K, V> implements PendingRequest.Owner<K, V> {
  /** The system, as its shard knows it. */
  private final OwnedSystem system;

  private final Shard shard;
  private final Withdrawals withdrawals;
  private final String name;
  private final int maxPendingOfUser;
  private final SystemCallbacks<K, V> callbacks;
  private final Failures failures;
  private final SignsOfLife<K, V> signs;
  private final Pace pace;
  private final Flows<K, V> flows;
  private final Fetches<K, V> fetches;

  /** Requests taken in; counted by the owner, read by any thread. */
  private final AtomicLong requests = new AtomicLong();

  private boolean closed;

  Admission(
      OwnedSystem system,
      Shard shard,
      Withdrawals withdrawals,
      String name,
      int maxPendingOfUser,
      SystemCallbacks<K, V> callbacks,
      Failures failures,
      SignsOfLife<K, V> signs,
      Pace pace) {
    this.system = system;
    this.shard = shard;
    this.withdrawals = withdrawals;
    this.name = name;
    this.maxPendingOfUser = maxPendingOfUser;
    this.callbacks = callbacks;
    this.failures = failures;
    this.signs = signs;
    this.pace = pace;
    this.flows = new Flows<>(maxPendingOfUser);
    this.fetches = new Fetches<>(shard, this::hopeless, callbacks::ended);
  }

  /** Refuses whatever comes from now on. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /** What the requests that were taken in wait for. */
  Fetches<K, V> fetches() {
    return fetches;
  }

  /** How many requests were taken in so far; any thread. */
  long requests() {
    return requests.getOpaque();
  }

  /** How many users want something. */
  int users() {
    return flows.users();
  }

  /** Whether a user has as many requests here as it may, as far as is known. */
  boolean isFull(User user) {
    return flows.isFull(user);
  }

  @Override
  public Shard shard() {
    return shard;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Withdrawals withdrawals() {
    return withdrawals;
  }

  // --- requests come

  @Override
  public void accept(PendingRequest<K, V> request) {
    if (request.isDone()) {
      return; // withdrawn before its burst ended
    }
    count(SchedulerCounter.SUBMITTED);
    // Opaque: one writer; readers want a whole, recent value.
    requests.setOpaque(requests.getPlain() + 1);
    flows.enter(request);
    Outcome<V> refusal = refusal(request);
    if (refusal == null) {
      try {
        join(request);
      } catch (RuntimeException e) {
        shard.callbackFailed(name, "its key or the kind of it", e);
        refusal = failures.badAnswer("the key or its kind threw " + e);
      }
    }
    if (refusal != null) {
      request.end(refusal);
    }
  }

  private Outcome<V> refusal(PendingRequest<K, V> request) {
    long now = shard.now();
    if (closed) {
      return failures.stopped(false);
    }
    if (request.isWithdrawn()) {
      count(SchedulerCounter.CANCELLED);
      return failures.cancelled(false);
    }
    if (request.isPast(now)) {
      count(SchedulerCounter.DEADLINES);
      return failures.deadline(0, signs.timeoutNanos(), null);
    }
    if (flows.isTooMany(request)) {
      count(SchedulerCounter.REJECTED);
      UserShare<K, V> share = request.flow.share;
      if (share.refusal == null) {
        share.refusal = failures.overloaded(request.requester, maxPendingOfUser);
      }
      return share.refusal;
    }
    return signs.breaker().refuses(now) ? signs.breaker().unreachable() : null;
  }

  private void join(PendingRequest<K, V> request) {
    K key = request.key;
    boolean repeatable = callbacks.isRepeatable(key);
    Fetch<K, V> fetch = repeatable ? fetches.get(key) : null;
    if (fetch == null) {
      signs.recall();
      Outcome<V> there =
          repeatable ? callbacks.since(key, request.keeping, request.askedNanos) : null;
      if (there != null) {
        count(SchedulerCounter.MET);
        request.end(there);
        return;
      }
      Outcome<V> unmet = unmet(request);
      if (unmet != null) {
        request.end(unmet);
        return;
      }
      Object kind = repeatable ? callbacks.kind(key) : null;
      fetch = new Fetch<>(key, request.keeping, repeatable, kind, request.interactive);
      fetch.awaited = request.awaited;
      fetches.add(fetch, request);
    } else {
      count(SchedulerCounter.JOINED);
      fetches.join(fetch, request);
    }
    request.key = null;
    request.keeping = null;
    if (request.hasDeadline()) {
      shard.wheel().add(request, request.deadlineNanos());
    }
    shard.touch(system);
  }

  /**
   * What a request that is to be sent ends in at once, as it would be sent, or answered, too late;
   * null if it may be in time.
   */
  private Outcome<V> unmet(PendingRequest<K, V> request) {
    if (!request.hasDeadline()) {
      return null;
    }
    long now = shard.now();
    long wait = 0;
    if (!pace.isFree()) {
      int ahead = request.flow.queue(request.interactive).size() / signs.learned().batch().get();
      wait = pace.waitNanos(now, ahead, request.requester.user(), request.interactive);
    }
    if (!request.isPast(now + wait + signs.fastestNanos(now))) {
      return null;
    }
    count(SchedulerCounter.UNMET);
    return unmet(request, wait);
  }

  private Failure<V> unmet(PendingRequest<K, V> request, long waitNanos) {
    long now = shard.now();
    return failures.unmet(request.deadlineNanos() - now, waitNanos, signs.fastestNanos(now));
  }

  // --- requests leave

  @Override
  public void withdrawn(PendingRequest<K, V> request) {
    if (request.isDone()) {
      return;
    }
    count(SchedulerCounter.CANCELLED);
    boolean mayHappen = request.fetch != null && request.fetch.mayHappen();
    leave(request, failures.cancelled(mayHappen));
  }

  @Override
  public void deadlinePassed(PendingRequest<K, V> request) {
    Fetch<K, V> fetch = request.fetch;
    int sending = fetch.isInFlight() ? 1 : 0;
    count(SchedulerCounter.DEADLINES);
    leave(
        request,
        fetch.repeatable
            ? failures.deadline(
                fetch.failedAttempts + sending, signs.timeoutNanos(), callbacks.silence())
            : fetch.mayHappen() ? failures.noVerdict() : failures.neverSent());
  }

  /** Its turn has come, too late for an answer before its deadline. */
  private void hopeless(PendingRequest<K, V> request) {
    boolean wasAsked = request.fetch.failedAttempts > 0 || request.fetch.continuation != null;
    if (wasAsked || request.isPast(shard.now())) {
      deadlinePassed(request);
    } else {
      count(SchedulerCounter.UNMET);
      leave(request, unmet(request, 0));
    }
  }

  /** Ends one request; its fetch goes on if others wait for it, or if it was sent. */
  void leave(PendingRequest<K, V> request, Outcome<V> outcome) {
    Fetch<K, V> fetch = request.fetch;
    if (fetch != null) {
      shard.wheel().remove(request);
      fetch.remove(request);
      if (!fetch.hasWaiters()) {
        fetches.abandon(fetch);
        shard.touch(system);
      }
    }
    request.end(outcome);
  }

  @Override
  public void left(PendingRequest<K, V> request) {
    if (request.flow == null) {
      count(SchedulerCounter.SUBMITTED); // withdrawn before it came: it will find itself done
    } else {
      flows.leave(request);
    }
  }

  private void count(SchedulerCounter counter) {
    shard.counters().count(counter);
  }
}
