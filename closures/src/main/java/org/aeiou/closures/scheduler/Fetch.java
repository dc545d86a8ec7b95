package org.aeiou.closures.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.shard.TimingWheel;

/**
 * One key that is being fetched from its system, and the requests that wait for it; or one of its
 * {@link Parts}, for which none waits. Used by the owner of the system only.
 */
final class Fetch<K, V> {

  /** An exchange that carries fetches. */
  interface Attempt {
    /** One fetch that backs off has its outcome, or was dropped. */
    void release();

    /** No request waits any more for one fetch that is in flight. */
    void abandoned();
  }

  /** Where a fetch is. */
  enum Phase {
    /** In the queue of its system; a part: in that of its fetch. */
    QUEUED,
    /** In an exchange; a fetch in parts: it has none that could be sent. */
    IN_FLIGHT,
    /** Between two attempts; its last exchange brings it back to the queue. */
    BACKING_OFF,
    /** It had its outcome, or was dropped; a part: it has ended. */
    DONE
  }

  /** What it is a part of; itself if it is none. */
  final Fetch<K, V> whole;

  final K key;

  /** Where its outcome is kept, as the first request for it said; null if that said nothing. */
  final Object keeping;

  /** As {@link Exchanger#kind} says; null: travels alone. */
  final Object kind;

  /**
   * As {@link Exchanger#isRepeatable} says: else it is sent once, and no other request joins it.
   */
  final boolean repeatable;

  /** Whether an interactive request has ever waited for it. */
  boolean interactive;

  /** Whether a requester has ever waited for it: else it is tried once. */
  boolean awaited;

  Phase phase = Phase.QUEUED;

  /** Where its previous exchange left off. */
  Object continuation;

  /** The exchange it is in or backs off from; null while queued and when done. */
  Attempt attempt;

  /** Attempts that were not answered. */
  int failedAttempts;

  /** How much it was asked again without getting anywhere. */
  int fruitless;

  /** What it goes on in; null unless it was split. */
  Parts<K, V> parts;

  private PendingRequest<K, V> first;
  private PendingRequest<K, V> last;

  Fetch(K key, Object keeping, boolean repeatable, Object kind, boolean interactive) {
    this.whole = this;
    this.repeatable = repeatable;
    this.key = key;
    this.keeping = keeping;
    this.kind = kind;
    this.interactive = interactive;
  }

  /** A part of {@code whole}, which waits to be sent. */
  Fetch(Fetch<K, V> whole, Object continuation) {
    this.whole = whole;
    this.key = whole.key;
    this.keeping = whole.keeping;
    this.kind = whole.kind;
    this.repeatable = whole.repeatable;
    this.continuation = continuation;
  }

  /** Whether what it asks for may happen, though it can no longer be told. */
  boolean mayHappen() {
    return !repeatable && isInFlight();
  }

  /** Whether it, or a part of it, is in an exchange. */
  boolean isInFlight() {
    return parts == null ? phase == Phase.IN_FLIGHT : parts.inFlight() > 0;
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

  /**
   * The parts of a fetch that goes on in several exchanges side by side, in their order. Used by
   * the owner of the system only.
   *
   * <p>Requests wait for the fetch, and it is the fetch that has a place in the queues of their
   * requesters, for as long as a part can be sent. A part has what an exchange needs: where it goes
   * on, and how often it failed.
   */
  static final class Parts<K, V> {
    private final Fetch<K, V> whole;
    private final List<Fetch<K, V>> all = new ArrayList<>();

    /** Whether no two may be in flight: what was sent side by side was not answered. */
    private boolean oneAtATime;

    Parts(Fetch<K, V> whole, List<Object> continuations) {
      this.whole = whole;
      add(0, continuations);
    }

    /** Puts parts in the place of {@code part}. */
    void replace(Fetch<K, V> part, List<Object> continuations) {
      int place = all.indexOf(part);
      all.remove(place);
      add(place, continuations);
    }

    private void add(int place, List<Object> continuations) {
      for (int i = 0; i < continuations.size(); i++) {
        all.add(place + i, new Fetch<>(whole, continuations.get(i)));
      }
    }

    void oneAtATime() {
      oneAtATime = true;
    }

    /** The first that can be sent; null if there is none. */
    Fetch<K, V> next() {
      if (oneAtATime && inFlight() > 0) {
        return null;
      }
      for (Fetch<K, V> part : all) {
        if (part.phase == Fetch.Phase.QUEUED) {
          return part;
        }
      }
      return null;
    }

    /** How many are in an exchange. */
    int inFlight() {
      int count = 0;
      for (Fetch<K, V> part : all) {
        count += part.phase == Fetch.Phase.IN_FLIGHT ? 1 : 0;
      }
      return count;
    }

    List<Fetch<K, V>> all() {
      return all;
    }

    /** What all of them ended in; null if one has not. */
    List<Object> found() {
      List<Object> found = new ArrayList<>(all.size());
      for (Fetch<K, V> part : all) {
        if (part.phase != Fetch.Phase.DONE) {
          return null;
        }
        found.add(part.continuation);
      }
      return found;
    }
  }
}
