package org.aeiou.daemon.cluster.remote;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Owners;

/**
 * Which slots had an owner a moment ago, so that the next may be there in a moment; and which were
 * without for a while, in which much became stale. Any thread.
 *
 * <p>What became stale meanwhile would all be refreshed at once when the slot is asked again. So
 * each of its systems has its turn, within as long as the slot was not asked. What is no longer
 * usable is not held up by that.
 */
final class SlotHistory {
  /** For how long what has no owner is held, as a hand-over may be under way. */
  static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** A shorter absence makes little stale. */
  private static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** After this the refreshes of an absence are over, however long it was. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);

  private static final double PHASES = 1 << 16;

  private final String self;
  private final Owners owners;
  private final Ticker ticker;

  /** When the broker went; changed by one thread at a time. */
  private volatile long disconnectedNanos;

  private volatile boolean disconnected;

  /** When each slot last had an owner that was heard of. */
  private final AtomicLongArray ownedNanos;

  /** When each slot was asked again. */
  private final AtomicLongArray returnedNanos;

  /** For how long it had not been asked before that. */
  private final AtomicLongArray absentNanos;

  /** As was told last. */
  private final AtomicReferenceArray<Owner> lastOwners;

  /**
   * Owners as they are now, heard of a moment ago.
   *
   * @param self the id of this member
   */
  SlotHistory(String self, Owners owners, Ticker ticker) {
    this.self = self;
    this.owners = owners;
    this.ticker = ticker;
    int slots = owners.slots().count();
    this.ownedNanos = new AtomicLongArray(slots);
    this.returnedNanos = new AtomicLongArray(slots);
    this.absentNanos = new AtomicLongArray(slots);
    this.lastOwners = new AtomicReferenceArray<>(slots);
    for (int slot = 0; slot < slots; slot++) {
      lastOwners.set(slot, owners.of(slot));
    }
    begin();
  }

  /** Owners are heard of from now on: any slot may have one that is to be heard of. */
  void begin() {
    long now = ticker.read();
    for (int slot = 0; slot < ownedNanos.length(); slot++) {
      ownedNanos.set(slot, now);
    }
  }

  /** The owner of a slot is another one, or suspect. */
  void changed(int slot) {
    Owner now = owners.of(slot);
    boolean wasHeard = isHeard(lastOwners.getAndSet(slot, now));
    if (!wasHeard && isHeard(now)) {
      long time = ticker.read();
      returned(slot, time - ownedNanos.get(slot), time);
    }
    if (wasHeard) {
      ownedNanos.set(slot, ticker.read());
    }
  }

  private static boolean isHeard(Owner owner) {
    return owner != null && !owner.suspect();
  }

  private void returned(int slot, long absence, long now) {
    if (absence > SHORT_NANOS) {
      returnedNanos.set(slot, now);
      absentNanos.set(slot, Math.min(absence, LONGEST_NANOS));
    }
  }

  /** The broker is not there: nothing is asked of other members. */
  void disconnected() {
    if (!disconnected) {
      disconnectedNanos = ticker.read();
      disconnected = true;
    }
  }

  /** The broker is there again. */
  void connected() {
    if (disconnected) {
      disconnected = false;
      long now = ticker.read();
      for (int slot = 0; slot < owners.slots().count(); slot++) {
        Owner owner = owners.of(slot);
        if (owner == null || !owner.member().id().equals(self)) {
          returned(slot, now - disconnectedNanos, now);
        }
      }
    }
    begin();
  }

  /**
   * Whether it is a system's turn to have refreshed what became stale while its slot was absent.
   */
  boolean mayRefresh(int slot, String system) {
    long absent = absentNanos.get(slot);
    if (absent == 0) {
      return true;
    }
    long since = ticker.read() - returnedNanos.get(slot);
    if (since >= absent) {
      absentNanos.set(slot, 0);
      return true;
    }
    return since >= (long) (absent * ((system.hashCode() * 0x9E3779B9) >>> 16) / PHASES);
  }

  /** Whether a slot without an owner had one a moment ago. */
  boolean wasOwned(int slot) {
    return ticker.read() - ownedNanos.get(slot) < MOMENT_NANOS;
  }
}
