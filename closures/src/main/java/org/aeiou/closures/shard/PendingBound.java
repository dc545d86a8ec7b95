package org.aeiou.closures.shard;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be pending at once, over all shards. A place is taken before a request is
 * accepted and given back when it has its outcome.
 *
 * <p>How many of them a user may have is a {@link DynamicThreshold}.
 */
public final class PendingBound {
  private final int most;

  /** Only a count: nothing else is published through it. */
  private final AtomicInteger pending = new AtomicInteger();

  /** A bound of which nothing is taken. */
  public PendingBound(int most) {
    this.most = most;
  }

  /** Takes a place, or returns false at once. */
  public boolean take(User user) {
    long free = (long) most - pending.incrementAndGet();
    if (DynamicThreshold.allows(user.enter(), free)) {
      return true;
    }
    giveBack(user);
    return false;
  }

  /** Whether a place could be taken now. */
  public boolean hasRoom(User user) {
    return DynamicThreshold.allows(user.pending() + 1, (long) most - pending.get() - 1);
  }

  /** Gives a place back: its request has its outcome. */
  public void giveBack(User user) {
    user.leave();
    pending.decrementAndGet();
  }

  /** How many are pending. */
  public int get() {
    return Math.min(pending.get(), most);
  }
}
