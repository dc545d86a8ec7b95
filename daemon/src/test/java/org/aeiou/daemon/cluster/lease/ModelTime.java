package org.aeiou.daemon.cluster.lease;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when a test says so, and what happens in it. */
final class ModelTime {
  private record Happening(long at, long number, Runnable what) {}

  private final PriorityQueue<Happening> happenings =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::at).thenComparingLong(Happening::number));
  private long numbers;
  long now;

  void after(long nanos, Runnable what) {
    happenings.add(new Happening(now + nanos, ++numbers, what));
  }

  /** Runs what happens until then; after each the check. */
  void runUntil(long end, Runnable check) {
    while (!happenings.isEmpty() && happenings.peek().at <= end) {
      Happening next = happenings.remove();
      now = next.at;
      next.what.run();
      check.run();
    }
    now = end;
  }
}
