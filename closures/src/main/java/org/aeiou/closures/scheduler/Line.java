package org.aeiou.closures.scheduler;

/**
 * The requests of one requester, of one priority, whose fetches wait for an exchange with one
 * system; in the order in which they will be sent. Any of them can be taken out in O(1). Used by
 * the owner of the system only.
 */
final class Line<K, V> extends Turns.Member {
  private PendingRequest<K, V> first;
  private PendingRequest<K, V> last;

  /** Where the search for one kind has come to, in batch number {@link #searchedFor}. */
  private PendingRequest<K, V> search;

  private long searchedFor;

  PendingRequest<K, V> first() {
    return first;
  }

  @Override
  boolean isEmpty() {
    return first == null;
  }

  void addFirst(PendingRequest<K, V> request) {
    request.line = this;
    request.behind = first;
    if (first == null) {
      last = request;
    } else {
      first.ahead = request;
    }
    first = request;
  }

  void addLast(PendingRequest<K, V> request) {
    request.line = this;
    request.ahead = last;
    if (last == null) {
      first = request;
    } else {
      last.behind = request;
    }
    last = request;
  }

  void remove(PendingRequest<K, V> request) {
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
    request.line = null;
  }

  /**
   * The next request whose fetch is of {@code kind}; null if there is none. Each call for the same
   * batch goes on where the one before ended.
   */
  PendingRequest<K, V> next(Object kind, SendQueue.Search batch) {
    if (searchedFor != batch.number()) {
      searchedFor = batch.number();
      search = first;
    }
    while (search != null && !kind.equals(search.fetch.kind)) {
      if (!batch.mayPassOne()) {
        return null;
      }
      search = search.behind;
    }
    return search;
  }
}
