package org.aeiou.daemon.cluster.handover;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;

/** What is counted of hand-overs. */
final class HandoverCounters {
  final MetricSet metrics = new MetricSet();
  final LongAdder wanted =
      metrics.counter("wanted", "Slots of which this member asked others what they hold.");
  final LongAdder pagesSent =
      metrics.counter("pagesSent", "Pages sent to members that became owners.");
  final LongAdder readingsSent = metrics.counter("readingsSent", "Readings in pages sent.");
  final LongAdder pagesUnsent =
      metrics.counter(
          "pagesUnsent", "Pages not sent, as too many were wanted, or the broker took no more.");
  final LongAdder pagesReceived =
      metrics.counter("pagesReceived", "Pages received of other members.");
  final LongAdder pagesDropped =
      metrics.counter(
          "pagesDropped",
          "Pages received and not used: of a system or slot that this member does not know, or too"
              + " many at once.");
  final LongAdder restored =
      metrics.counter("readingsRestored", "Readings of other members taken into the cache.");
  final LongAdder outdated =
      metrics.counter(
          "readingsOutdated",
          "Readings of other members not taken: what is here is younger, or they are too old.");
  final LongAdder useless =
      metrics.counter(
          "readingsUseless", "What came as readings of other members, and is none: not taken.");
  final LongAdder givenAway =
      metrics.counter("givenAway", "Slots that this member began to give away.");
  final LongAdder impatient =
      metrics.counter(
          "impatient", "Slots given away though something was pending that took too long.");
  final LongAdder learnedKept =
      metrics.counter("learnedKept", "Times that what was learned of a slot's systems was kept.");
  final LongAdder learnedFailures =
      metrics.counter(
          "learnedFailures", "Times that what was learned of a slot's systems was of no use.");
}
