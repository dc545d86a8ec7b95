package org.aeiou.daemon.cache;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/**
 * The bound on what the caches of all systems hold together, in bytes of heap by estimate.
 *
 * <p>What was not used lately goes first, by second chance (F. J. Corbató, 1968): all slots are in
 * a ring, a hand goes around it, passes a slot that was used since it came by last, and takes out
 * one that was not. So a hit costs no more than setting a mark, and needs no lock. What is watched,
 * and what waits for an answer, goes when there is nothing else.
 *
 * <p>Any thread may call any method. A lock guards the ring; it is taken for misses only.
 */
public final class CacheBound {
  /** What a slot without an outcome takes, its question and its place in the map included. */
  static final int SLOT_BYTES = 416;

  /** How far the hand goes at once; what it did not find the next call goes on to look for. */
  private static final int MOST_STEPS = 256;

  private final MetricSet metrics = new MetricSet();
  private final long mostBytes;
  private final Ticker ticker;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong slots = new AtomicLong();
  private final AtomicLong evicted = new AtomicLong();

  /** Where the hand stands; null while the ring is empty. Guarded by this. */
  private Slot hand;

  /** How many slots it has passed since it took one out. Guarded by this. */
  private long sparedInARow;

  /** A bound of so many bytes. */
  public CacheBound(long mostBytes, Ticker ticker) {
    this.mostBytes = mostBytes;
    this.ticker = ticker;
    metrics.gauge("slots", Unit.COUNT, "Outcomes in the cache.", slots::get);
    metrics.gauge("bytes", Unit.BYTES, "Memory that the outcomes in the cache take.", bytes::get);
    metrics.gauge(
        "mostBytes",
        Unit.BYTES,
        "Memory that the outcomes in the cache may take.",
        () -> mostBytes);
    metrics.counter(
        "evicted",
        "",
        Unit.COUNT,
        "Outcomes that the cache dropped to make room for others.",
        evicted::get);
  }

  /** How many slots there are. */
  public long slots() {
    return slots.get();
  }

  /** How much is held of how much may be, and what went for want of room. */
  public MetricSet metrics() {
    return metrics;
  }

  /** A slot was put into its cache. */
  void added(Slot slot) {
    List<Slot> evictedNow;
    synchronized (this) {
      if (slot.ahead != null) {
        return; // two threads asked the same for the first time
      }
      if (hand == null) {
        slot.ahead = slot;
        slot.behind = slot;
        hand = slot;
      } else {
        // Just behind the hand: it comes by here last.
        slot.ahead = hand;
        slot.behind = hand.behind;
        hand.behind.ahead = slot;
        hand.behind = slot;
      }
      slots.incrementAndGet();
      evictedNow = grow(slot, SLOT_BYTES);
    }
    evictedNow.forEach(Slot::tellEvicted);
  }

  /** A slot holds another outcome than before, which takes so many bytes. */
  void resized(Slot slot, int outcomeBytes) {
    if (bytes.get() + outcomeBytes <= mostBytes && slot.bytes == SLOT_BYTES + outcomeBytes) {
      return; // as most answers: as long as the one before
    }
    List<Slot> evictedNow = List.of();
    synchronized (this) {
      if (slot.ahead != null) {
        evictedNow = grow(slot, SLOT_BYTES + outcomeBytes);
      }
    }
    evictedNow.forEach(Slot::tellEvicted);
  }

  /** A slot was taken out of its cache. */
  synchronized void removed(Slot slot) {
    if (slot.ahead == null) {
      return;
    }
    hand = slot.ahead == slot ? null : hand == slot ? slot.ahead : hand;
    slot.behind.ahead = slot.ahead;
    slot.ahead.behind = slot.behind;
    slot.ahead = null;
    slot.behind = null;
    slots.decrementAndGet();
    bytes.addAndGet(-slot.bytes);
    slot.bytes = 0;
    Slot.Prefetch reader = slot.takePrefetch();
    if (reader != null) {
      reader.wasted();
    }
  }

  /** Returns what had to go, which is to be told when the lock is given back. */
  private List<Slot> grow(Slot slot, int toBytes) {
    List<Slot> gone = List.of();
    bytes.addAndGet(toBytes - slot.bytes);
    slot.bytes = toBytes;
    for (int steps = 0; bytes.get() > mostBytes && steps < MOST_STEPS; steps++) {
      Slot next = hand;
      hand = next.ahead;
      if (next == slot
          || next.isSpared(ticker.read(), sparedInARow++ / slots.get())
          || !next.retire()) {
        continue;
      }
      sparedInARow = 0;
      next.evict();
      removed(next);
      evicted.incrementAndGet();
      gone = gone.isEmpty() ? new ArrayList<>() : gone;
      gone.add(next);
    }
    return gone;
  }
}
