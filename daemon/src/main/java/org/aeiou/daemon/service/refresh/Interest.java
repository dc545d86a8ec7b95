package org.aeiou.daemon.service.refresh;

import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;

/**
 * The interest in one slot: who reads it regularly, and when its reading is to be refreshed for
 * that.
 *
 * <p>A reader that finds a reading that is no longer fresh comes too late. Of one that comes in
 * time the daemon sees little: the kernel and the value table serve what is fresh by themselves. So
 * what tells a regular reader is that it comes too late again and again, after about the same time.
 * From then on the reading is refreshed before it is stale, or, for a reader that comes less often
 * than that, before it is expected. Each refresh carries a mark that the next reader takes off. If
 * none does, the interest ends; a reader that then comes too late at once proves that it was there
 * all the time, unseen, and has more patience from then on.
 *
 * <p>Any thread tells of readers: those fields are volatile, and a race between two of them loses
 * no more than one time. The rest is guarded by the system's line.
 */
final class Interest implements Slot.Prefetch {
  /** How often in a row a reader may come after the same time, one that comes too early. */
  private static final int SAME = 4;

  private static final int MOST_PATIENCE = 8;

  /** Refreshed that much of its time to live before it is stale, and up to as much earlier. */
  private static final int LEAD = 8;

  final Slot slot;
  final RefreshAhead owner;

  private volatile Freshness freshness;
  private volatile long lastReadNanos;
  private volatile long periodNanos;
  private volatile boolean read;
  private volatile long watchedUntilNanos;

  // Guarded by the system's line, and one of them read by any thread.

  /** Whether it is in the line. */
  boolean listed;

  /** Refreshes that no reader was seen to use. */
  private int unread;

  private volatile int patience;

  /** When it was refreshed last; an answer may not have come. */
  private long askedNanos;

  private boolean asked;

  Interest(RefreshAhead owner, Slot slot, Freshness freshness, long nowNanos) {
    this.owner = owner;
    this.slot = slot;
    this.freshness = freshness;
    this.lastReadNanos = nowNanos;
    this.watchedUntilNanos = nowNanos;
  }

  /** It is read until then, whatever happens. */
  void watched(Freshness by, long untilNanos) {
    freshness = by;
    watchedUntilNanos = untilNanos;
  }

  /**
   * A reader comes too late.
   *
   * @return whether it comes regularly
   */
  boolean late(Freshness by, long nowNanos) {
    freshness = by;
    long before = periodNanos;
    long period = nowNanos - lastReadNanos;
    read = true;
    if (period < by.ttlNanos() / 2) {
      return false; // one more of those that came too late together
    }
    boolean atOnce = isAtOnce(nowNanos);
    lastReadNanos = nowNanos;
    if (atOnce) {
      return true; // it came meanwhile, too
    }
    periodNanos = period;
    return before > 0 && Math.abs(period - before) <= Math.min(period, before) / SAME;
  }

  /** A reader comes in time, and takes the mark off. */
  @Override
  public void hit() {
    long now = owner.now();
    long period = now - lastReadNanos;
    if (period > periodNanos / 2) {
      periodNanos = period;
    }
    lastReadNanos = now;
    read = true;
  }

  @Override
  public boolean missed() {
    hit();
    return slot.isUnderWay();
  }

  /** The slot is gone. */
  @Override
  public void wasted() {}

  // --- by the system's line

  boolean isWatched(long nowNanos) {
    return watchedUntilNanos - nowNanos > 0;
  }

  /**
   * Looks what became of the last refresh, now that the next one is due. Returns how many were of
   * use, by what is known now.
   */
  int look(long nowNanos) {
    if (!asked) {
      return 0;
    }
    asked = false;
    unread++;
    if (!read && !isWatched(nowNanos)) {
      return 0;
    }
    int used = unread;
    unread = 0;
    return used;
  }

  /** Whether another refresh is worth it. */
  boolean isWanted(long nowNanos) {
    return isWatched(nowNanos) || read || unread < patience;
  }

  /** Ends: how many refreshes were of no use to any reader that was seen. */
  int end() {
    listed = false;
    slot.takePrefetch();
    int wasted = unread + (asked ? 1 : 0);
    unread = 0;
    asked = false;
    return wasted;
  }

  /** Begins again, at a reader that came too late. */
  void begin(boolean atOnce) {
    listed = true;
    patience = Math.max(1, atOnce ? Math.min(MOST_PATIENCE, 2 * patience) : patience / 2);
  }

  /** Whether a reader that comes too late just now must have been there all the time. */
  boolean isAtOnce(long nowNanos) {
    Outcome<Value> held = slot.outcome();
    return patience > 0
        && held != null
        && nowNanos - Slot.takenNanos(held) - freshness.ttlNanos() <= freshness.ttlNanos() / 2;
  }

  void asked(long nowNanos) {
    askedNanos = nowNanos;
    asked = true;
    read = false;
    if (!isWatched(nowNanos)) {
      slot.prefetch(this);
    }
  }

  /**
   * When it is to be refreshed at the latest.
   *
   * @param phase from 0 to 1: spreads systems
   */
  long latestNanos(double phase) {
    long ttl = freshness.ttlNanos();
    long lead = ttl / LEAD + (long) ((double) ttl / LEAD * phase);
    Outcome<Value> held = slot.outcome();
    long due = held == null ? askedNanos + ttl : Slot.takenNanos(held) + ttl - lead;
    if (!isWatched(owner.now())) {
      due = Math.max(due, lastReadNanos + periodNanos - lead);
    }
    // An answer that does not come is not asked for again and again.
    return askedNanos == 0 ? due : Math.max(due, askedNanos + ttl / 2);
  }

  /** How much earlier than that it may travel with others. */
  long earlierNanos() {
    return freshness.ttlNanos() / LEAD;
  }
}
