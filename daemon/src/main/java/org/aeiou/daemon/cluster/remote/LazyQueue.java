package org.aeiou.daemon.cluster.remote;

import java.util.function.Supplier;
import org.aeiou.closures.scheduler.SystemCounts;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/** A queue that is opened when it is needed. Any thread. */
final class LazyQueue {
  private final Object lock;
  private final Supplier<SystemQueue<Question, Value>> opening;

  /** Written under the lock. */
  private volatile SystemQueue<Question, Value> queue;

  /** Guarded by the lock. */
  private boolean closed;

  /**
   * Not opened.
   *
   * @param lock held while it is opened or closed
   */
  LazyQueue(Object lock, Supplier<SystemQueue<Question, Value>> opening) {
    this.lock = lock;
    this.opening = opening;
  }

  /** Null if it was not opened. */
  SystemQueue<Question, Value> known() {
    return queue;
  }

  SystemQueue<Question, Value> get() {
    SystemQueue<Question, Value> known = queue;
    return known != null ? known : open();
  }

  private SystemQueue<Question, Value> open() {
    synchronized (lock) {
      if (queue == null) {
        SystemQueue<Question, Value> opened = opening.get();
        if (closed) {
          opened.close(); // what is submitted ends as it does in any closed queue
        }
        queue = opened;
      }
      return queue;
    }
  }

  SystemCounts counts() {
    SystemQueue<Question, Value> known = queue;
    return known == null ? SystemCounts.NONE : known.counts();
  }

  void close() {
    synchronized (lock) {
      closed = true;
      if (queue != null) {
        queue.close();
      }
    }
  }
}
