package org.aeiou.closures.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The fetches of one system that wait for an exchange. Used by the owner of the system only.
 *
 * <p>A fetch has a place in the line of every requester that waits for it, and leaves when the
 * first of its places has its turn. An exchange begins with the next request of the requester whose
 * turn it is, and is then filled with requests of the same kind, one of each user in turn: users
 * that want more than the system gives get equally many. Interactive ones go before background
 * ones, which fill what room is left.
 */
final class SendQueue<K, V> {
  /**
   * How many requests of other kinds a batch looks past. Without a bound, filling each batch could
   * walk the whole queue.
   */
  private static final int LOOK_PAST = 256;

  private final Turns<Share.Lines<K, V>> interactive = new Turns<>();
  private final Turns<Share.Lines<K, V>> background = new Turns<>();

  /** Given to requests that turn out to be past their deadline when they have their turn. */
  private final Consumer<PendingRequest<K, V>> expired;

  private final Permits.Share permits;
  private final Search search = new Search();
  private int size;

  SendQueue(Permits.Share permits, Consumer<PendingRequest<K, V>> expired) {
    this.permits = permits;
    this.expired = expired;
  }

  /** How many fetches wait. */
  int size() {
    return size;
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
      line(waiter).addFirst(waiter);
    }
  }

  /** Gives a request that waits for a queued fetch its place. */
  void addLast(PendingRequest<K, V> waiter) {
    line(waiter).addLast(waiter);
  }

  /** Takes {@code fetch} out. */
  void remove(Fetch<K, V> fetch) {
    size--;
    for (PendingRequest<K, V> waiter = fetch.first(); waiter != null; waiter = waiter.later) {
      waiter.leaveLine();
    }
  }

  /**
   * Takes out what the next exchange carries: as many as {@code most} allows, all of one kind.
   * Empty if none of those that wait can be sent now.
   */
  List<Fetch<K, V>> takeBatch(BatchLimit most, long nowNanos) {
    Fetch<K, V> first = next(interactive, nowNanos);
    if (first == null) {
      first = next(background, nowNanos);
    }
    if (first == null) {
      return List.of();
    }
    int limit = most.afterFailures(first.failedAttempts);
    List<Fetch<K, V>> batch = new ArrayList<>(Math.min(limit, size));
    take(first, batch);
    if (first.kind != null) {
      search.begin();
      fill(interactive, first.kind, limit, batch);
      search.begin();
      fill(background, first.kind, limit, batch);
    }
    return batch;
  }

  private Fetch<K, V> next(Turns<Share.Lines<K, V>> users, long nowNanos) {
    Share.Lines<K, V> lines = users.next();
    for (int without = 0; lines != null && without < users.size(); lines = users.next()) {
      PendingRequest<K, V> request = lines.next();
      if (request.isPast(nowNanos)) {
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
      Turns<Share.Lines<K, V>> users, Object kind, int limit, List<Fetch<K, V>> batch) {
    for (int without = 0; batch.size() < limit && without < users.size(); without++) {
      Share.Lines<K, V> lines = users.next();
      PendingRequest<K, V> request = lines == null ? null : lines.next(kind, search);
      if (request != null) {
        take(request.fetch, batch);
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

  private Line<K, V> line(PendingRequest<K, V> waiter) {
    Line<K, V> line = waiter.flow.line(waiter.interactive);
    Share.Lines<K, V> lines = waiter.flow.share.lines(waiter.interactive);
    lines.add(line);
    (waiter.interactive ? interactive : background).add(lines);
    return line;
  }

  /** One pass over the lines for one batch, with a bound. */
  static final class Search {
    private long number;
    private int passed;

    private void begin() {
      number++;
      passed = 0;
    }

    long number() {
      return number;
    }

    boolean mayPassOne() {
      return passed++ < LOOK_PAST;
    }
  }
}
