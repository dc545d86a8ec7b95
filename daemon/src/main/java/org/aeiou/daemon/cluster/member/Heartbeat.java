package org.aeiou.daemon.cluster.member;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What this member says of itself, and when. Any thread; figures are asked for without a lock. */
final class Heartbeat {
  /** How often it is said, if nothing changes. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Supplier<Map<String, Long>> figures;
  private final Map<String, LongSupplier> more = new ConcurrentHashMap<>();
  private final Supplier<Map<Integer, Epoch>> owned;
  private final Ticker ticker;

  // Guarded by this.
  private Member self;
  private boolean draining;
  private boolean isLeaving;
  private boolean isDirty = true;
  private long sequence;
  private long lastSaid;

  Heartbeat(
      Member self,
      Supplier<Map<Integer, Epoch>> owned,
      Supplier<Map<String, Long>> figures,
      Ticker ticker) {
    this.self = self;
    this.owned = owned;
    this.figures = figures;
    this.ticker = ticker;
    this.lastSaid = ticker.read();
  }

  void add(String name, LongSupplier figure) {
    more.put(name, figure);
  }

  synchronized Member self() {
    return self;
  }

  synchronized boolean isDraining() {
    return draining;
  }

  /** Whether a state was said by another process than this one. */
  synchronized boolean isOfTwin(MemberState state) {
    return state.sequence() > sequence;
  }

  synchronized void become(Member changed) {
    self = changed;
    isDirty = true;
  }

  synchronized void drain() {
    draining = true;
    isDirty = true;
  }

  /** There is something to say that others should not wait a second for. */
  synchronized void hurry() {
    isDirty = true;
  }

  /** What to say now; null if it is not time. */
  MemberState next() {
    synchronized (this) {
      if (isLeaving || (!isDirty && ticker.read() - lastSaid < INTERVAL.toNanos())) {
        return null;
      }
      isDirty = false;
      lastSaid = ticker.read();
      sequence++;
    }
    return state();
  }

  /** The last to say; null if it was said. */
  MemberState last() {
    synchronized (this) {
      if (isLeaving) {
        return null;
      }
      isLeaving = true;
      sequence++;
    }
    return state();
  }

  MemberState state() {
    Map<String, Long> all = new HashMap<>(figures.get());
    more.forEach(
        (name, figure) -> {
          long value = figure.getAsLong();
          if (value != 0) {
            all.put(name, value);
          }
        });
    Map<Integer, Epoch> slots = owned.get();
    synchronized (this) {
      return new MemberState(
          self, sequence, draining, isLeaving, isLeaving ? Map.of() : slots, all);
    }
  }
}
