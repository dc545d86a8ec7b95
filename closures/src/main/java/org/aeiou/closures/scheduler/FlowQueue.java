package org.aeiou.closures.scheduler;

import org.aeiou.closures.scheduler.pace.RoundRobin;

/**
 * The requests of one requester, of one priority, whose fetches wait for an exchange with one
 * system; in the order in which they will be sent. Any of them can be taken out in O(1). Used by
 * the owner of the system only.
 */
final class FlowQueue<K, V> extends RoundRobin.Participant {
  private PendingRequest<K, V> first;
  private PendingRequest<K, V> last;
  private int size;

  /** Where the search for one kind has come to, in batch number {@link #searchedFor}. */
  private PendingRequest<K, V> search;

  private long searchedFor;

  PendingRequest<K, V> first() {
    return first;
  }

  /** How many wait. */
  int size() {
    return size;
  }

  @Override
  protected boolean isEmpty() {
    return first == null;
  }

  void addFirst(PendingRequest<K, V> request) {
    size++;
    request.place = this;
    request.behind = first;
    if (first == null) {
      last = request;
    } else {
      first.ahead = request;
    }
    first = request;
  }

  void addLast(PendingRequest<K, V> request) {
    size++;
    request.place = this;
    request.ahead = last;
    if (last == null) {
      first = request;
    } else {
      last.behind = request;
    }
    last = request;
  }

  void remove(PendingRequest<K, V> request) {
    size--;
    if (search == request) {
      search = request.behind;
    }
    if (request.ahead == null) {
      first = request.behind;
    } else {
      request.ahead.behind = request.behind;
    }
    if (request.behind == null) {
      last = request.ahead;
    } else {
      request.behind.ahead = request.ahead;
    }
    request.ahead = null;
    request.behind = null;
    request.place = null;
  }

  /**
   * The next request whose fetch is of {@code kind}; null if there is none. Each call for the same
   * batch goes on where the one before ended.
   */
  PendingRequest<K, V> next(Object kind, Search batch) {
    if (searchedFor != batch.number) {
      searchedFor = batch.number;
      search = first;
    }
    while (search != null && !kind.equals(search.kind())) {
      if (!batch.mayPassOne()) {
        return null;
      }
      search = search.behind;
    }
    return search;
  }

  /** One pass over the queues for one batch, with a bound. */
  static final class Search {
    /**
     * How many requests of other kinds a batch looks past. Without a bound, filling each batch
     * could walk the whole queue.
     */
    private static final int LOOK_PAST = 256;

    private long number;
    private int passed;

    void begin() {
      number++;
      passed = 0;
    }

    private boolean mayPassOne() {
      return passed++ < LOOK_PAST;
    }
  }
}
