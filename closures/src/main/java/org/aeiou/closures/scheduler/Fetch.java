package org.aeiou.closures.scheduler;

import org.aeiou.closures.Outcome;
import org.aeiou.closures.shard.TimingWheel;

/**
 * One key that is being fetched from its system, and the requests that wait for it. Used by the
 * owner of the system only.
 */
final class Fetch<K, V> {

  /** An exchange that carries fetches. */
  interface Attempt {
    /** One fetch that backs off has its outcome, or was dropped. */
    void release();
  }

  /** Where a fetch is. */
  enum Phase {
    /** In the queue of its system. */
    QUEUED,
    /** In an exchange. */
    IN_FLIGHT,
    /** Between two attempts; its last exchange brings it back to the queue. */
    BACKING_OFF,
    /** It had its outcome, or was dropped. */
    DONE
  }

  final K key;

  /** As {@link Exchanger#kind} says; null: travels alone. */
  final Object kind;

  /** Whether an interactive request has ever waited for it. */
  boolean interactive;

  Phase phase = Phase.QUEUED;

  /** Where its previous exchange left off. */
  Object continuation;

  /** The exchange it is in or backs off from; null while queued and when done. */
  Attempt attempt;

  /** Attempts that were not answered. */
  int failedAttempts;

  /** How much it was asked again without getting anywhere. */
  int fruitless;

  private PendingRequest<K, V> first;
  private PendingRequest<K, V> last;

  Fetch(K key, Object kind, boolean interactive) {
    this.key = key;
    this.kind = kind;
    this.interactive = interactive;
  }

  /** The request that has waited longest; null if there is none. */
  PendingRequest<K, V> first() {
    return first;
  }

  /** The request that came last; null if there is none. */
  PendingRequest<K, V> last() {
    return last;
  }

  boolean hasWaiters() {
    return first != null;
  }

  void add(PendingRequest<K, V> waiter) {
    waiter.fetch = this;
    waiter.earlier = last;
    if (last == null) {
      first = waiter;
    } else {
      last.later = waiter;
    }
    last = waiter;
  }

  void remove(PendingRequest<K, V> waiter) {
    waiter.leaveQueue();
    if (waiter.earlier == null) {
      first = waiter.later;
    } else {
      waiter.earlier.later = waiter.later;
    }
    if (waiter.later == null) {
      last = waiter.earlier;
    } else {
      waiter.later.earlier = waiter.earlier;
    }
    waiter.earlier = null;
    waiter.later = null;
    waiter.fetch = null;
  }

  /** Ends all that wait for it, in the order they came. */
  void endWaiters(Outcome<V> outcome, TimingWheel wheel) {
    for (PendingRequest<K, V> waiter = first; waiter != null; waiter = first) {
      remove(waiter);
      wheel.remove(waiter);
      waiter.end(outcome);
    }
  }
}
