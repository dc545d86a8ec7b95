package org.aeiou.daemon.backend.snmp;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that answers take until they are in the cache, over all systems: what walks have found
 * so far, and long answers that no shard has taken yet. Any thread may call any method.
 *
 * <p>When three quarters of it are in use the largest walk has to end, not the one that happens to
 * ask: that is the one that grows without end, or would be the next to be in the way. It ends where
 * it goes on next, so that the last quarter is for those that go on meanwhile.
 */
final class AnswerMemory {
  private final long most;
  private final long high;
  private final AtomicLong used = new AtomicLong();
  private final Set<Holding> holdings = ConcurrentHashMap.newKeySet();

  /** What one walk holds. Grown and closed by the thread that owns its system. */
  static final class Holding {
    private volatile long bytes;
    private volatile boolean mustEnd;
  }

  AnswerMemory(long most) {
    this.most = most;
    this.high = most / 4 * 3;
  }

  long most() {
    return most;
  }

  long used() {
    return used.get();
  }

  Holding open() {
    Holding holding = new Holding();
    holdings.add(holding);
    return holding;
  }

  /** Says how much a walk has now; false if it has to end. */
  boolean grow(Holding holding, long bytes) {
    long more = bytes - holding.bytes;
    long after = used.addAndGet(more);
    holding.bytes = bytes;
    if (holding.mustEnd || after > most) {
      return false;
    }
    if (after > high) {
      Holding largest = holding;
      for (Holding other : holdings) {
        // What was told to end will be free soon.
        after -= other.mustEnd ? other.bytes : 0;
        largest = !other.mustEnd && other.bytes > largest.bytes ? other : largest;
      }
      if (after > high) {
        largest.mustEnd = true;
      }
    }
    return !holding.mustEnd;
  }

  void close(Holding holding) {
    if (holdings.remove(holding)) {
      used.addAndGet(-holding.bytes);
    }
  }

  /** Takes some for an answer; false if there is not as much left. */
  boolean take(long bytes) {
    if (used.addAndGet(bytes) <= most) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void give(long bytes) {
    used.addAndGet(-bytes);
  }
}
