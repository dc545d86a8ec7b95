package org.aeiou.closures.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.learning.BatchLimit;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;

/**
 * All fetches of one system that have no outcome yet: at most one for each key that may be asked
 * for more than once. Used by the owner of the system only.
 */
final class Fetches<K, V> {
  private static final int BIG_TABLE = 1024;

  private final Shard shard;
  private final Consumer<K> ended;
  private final SendQueue<K, V> queue;
  private Map<K, Fetch<K, V>> byKey = new HashMap<>();

  /** Those that no other request may join. */
  private final Set<Fetch<K, V>> once = new HashSet<>();

  private int mostInTable;
  private int backingOff;

  /**
   * No fetches yet.
   *
   * @param expired is told of requests that were past their deadlines when their turn came
   * @param ended is told of keys that had a continuation and are fetched no more
   */
  Fetches(Shard shard, Consumer<PendingRequest<K, V>> expired, Consumer<K> ended) {
    this.shard = shard;
    this.ended = ended;
    this.queue = new SendQueue<>(shard.permits(), expired);
  }

  /** How many can be sent now, if the system may be asked. */
  int sendable() {
    return queue.size();
  }

  /** Whether any of those that can be sent is one that a requester waits for. */
  boolean isAnyInteractive() {
    return queue.isAnyInteractive();
  }

  /** How many wait for an exchange, or for the end of a backoff before it. */
  int waiting() {
    return queue.size() + backingOff;
  }

  /** The one that a request for a key may join; null if there is none. */
  Fetch<K, V> get(K key) {
    return byKey.get(key);
  }

  List<Fetch<K, V>> all() {
    List<Fetch<K, V>> all = new ArrayList<>(byKey.values());
    all.addAll(once);
    return all;
  }

  /** Adds a fetch, and the request that waits for it, to the end of the queue. */
  void add(Fetch<K, V> fetch, PendingRequest<K, V> request) {
    if (fetch.repeatable) {
      byKey.put(fetch.key, fetch);
    } else {
      once.add(fetch);
    }
    mostInTable = Math.max(mostInTable, byKey.size());
    fetch.add(request);
    queue.addLast(fetch);
  }

  /** Lets one more request wait for {@code fetch}. */
  void join(Fetch<K, V> fetch, PendingRequest<K, V> request) {
    fetch.add(request);
    fetch.awaited |= request.awaited;
    boolean queued = fetch.phase == Fetch.Phase.QUEUED;
    if (request.interactive && !fetch.interactive) {
      fetch.interactive = true;
      if (queued) {
        shard.counters().count(SchedulerCounter.PROMOTED);
      }
    }
    if (queued) {
      queue.addLast(request);
    } else if (fetch.parts != null) {
      queueForParts(fetch);
    }
  }

  /** Shows what each user waits for, with those that have just got all. */
  void forEachUser(Consumer<UserShare.Queues<K, V>> look) {
    queue.forEachUser(look);
  }

  /**
   * Takes what the next exchange carries out of the queue: of a fetch in parts, one of them.
   *
   * @param begins whose turn it is; null for the next
   * @param fastestNanos how long an answer takes at least: those that it comes too late for are not
   *     sent
   */
  List<Fetch<K, V>> takeBatch(
      BatchLimit most, UserShare.Queues<K, V> begins, long nowNanos, long fastestNanos) {
    List<Fetch<K, V>> batch = queue.takeBatch(most, begins, nowNanos + fastestNanos);
    for (int i = 0; i < batch.size(); i++) {
      Fetch<K, V> fetch = batch.get(i);
      if (fetch.parts != null) {
        Fetch<K, V> part = fetch.parts.next();
        part.phase = Fetch.Phase.IN_FLIGHT;
        fetch.phase = Fetch.Phase.IN_FLIGHT;
        batch.set(i, part);
        queueForParts(fetch);
      }
    }
    return batch;
  }

  /**
   * Puts {@code fetch}, which is not queued, to the front, unless no request waits for it any more.
   */
  void askNext(Fetch<K, V> fetch) {
    if (fetch.whole != fetch) {
      detach(fetch);
      fetch.phase = Fetch.Phase.QUEUED;
      queueForParts(fetch.whole);
    } else if (fetch.hasWaiters()) {
      detach(fetch);
      queue.addFirst(fetch);
    } else {
      drop(fetch);
    }
  }

  /** Lets {@code fetch}, or a part of one, go on in parts. */
  void split(Fetch<K, V> fetch, List<Object> continuations) {
    Fetch<K, V> whole = fetch.whole;
    detach(fetch);
    whole.continuation = continuations;
    if (whole == fetch) {
      whole.parts = new Fetch.Parts<>(whole, continuations);
      whole.phase = Fetch.Phase.IN_FLIGHT;
    } else {
      whole.parts.replace(fetch, continuations);
      fetch.phase = Fetch.Phase.DONE;
    }
    queueForParts(whole);
  }

  /**
   * Ends a part, or all there is of a fetch that has none.
   *
   * @return what all parts ended in; null if one has not ended
   */
  List<Object> partEnded(Fetch<K, V> part, Object found) {
    detach(part);
    Fetch<K, V> whole = part.whole;
    if (whole == part) {
      return List.of(found);
    }
    part.phase = Fetch.Phase.DONE;
    part.continuation = found;
    List<Object> all = whole.parts.found();
    if (all == null) {
      queueForParts(whole);
    } else {
      whole.parts = null;
      whole.continuation = all;
    }
    return all;
  }

  /** Sends no two parts at once any more, if {@code fetch} is one. */
  void oneAtATime(Fetch<K, V> fetch) {
    Fetch<K, V> whole = fetch.whole;
    if (whole != fetch) {
      whole.parts.oneAtATime();
      if (whole.phase == Fetch.Phase.QUEUED && whole.parts.next() == null) {
        queue.remove(whole);
        whole.phase = Fetch.Phase.IN_FLIGHT;
      }
    }
  }

  /**
   * Queues a fetch in parts if one of them can be sent: in front as what goes on, but behind all
   * others while another part is under way. Without requests that wait it ends with what was sent.
   */
  private void queueForParts(Fetch<K, V> whole) {
    boolean inFlight = whole.isInFlight();
    if (!whole.hasWaiters()) {
      if (!inFlight) {
        drop(whole);
      }
    } else if (whole.phase != Fetch.Phase.QUEUED && whole.parts.next() != null) {
      if (inFlight) {
        queue.addLast(whole);
      } else {
        queue.addFirst(whole);
      }
    }
  }

  /** No request waits for {@code fetch} any more: what was sent is waited for, and no other. */
  void abandon(Fetch<K, V> fetch) {
    if (!fetch.isInFlight()) {
      drop(fetch);
      return;
    }
    if (fetch.phase == Fetch.Phase.QUEUED) {
      queue.remove(fetch);
      fetch.phase = Fetch.Phase.IN_FLIGHT;
    }
    if (fetch.parts == null) {
      fetch.attempt.abandoned();
      return;
    }
    for (Fetch<K, V> part : fetch.parts.all()) {
      if (part.phase == Fetch.Phase.IN_FLIGHT) {
        part.attempt.abandoned();
      }
    }
  }

  /** Says that {@code fetch} waits for the end of the backoff of its last exchange. */
  void backOff(Fetch<K, V> fetch) {
    fetch.phase = Fetch.Phase.BACKING_OFF;
    backingOff++;
  }

  /** Gives all that wait for {@code fetch}, or for what it is a part of, their outcome. */
  void end(Fetch<K, V> fetch, Outcome<V> outcome) {
    forget(fetch.whole);
    fetch.whole.endWaiters(outcome, shard.wheel());
  }

  /**
   * Gives all that wait for an exchange their outcome, a part of them in each turn, for as long as
   * {@code holds}.
   */
  void endAll(Function<Fetch<K, V>, Outcome<V>> outcome, BooleanSupplier holds) {
    Iterator<Fetch<K, V>> those = all().iterator();
    shard.later(
        most -> {
          for (int i = 0; i < most && those.hasNext() && holds.getAsBoolean(); i++) {
            Fetch<K, V> fetch = those.next();
            if (fetch.phase != Fetch.Phase.DONE && !fetch.isInFlight()) {
              end(fetch, outcome.apply(fetch));
            }
          }
          return those.hasNext() && holds.getAsBoolean();
        });
  }

  /** Gives up a fetch that no request waits for. */
  private void drop(Fetch<K, V> fetch) {
    shard.counters().count(SchedulerCounter.DROPPED);
    forget(fetch);
  }

  private void forget(Fetch<K, V> fetch) {
    if (fetch.phase == Fetch.Phase.QUEUED) {
      queue.remove(fetch);
    }
    detach(fetch);
    fetch.phase = Fetch.Phase.DONE;
    if (fetch.parts != null) {
      for (Fetch<K, V> part : fetch.parts.all()) {
        detach(part);
        part.phase = Fetch.Phase.DONE;
      }
    }
    if (fetch.repeatable) {
      byKey.remove(fetch.key);
    } else {
      once.remove(fetch);
    }
    if (fetch.continuation != null) {
      ended.accept(fetch.key);
    }
    if (byKey.isEmpty() && mostInTable > BIG_TABLE) {
      byKey = new HashMap<>(); // a hash table never shrinks by itself
      mostInTable = 0;
    }
  }

  private void detach(Fetch<K, V> fetch) {
    Fetch.Attempt attempt = fetch.attempt;
    fetch.attempt = null;
    if (fetch.phase == Fetch.Phase.BACKING_OFF) {
      backingOff--;
      attempt.release();
    }
  }
}
