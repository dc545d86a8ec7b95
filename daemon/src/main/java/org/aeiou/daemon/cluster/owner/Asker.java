package org.aeiou.daemon.cluster.owner;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;

/** A member as one that asks: on whose behalf, and for what it waits. Any thread. */
final class Asker {
  /** Of more writes than that in their time-outs the next is refused. */
  private static final int MOST_WRITES = 1 << 16;

  final String id;

  /** Whether it is known which member it is. */
  final boolean isKnown;

  final Requester requester;

  /** What it waits for, by its number of the exchange. */
  final Map<Long, Request> pending = new ConcurrentHashMap<>();

  /** The exchanges that wrote, each until its time-out: what comes later is too old anyway. */
  private final Map<Long, Long> writes = new ConcurrentHashMap<>();

  Asker(String id, boolean isKnown, Requester requester) {
    this.id = id;
    this.isKnown = isKnown;
    this.requester = requester;
  }

  boolean isIdle(long nowNanos) {
    forgetWrites(nowNanos);
    return pending.isEmpty() && writes.isEmpty();
  }

  private void forgetWrites(long nowNanos) {
    writes.values().removeIf(until -> until - nowNanos < 0);
  }

  /** Whether an exchange writes that has written before. */
  boolean hasWritten(long exchange) {
    return writes.containsKey(exchange);
  }

  /** Takes note that an exchange writes; false if it did before, or there are too many of them. */
  boolean writes(long exchange, long untilNanos, long nowNanos) {
    if (writes.size() >= MOST_WRITES) {
      forgetWrites(nowNanos);
    }
    if (writes.size() >= MOST_WRITES) {
      return false;
    }
    return writes.putIfAbsent(exchange, untilNanos) == null;
  }
}
