package org.aeiou.closures.scheduler;

import org.aeiou.closures.Failure;

/** What one user's requesters want of one system. Used by the owner of the system only. */
final class Share<K, V> {
  final User user;
  final Lines<K, V> interactive = new Lines<>();
  final Lines<K, V> background = new Lines<>();

  /** Requests that have no outcome yet. */
  int pending;

  /** Whether it had one too many, and has not much less by now. */
  boolean isFull;

  /** What one too many ends in; the same for all, as there may be very many. */
  Failure<V> refusal;

  Share(User user) {
    this.user = user;
  }

  Lines<K, V> lines(boolean ofInteractive) {
    return ofInteractive ? interactive : background;
  }

  /** Those lines of a user that are of one priority, which take turns. */
  static final class Lines<K, V> extends Turns.Member {
    private final Turns<Line<K, V>> turns = new Turns<>();

    @Override
    boolean isEmpty() {
      return turns.isEmpty();
    }

    void add(Line<K, V> line) {
      turns.add(line);
    }

    /** The request whose turn it is; there must be one. */
    PendingRequest<K, V> next() {
      return turns.next().first();
    }

    /** The request of that kind whose turn it is; null if there is none. */
    PendingRequest<K, V> next(Object kind, SendQueue.Search batch) {
      for (int i = turns.size(); i > 0; i--) {
        Line<K, V> line = turns.next();
        PendingRequest<K, V> found = line == null ? null : line.next(kind, batch);
        if (found != null) {
          return found;
        }
      }
      return null;
    }
  }
}
