package org.aeiou.daemon.cluster.remote;

import com.google.common.base.Ticker;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Owners;

/** Which slots had an owner a moment ago, so that the next may be there in a moment. Any thread. */
final class SlotHistory {
  /** For how long what has no owner is held, as a hand-over may be under way. */
  static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final Owners owners;
  private final Ticker ticker;

  /** When each slot last had an owner that was heard of. */
  private final AtomicLongArray ownedNanos;

  /** As was told last. */
  private final AtomicReferenceArray<Owner> lastOwners;

  SlotHistory(Owners owners, Ticker ticker) {
    this.owners = owners;
    this.ticker = ticker;
    this.ownedNanos = new AtomicLongArray(owners.slots());
    this.lastOwners = new AtomicReferenceArray<>(owners.slots());
    for (int slot = 0; slot < owners.slots(); slot++) {
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
    Owner before = lastOwners.getAndSet(slot, owners.of(slot));
    if (before != null && !before.suspect()) {
      ownedNanos.set(slot, ticker.read());
    }
  }

  /** Whether a slot without an owner had one a moment ago. */
  boolean wasOwned(int slot) {
    return ticker.read() - ownedNanos.get(slot) < MOMENT_NANOS;
  }
}
