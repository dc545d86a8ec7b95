package org.aeiou.closures.shard;

/**
 * All timers of a shard, or of another owner: a hierarchical timing wheel (G. Varghese and A.
 * Lauck, SOSP 1987, scheme 7). Adding and removing are O(1) and really remove, so a million
 * deadlines that were met leave nothing behind; finding the next one is a few bit operations.
 *
 * <p>Time is counted in ticks of 2<sup>20</sup> ns (1.05 ms). A timer lies at the level of the
 * highest base-64 digit in which its tick differs from the current one, in the slot of that digit:
 *
 * <pre>
 *   level 0   the next 64 ticks     slot = 1 tick       (67 ms in all)
 *   level 1   the next 64² ticks    slot = 64 ticks     (4.3 s)
 *   level 2   the next 64³ ticks    slot = 4096 ticks   (4.6 min)
 *   …         level 7 reaches past the range of a nanosecond clock
 * </pre>
 *
 * When the current tick reaches a slot of a higher level, its timers move down; each moves at most
 * seven times. So every occupied slot lies ahead of the current digit of its level, and the first
 * occupied slot of the lowest occupied level is the next event.
 *
 * <p>A timer never fires early, and at most one tick late. For one thread at a time.
 */
public final class TimingWheel {
  private static final int TICK_SHIFT = 20;
  private static final int DIGIT_BITS = 6;
  private static final int SLOTS = 1 << DIGIT_BITS;
  private static final int LEVELS = 8;

  /** The list of timers that are due and wait for their turn within one advance. */
  private static final short EXPIRED = LEVELS * SLOTS;

  private final long originNanos;
  private final Timer[] heads = new Timer[LEVELS * SLOTS + 1];
  private final long[] occupied = new long[LEVELS];
  private long tick;
  private int size;

  /** Without timers, at this time. */
  public TimingWheel(long nowNanos) {
    originNanos = nowNanos;
  }

  /** How many timers it holds. */
  public int size() {
    return size;
  }

  /**
   * Puts {@code timer} in; it must not be in.
   *
   * @param dueNanos when it is due, by the ticker; less than 292 years ahead
   */
  public void add(Timer timer, long dueNanos) {
    timer.dueNanos = dueNanos;
    place(timer, Math.max(tickAtOrAfter(dueNanos), tick + 1));
    size++;
  }

  /** Takes {@code timer} out, if it is in. */
  public void remove(Timer timer) {
    if (timer.isScheduled()) {
      unlink(timer);
      size--;
    }
  }

  /**
   * Fires what is due at {@code nowNanos}, in the order of the ticks.
   *
   * @param most how many at the most; what is left is fired by the next call
   */
  public void advance(long nowNanos, int most) {
    long target = (nowNanos - originNanos) >> TICK_SHIFT;
    int fired = 0;
    for (; ; ) {
      for (Timer timer = heads[EXPIRED]; timer != null; timer = heads[EXPIRED]) {
        if (fired++ == most) {
          return;
        }
        remove(timer);
        timer.fire();
      }
      int level = lowestOccupied();
      long start = level < 0 ? Long.MAX_VALUE : startOfFirstSlot(level);
      if (start > target) {
        tick = Math.max(tick, target);
        return;
      }
      tick = start;
      descend(level);
    }
  }

  /** How long from {@code nowNanos} until {@link #advance} may have something to do. */
  public long nanosToNext(long nowNanos) {
    if (heads[EXPIRED] != null) {
      return 0;
    }
    int level = lowestOccupied();
    if (level < 0) {
      return Long.MAX_VALUE;
    }
    long sinceOrigin = startOfFirstSlot(level) << TICK_SHIFT;
    return Math.max(1, sinceOrigin - (nowNanos - originNanos));
  }

  /** Moves the timers of the first slot of {@code level} to lower levels, or to the expired. */
  private void descend(int level) {
    int slot = level * SLOTS + Long.numberOfTrailingZeros(occupied[level]);
    for (Timer timer = heads[slot]; timer != null; timer = heads[slot]) {
      unlink(timer);
      long due = tickAtOrAfter(timer.dueNanos);
      if (due <= tick) {
        link(timer, EXPIRED);
      } else {
        place(timer, due);
      }
    }
  }

  private void place(Timer timer, long due) {
    int level = (Long.SIZE - 1 - Long.numberOfLeadingZeros(due ^ tick)) / DIGIT_BITS;
    int digit = (int) (due >>> (level * DIGIT_BITS)) & (SLOTS - 1);
    link(timer, (short) (level * SLOTS + digit));
    occupied[level] |= 1L << digit;
  }

  /** Appends to a circular list, so that timers of one slot fire in the order they came. */
  private void link(Timer timer, short slot) {
    timer.slot = slot;
    Timer head = heads[slot];
    if (head == null) {
      timer.before = timer;
      timer.after = timer;
      heads[slot] = timer;
    } else {
      timer.before = head.before;
      timer.after = head;
      head.before.after = timer;
      head.before = timer;
    }
  }

  private void unlink(Timer timer) {
    int slot = timer.slot;
    if (timer.after == timer) {
      heads[slot] = null;
      if (slot != EXPIRED) {
        occupied[slot / SLOTS] &= ~(1L << (slot % SLOTS));
      }
    } else {
      timer.before.after = timer.after;
      timer.after.before = timer.before;
      if (heads[slot] == timer) {
        heads[slot] = timer.after;
      }
    }
    timer.before = null;
    timer.after = null;
    timer.slot = Timer.NOWHERE;
  }

  private int lowestOccupied() {
    for (int level = 0; level < LEVELS; level++) {
      if (occupied[level] != 0) {
        return level;
      }
    }
    return -1;
  }

  private long startOfFirstSlot(int level) {
    int shift = level * DIGIT_BITS;
    long above = tick >>> (shift + DIGIT_BITS) << (shift + DIGIT_BITS);
    return above | ((long) Long.numberOfTrailingZeros(occupied[level]) << shift);
  }

  private long tickAtOrAfter(long nanos) {
    // The difference is right also where the ticker itself wraps around, as System.nanoTime may.
    long since = Math.max(0, nanos - originNanos);
    return (since >> TICK_SHIFT) + ((since & ((1L << TICK_SHIFT) - 1)) == 0 ? 0 : 1);
  }
}
