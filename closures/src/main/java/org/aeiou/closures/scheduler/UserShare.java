package org.aeiou.closures.scheduler;

import org.aeiou.closures.Failure;
import org.aeiou.closures.scheduler.pace.RoundRobin;
import org.aeiou.closures.scheduler.pace.Turn;
import org.aeiou.closures.shard.User;

/**
 * What one user's requesters want of one system, each of them a {@link Flow}. Used by the owner of
 * the system only.
 */
final class UserShare<K, V> {
  final User user;
  final Queues<K, V> interactive;
  final Queues<K, V> background;

  /** Requests that have no outcome yet. */
  int pending;

  /** Whether it had one too many, and has not much less by now. */
  boolean isFull;

  /** What one too many ends in; the same for all, as there may be very many. */
  Failure<V> refusal;

  UserShare(User user) {
    this.user = user;
    this.interactive = new Queues<>(user, true);
    this.background = new Queues<>(user, false);
  }

  Queues<K, V> queues(boolean ofInteractive) {
    return ofInteractive ? interactive : background;
  }

  /**
   * What one requester wants of one system: a flow, as in fair queueing (M. Shreedhar and G.
   * Varghese, SIGCOMM 1995).
   */
  static final class Flow<K, V> {
    final Requester requester;
    final UserShare<K, V> share;
    private final FlowQueue<K, V> interactive = new FlowQueue<>();
    private final FlowQueue<K, V> background = new FlowQueue<>();

    /** Requests that have no outcome yet. */
    int pending;

    Flow(Requester requester, UserShare<K, V> share) {
      this.requester = requester;
      this.share = share;
    }

    FlowQueue<K, V> queue(boolean ofInteractive) {
      return ofInteractive ? interactive : background;
    }
  }

  /** Those queues of a user that are of one priority, which take turns. */
  static final class Queues<K, V> extends RoundRobin.Participant {
    final User user;
    final boolean interactive;
    private final RoundRobin<FlowQueue<K, V>> turns = new RoundRobin<>();

    /** Its place where it waits for a budget, kept by the system; null before the first time. */
    Turn turn;

    Queues(User user, boolean interactive) {
      this.user = user;
      this.interactive = interactive;
    }

    @Override
    protected boolean isEmpty() {
      return turns.isEmpty();
    }

    void add(FlowQueue<K, V> queue) {
      turns.add(queue);
    }

    /** The request whose turn it is; there must be one. */
    PendingRequest<K, V> next() {
      return turns.next().first();
    }

    /** The request of that kind whose turn it is; null if there is none. */
    PendingRequest<K, V> next(Object kind, FlowQueue.Search batch) {
      for (int i = turns.size(); i > 0; i--) {
        FlowQueue<K, V> queue = turns.next();
        PendingRequest<K, V> found = queue == null ? null : queue.next(kind, batch);
        if (found != null) {
          return found;
        }
      }
      return null;
    }
  }
}
