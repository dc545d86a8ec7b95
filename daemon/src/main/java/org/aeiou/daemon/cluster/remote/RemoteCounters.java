package org.aeiou.daemon.cluster.remote;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/** What is counted of systems that other members own. */
final class RemoteCounters {
  final MetricSet metrics = new MetricSet();
  final LongAdder asks = metrics.counter("asks", "Exchanges with systems that others own.");
  final LongAdder questions =
      metrics.counter("questions", "Questions that were sent to the owners of systems.");
  final LongAdder replies = metrics.counter("replies", "Exchanges that an owner answered.");
  final LongAdder refusals =
      metrics.counter(
          "refusals", "Exchanges that a member refused, mostly as no longer the owner.");
  final LongAdder resent =
      metrics.counter("resent", "Exchanges sent once more, to another owner than before.");
  final LongAdder held =
      metrics.counter("held", "Times that an exchange waited for its system to have an owner.");
  final LongAdder unheard =
      metrics.counter("unheard", "Exchanges sent to a member that was not there any more.");
  final LongAdder unreachable =
      metrics.counter("unreachable", "Exchanges ended at once, as no owner could be asked.");
  final LongAdder mismatched =
      metrics.counter(
          "mismatched", "Of those, how many as the owners put systems into other slots.");
  final LongAdder unknown =
      metrics.counter("unknownWrites", "Writes of which it is not known what became of them.");
  final LongAdder timeouts =
      metrics.counter("timeouts", "Exchanges that their owner did not answer in time.");
  final LongAdder cancelled =
      metrics.counter("cancelled", "Exchanges taken back, as no request waited for them.");
  final LongAdder unsentCancels =
      metrics.counter("unsentCancels", "Of those, how many the owner could not be told of.");
  final LongAdder refused =
      metrics.counter("overflows", "Exchanges refused here, as too much was asked of others.");
  final LongAdder late =
      metrics.counter("lateReplies", "Replies to exchanges that had ended, or never were.");
  final LongAdder strange =
      metrics.counter("strangeReplies", "What a member said that was not asked, or is no owner.");
  final LongAdder malformed =
      metrics.counter("malformedReplies", "Replies to another number of questions than asked.");
  final LongAdder olderEpochs =
      metrics.counter("olderEpochs", "What a former owner said, which was dropped.");
  final LongAdder changes =
      metrics.counter("changes", "Readings that owners sent unasked, and were taken in.");
  final LongAdder unwanted =
      metrics.counter("unwantedChanges", "Readings that owners sent unasked, and were not.");
  final LongAdder conditions =
      metrics.counter("conditions", "Times that an owner said unasked how a system is.");

  void gauges(IntSupplier asks, IntSupplier questions, IntSupplier held) {
    metrics.gauge(
        "underWay", Unit.COUNT, "Exchanges with owners under way, or held.", asks::getAsInt);
    metrics.gauge(
        "questionsUnderWay", Unit.COUNT, "Questions in those exchanges.", questions::getAsInt);
    metrics.gauge("heldNow", Unit.COUNT, "Exchanges that wait for an owner.", held::getAsInt);
  }
}
