package org.aeiou.daemon.cluster.lease;

import com.google.common.base.Ticker;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock under which leases decide, and what is to be done once it is let go: in the order in
 * which it was decided, by one thread at a time. So neither the store nor a listener is called with
 * the lock held, and none of them hears of two things the wrong way round.
 */
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  /** Something that is decided under the lock, and the time at which. */
  interface Decision {
    void at(long now);
  }

  private final Ticker ticker;

  // Guarded by this.
  private final Queue<Runnable> toDo = new ArrayDeque<>();
  private boolean isDoing;

  Turns(Ticker ticker) {
    this.ticker = ticker;
  }

  /** To be called under the lock. */
  void later(Runnable task) {
    toDo.add(task);
  }

  void take(Decision decision) {
    synchronized (this) {
      decision.at(ticker.read());
      if (isDoing) {
        return; // the thread that does it finds what was added
      }
      isDoing = true;
    }
    for (Runnable next = next(); next != null; next = next()) {
      try {
        next.run();
      } catch (RuntimeException bug) {
        LOG.error("cluster: a task of the leases failed", bug);
      }
    }
  }

  private synchronized Runnable next() {
    isDoing = !toDo.isEmpty();
    return toDo.poll();
  }
}
