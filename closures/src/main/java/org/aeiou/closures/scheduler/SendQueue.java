package org.aeiou.closures.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.aeiou.closures.learning.BatchLimit;
import org.aeiou.closures.scheduler.pace.RoundRobin;
import org.aeiou.closures.shard.Permits;

/**
 * The fetches of one system that wait for an exchange. Used by the owner of the system only.
 *
 * <p>A fetch has a place in the queue of every requester that waits for it, and leaves when the
 * first of its places has its turn. An exchange begins with the next request of the requester whose
 * turn it is, and is then filled with requests of the same kind, one of each user in turn: users
 * that want more than the system gives get equally many. Interactive ones go before background
 * ones, which fill what room is left.
 */
final class SendQueue<K, V> {
  private final RoundRobin<UserShare.Queues<K, V>> interactive = new RoundRobin<>();
  private final RoundRobin<UserShare.Queues<K, V>> background = new RoundRobin<>();

  /** Given to requests that turn out to be too late when they have their turn. */
  private final Consumer<PendingRequest<K, V>> expired;

  private final Permits.OfShard permits;
  private final FlowQueue.Search search = new FlowQueue.Search();
  private int size;

  SendQueue(Permits.OfShard permits, Consumer<PendingRequest<K, V>> expired) {
    this.permits = permits;
    this.expired = expired;
  }

  /** How many fetches wait. */
  int size() {
    return size;
  }

  /** Shows what each user waits for, with those that have just got all. */
  void forEachUser(Consumer<UserShare.Queues<K, V>> look) {
    interactive.forEach(look);
    background.forEach(look);
  }

  /** Whether any of them is interactive. */
  boolean isAnyInteractive() {
    return !interactive.isEmpty();
  }

  /** Puts {@code fetch} behind all others of each requester that waits for it. */
  void addLast(Fetch<K, V> fetch) {
    queued(fetch);
    for (PendingRequest<K, V> waiter = fetch.first(); waiter != null; waiter = waiter.later) {
      addLast(waiter);
    }
  }

  /** Puts {@code fetch} before all others of each requester that waits for it. */
  void addFirst(Fetch<K, V> fetch) {
    queued(fetch);
    for (PendingRequest<K, V> waiter = fetch.last(); waiter != null; waiter = waiter.earlier) {
      queue(waiter).addFirst(waiter);
    }
  }

  /** Gives a request that waits for a queued fetch its place. */
  void addLast(PendingRequest<K, V> waiter) {
    queue(waiter).addLast(waiter);
  }

  /** Takes {@code fetch} out. */
  void remove(Fetch<K, V> fetch) {
    size--;
    for (PendingRequest<K, V> waiter = fetch.first(); waiter != null; waiter = waiter.later) {
      waiter.leaveQueue();
    }
  }

  /**
   * Takes out what the next exchange carries: as many as {@code most} allows, all of one kind.
   * Empty if none of those that wait can be sent now.
   *
   * @param begins whose turn it is; null for the next
   * @param leastNanos those with an earlier deadline are too late
   */
  List<Fetch<K, V>> takeBatch(BatchLimit most, UserShare.Queues<K, V> begins, long leastNanos) {
    Fetch<K, V> first = begins == null ? null : next(begins, leastNanos);
    if (first == null) {
      first = next(interactive, leastNanos);
    }
    if (first == null) {
      first = next(background, leastNanos);
    }
    if (first == null) {
      return List.of();
    }
    int limit = most.afterFailures(first.failedAttempts);
    List<Fetch<K, V>> batch = new ArrayList<>(Math.min(limit, size));
    take(first, batch);
    if (first.kind != null) {
      search.begin();
      fill(interactive, first.kind, limit, leastNanos, batch);
      search.begin();
      fill(background, first.kind, limit, leastNanos, batch);
    }
    return batch;
  }

  /** The next of a user whose turn it is; null if it has nothing that may be sent. */
  private Fetch<K, V> next(UserShare.Queues<K, V> queues, long leastNanos) {
    while (!queues.isEmpty()) {
      PendingRequest<K, V> request = queues.next();
      if (!request.isPast(leastNanos)) {
        return permits.mayUse(request.requester.user()) ? request.fetch : null;
      }
      expired.accept(request);
    }
    return null;
  }

  private Fetch<K, V> next(RoundRobin<UserShare.Queues<K, V>> users, long leastNanos) {
    UserShare.Queues<K, V> queues = users.next();
    for (int without = 0; queues != null && without < users.size(); queues = users.next()) {
      PendingRequest<K, V> request = queues.next();
      if (request.isPast(leastNanos)) {
        expired.accept(request);
      } else if (permits.mayUse(request.requester.user())) {
        return request.fetch;
      } else {
        without++;
      }
    }
    return null;
  }

  private void fill(
      RoundRobin<UserShare.Queues<K, V>> users,
      Object kind,
      int limit,
      long leastNanos,
      List<Fetch<K, V>> batch) {
    for (int without = 0; batch.size() < limit && without < users.size(); without++) {
      UserShare.Queues<K, V> queues = users.next();
      PendingRequest<K, V> request = queues == null ? null : queues.next(kind, search);
      if (request != null) {
        if (request.isPast(leastNanos)) {
          expired.accept(request);
        } else {
          take(request.fetch, batch);
        }
        without = -1;
      }
    }
  }

  private void take(Fetch<K, V> fetch, List<Fetch<K, V>> batch) {
    remove(fetch);
    batch.add(fetch);
  }

  private void queued(Fetch<K, V> fetch) {
    fetch.phase = Fetch.Phase.QUEUED;
    size++;
  }

  private FlowQueue<K, V> queue(PendingRequest<K, V> waiter) {
    FlowQueue<K, V> queue = waiter.flow.queue(waiter.interactive);
    UserShare.Queues<K, V> ofUser = waiter.flow.share.queues(waiter.interactive);
    ofUser.add(queue);
    (waiter.interactive ? interactive : background).add(ofUser);
    return queue;
  }
}
