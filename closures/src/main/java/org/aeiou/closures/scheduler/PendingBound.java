package org.aeiou.closures.scheduler;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be pending at once, over all shards. A place is taken before a request is
 * accepted and given back when it has its outcome.
 *
 * <p>A user may have {@value #SHARE} times as many places as are still free (a dynamic threshold:
 * A. Choudhury and E. Hahne, IEEE/ACM Transactions on Networking 6, 1998). So one alone has nearly
 * all of them, and however many take what they can get there is always room for another one.
 */
final class PendingBound {
  static final int SHARE = 8;

  private final int most;

  /** Only a count: nothing else is published through it. */
  private final AtomicInteger pending = new AtomicInteger();

  PendingBound(int most) {
    this.most = most;
  }

  /** Takes a place, or returns false at once. */
  boolean take(User user) {
    long free = (long) most - pending.incrementAndGet();
    // The first is let in as long as there is any place.
    if (free >= 0 && user.enter() <= Math.max(1, SHARE * free)) {
      return true;
    }
    if (free >= 0) {
      user.leave();
    }
    pending.decrementAndGet();
    return false;
  }

  /** Whether a place could be taken now. */
  boolean hasRoom(User user) {
    long free = (long) most - pending.get() - 1;
    return free >= 0 && user.pending() < Math.max(1, SHARE * free);
  }

  void giveBack(User user) {
    user.leave();
    pending.decrementAndGet();
  }

  /** How many are pending. */
  int get() {
    return Math.min(pending.get(), most);
  }
}
