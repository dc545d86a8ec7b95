package org.aeiou.daemon.attach;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What was counted of attached programs. Any thread may call any method. */
final class AttachCounters {
  final LongAdder attached = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder left = new LongAdder();
  final LongAdder broken = new LongAdder();
  final LongAdder faults = new LongAdder();
  final LongAdder shortages = new LongAdder();

  /**
   * Times when a client was not served for a moment, after too many requests that were too many.
   */
  final LongAdder rests = new LongAdder();

  final LongAdder submissions = new LongAdder();
  final LongAdder completions = new LongAdder();
  final LongAdder bells = new LongAdder();

  Map<String, Long> sums() {
    return new TreeMap<>(
        Map.of(
            "attached", attached.sum(),
            "refused", refused.sum(),
            "left", left.sum(),
            "broken", broken.sum(),
            "faults", faults.sum(),
            "shortages", shortages.sum(),
            "rests", rests.sum(),
            "submissions", submissions.sum(),
            "completions", completions.sum(),
            "bells", bells.sum()));
  }
}
