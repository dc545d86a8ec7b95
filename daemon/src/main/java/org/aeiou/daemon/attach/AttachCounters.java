package org.aeiou.daemon.attach;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.daemon.attach.request.RequestCounters;

/** What was counted of attached programs. Any thread may call any method. */
final class AttachCounters {
  final LongAdder attached = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder left = new LongAdder();
  final LongAdder broken = new LongAdder();
  final LongAdder submissions = new LongAdder();
  final LongAdder shortages = new LongAdder();

  /** Times when a client was not served for a moment, after many requests that were overloaded. */
  final LongAdder rests = new LongAdder();

  final RequestCounters requests = new RequestCounters();

  Map<String, Long> sums() {
    return new TreeMap<>(
        Map.of(
            "attached", attached.sum(),
            "refused", refused.sum(),
            "left", left.sum(),
            "broken", broken.sum(),
            "faults", requests.faults.sum(),
            "shortages", shortages.sum(),
            "rests", rests.sum(),
            "submissions", submissions.sum(),
            "completions", requests.completions.sum(),
            "bells", requests.bells.sum()));
  }
}
