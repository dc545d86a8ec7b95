package org.aeiou.daemon.cluster.member;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;

/** What was said and heard of members. */
final class MemberCounters {
  final LongAdder sent;
  final LongAdder heard;
  final LongAdder old;
  final LongAdder excess;
  final LongAdder twins;
  final LongAdder suspected;
  final LongAdder gone;

  MemberCounters(MetricSet metrics) {
    sent = metrics.counter("members.sent", "Times that this member told others how it is.");
    heard = metrics.counter("members.heard", "Times that another member told how it is.");
    old = metrics.counter("members.old", "States of members dropped, since a later one had come.");
    excess = metrics.counter("members.excess", "States dropped, since too many members are known.");
    twins =
        metrics.counter(
            "members.twins", "States dropped that came from another process of this id.");
    suspected = metrics.counter("members.suspected", "Times that a member became suspect.");
    gone =
        metrics.counter("members.gone", "Members that were heard of no more, and had not said so.");
  }
}
