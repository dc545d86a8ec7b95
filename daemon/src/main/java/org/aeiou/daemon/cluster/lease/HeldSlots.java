package org.aeiou.daemon.cluster.lease;

import com.google.common.base.Ticker;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.member.Epoch;

/**
 * The slots of this member as acting threads see them. Written under the lock of {@link Leases};
 * looked at without one, at the price of a reference, a deadline and the ticker.
 */
final class HeldSlots implements Authority {
  /** The ownership of a slot. */
  static final class Held {
    final Epoch epoch;

    /** By the ticker. An act reads it before the ticker: a stop between the two is harmless. */
    private volatile long deadline;

    /** Which absence of the broker began while this was good. */
    private volatile int absence;

    Held(Epoch epoch, long deadline) {
      this.epoch = epoch;
      this.deadline = deadline;
    }

    long deadline() {
      return deadline;
    }

    void end(long when) {
      deadline = when;
    }
  }

  private final AtomicReferenceArray<Held> held;
  private final Ticker ticker;

  /** Counts when the broker went, and when it came back: odd while it is gone. */
  private volatile int absence;

  HeldSlots(int slots, Ticker ticker) {
    this.held = new AtomicReferenceArray<>(slots);
    this.ticker = ticker;
  }

  @Override
  public Epoch writes(int slot) {
    Held which = held.get(slot);
    return which != null && which.deadline - ticker.read() > 0 ? which.epoch : null;
  }

  @Override
  public Epoch reads(int slot) {
    Held which = held.get(slot);
    return which != null && (which.deadline - ticker.read() > 0 || isGoodInAbsence(which))
        ? which.epoch
        : null;
  }

  /** Whether the broker went while an ownership was good, and has not come back since. */
  boolean isGoodInAbsence(Held which) {
    int now = absence;
    return (now & 1) == 1 && which.absence == now;
  }

  Held get(int slot) {
    return held.get(slot);
  }

  /** Sets the owner's view of a slot; returns the one before. */
  Held set(int slot, Held which) {
    return held.getAndSet(slot, which);
  }

  int slots() {
    return held.length();
  }

  /**
   * Whether the broker is gone.
   *
   * @return whether that is another answer than before
   */
  boolean gone(boolean is, long now) {
    if (is == ((absence & 1) == 1)) {
      return false;
    }
    int next = absence + 1;
    for (int slot = 0; is && slot < held.length(); slot++) {
      Held which = held.get(slot);
      if (which != null && which.deadline - now > 0) {
        which.absence = next;
      }
    }
    absence = next; // publishes what was written to the slots above
    return true;
  }
}
