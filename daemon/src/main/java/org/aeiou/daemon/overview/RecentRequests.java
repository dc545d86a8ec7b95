package org.aeiou.daemon.overview;

import com.google.common.collect.MapMaker;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.aeiou.closures.scheduler.Requester;

/** How much requesters had asked for at some times of the last minute. */
final class RecentRequests {
  /** So many samples are a minute. */
  static final int SAMPLES = 6;

  /** Of each the last samples; the oldest is overwritten next. Forgotten with the requester. */
  private final Map<Requester, Samples> known = new MapMaker().weakKeys().makeMap();

  private static final class Samples {
    final AtomicLongArray counts = new AtomicLongArray(SAMPLES);

    /** Written by the thread that samples. */
    volatile int next;
  }

  /** Takes note of one. By one thread. */
  void sample(Requester requester) {
    Samples samples = known.computeIfAbsent(requester, any -> new Samples());
    int at = samples.next;
    samples.counts.set(at, requester.requests());
    samples.next = (at + 1) % SAMPLES;
  }

  /** How much it had asked for a minute ago. */
  long aMinuteAgo(Requester requester) {
    Samples samples = known.get(requester);
    return samples == null ? 0 : samples.counts.get(samples.next);
  }
}
