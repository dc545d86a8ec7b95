package org.aeiou.closures.shard;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be pending at once, over all shards. A place is taken before a request is
 * accepted and given back when it has its outcome.
 *
 * <p>How many of them a user may have is a {@link DynamicThreshold}.
 */
public final class PendingBound {
  /** Few are one in so many, as a power of two. */
  private static final int FEW_SHIFT = 10;

  private final int most;

  /** Only a count: nothing else is published through it. */
  private final AtomicInteger pending = new AtomicInteger();

  /** A bound of which nothing is taken. */
  public PendingBound(int most) {
    this.most = most;
  }

  /** Takes a place, or returns false at once. */
  public boolean take(User user) {
    return take(user, 1, most);
  }

  /**
   * Takes so many places before there are requests for them, or none and returns false: only few,
   * and as long as half of all are free, so that no request is refused because of places that are
   * of no use.
   */
  public boolean takeAhead(User user, int places) {
    return places <= most >> FEW_SHIFT && take(user, places, most / 2);
  }

  private boolean take(User user, int places, int bound) {
    long free = (long) bound - pending.addAndGet(places);
    if (DynamicThreshold.allows(user.enter(places), free)) {
      return true;
    }
    giveBack(user, places);
    return false;
  }

  /** Whether a place could be taken now. */
  public boolean hasRoom(User user) {
    return DynamicThreshold.allows(user.pending() + 1, (long) most - pending.get() - 1);
  }

  /** Gives a place back: its request has its outcome. */
  public void giveBack(User user) {
    giveBack(user, 1);
  }

  /** Gives several places back. */
  public void giveBack(User user, int places) {
    user.leave(places);
    pending.addAndGet(-places);
  }

  /** How many are pending. */
  public int get() {
    return Math.min(pending.get(), most);
  }
}
