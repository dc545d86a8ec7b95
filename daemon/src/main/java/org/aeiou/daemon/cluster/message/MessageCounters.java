package org.aeiou.daemon.cluster.message;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/** What was said to other members, and what was not. */
final class MessageCounters {
  final MetricSet metrics = new MetricSet();

  final LongAdder sent = metrics.counter("sent", "Messages that were given to the broker.");
  final LongAdder sentBytes =
      metrics.counter("sent-bytes", Unit.BYTES, "What those messages have, together.");
  final LongAdder sentFrames =
      metrics.counter("sent-frames", "What is in those messages: questions, answers, changes.");
  final LongAdder received = metrics.counter("received", "Messages of other members.");
  final LongAdder receivedBytes =
      metrics.counter("received-bytes", Unit.BYTES, "What those messages have, together.");
  final LongAdder receivedFrames =
      metrics.counter("received-frames", "What was in those messages, and was understood.");
  final LongAdder unsent =
      metrics.counter(
          "unsent", "Questions, answers and changes dropped: the broker could not be reached.");
  final LongAdder overflowed =
      metrics.counter(
          "overflowed",
          "Questions, answers and changes dropped: more was to be sent than is kept, or one was"
              + " larger than any may be.");
  final LongAdder unheard =
      metrics.counter("unheard", "Messages to members that did not receive any more.");
  final LongAdder foreign =
      metrics.counter("foreign", "Messages dropped that are none of this program.");
  final LongAdder otherMajor =
      metrics.counter("other-major", "Messages dropped of members of another major version.");
  final LongAdder malformed =
      metrics.counter("malformed", "Messages, or what was in them, dropped: they make no sense.");
  final LongAdder unknown =
      metrics.counter(
          "unknown", "What was skipped in messages of members of a later minor version.");
  final LongAdder failed =
      metrics.counter("failed", "What was in messages, and this program failed to handle.");
}
