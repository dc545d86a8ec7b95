package org.aeiou.daemon.attach;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.daemon.attach.request.RequestCounters;

/** What is counted of attached programs, their requests included. Any thread. */
final class AttachCounters extends RequestCounters {
  final LongAdder attached = metrics.counter("attached", "Programs that attached.");

  final LongAdder refused = metrics.counter("refused", "Programs that were not let in.");

  final LongAdder left =
      metrics.counter("left", "Programs that are attached no more, whatever the reason.");

  final LongAdder broken =
      metrics.counter("broken", "Programs that were detached because they broke the rules.");

  final LongAdder submissions = metrics.counter("submissions", "Requests that programs submitted.");

  final LongAdder shortages =
      metrics.counter(
          "shortages", "Times a program could not be let in for want of memory or descriptors.");

  final LongAdder rests =
      metrics.counter(
          "rests",
          "Times a client was not served for a moment, after many requests that were overloaded.");
}
