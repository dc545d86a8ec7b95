package org.aeiou.closures.scheduler;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be pending at once, over all shards. A place is taken before a request is
 * accepted and given back when it has its outcome.
 */
final class PendingBound {
  private final int most;

  /** Only a count: nothing else is published through it. */
  private final AtomicInteger pending = new AtomicInteger();

  PendingBound(int most) {
    this.most = most;
  }

  /** Takes a place, or returns false at once. */
  boolean take() {
    if (pending.getAndIncrement() < most) {
      return true;
    }
    pending.decrementAndGet();
    return false;
  }

  void giveBack() {
    pending.decrementAndGet();
  }

  /** How many are pending. */
  int get() {
    return Math.min(pending.get(), most);
  }
}
