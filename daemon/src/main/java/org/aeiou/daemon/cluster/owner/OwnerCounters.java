package org.aeiou.daemon.cluster.owner;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.cluster.message.Frame;

/** What members asked of this one, and what became of it. */
final class OwnerCounters {
  final MetricSet metrics = new MetricSet();
  final LongAdder asks = metrics.counter("asks", "Messages that asked for systems of this member.");
  final LongAdder questions = metrics.counter("questions", "Questions in them.");
  final LongAdder fromCache =
      metrics.counter("fromCache", "Questions of members that the cache answered.");
  final LongAdder writes = metrics.counter("writes", "Writes that members wanted done.");
  final LongAdder replies = metrics.counter("replies", "Messages that were answered.");
  final LongAdder unsent =
      metrics.counter("unsent", "Answers that the broker did not take, and that were dropped.");
  final LongAdder tooLate =
      metrics.counter(
          "tooLate", "Messages that came when their askers had given up: nothing was done.");
  final LongAdder ofUnknownAge =
      metrics.counter(
          "ofUnknownAge", "Writes refused as it was not known how long the message was under way.");
  final LongAdder twice =
      metrics.counter("twice", "Messages that had come before: nothing was done.");
  final LongAdder unanswered =
      metrics.counter(
          "unanswered", "Writes dropped, as there were too many to remember that they came.");
  final LongAdder cancels = metrics.counter("cancels", "Messages that were withdrawn in time.");
  final LongAdder cancelsOfNothing =
      metrics.counter("cancelsOfNothing", "Withdrawals of what was answered, or never asked.");
  private final LongAdder notOwner = refusal("not_owner");
  private final LongAdder overloaded = refusal("overloaded");
  private final LongAdder unknownSystem = refusal("unknown_system");
  final LongAdder guarded =
      metrics.counter(
          "guarded", "Exchanges not started, or messages not sent, as another member owns them.");
  final LongAdder guardedWrites =
      metrics.counter(
          "guardedWrites", "Writes not sent, as their ownership or their time was over.");
  final LongAdder notAllowed =
      metrics.counter(
          "notAllowed", "Writes not sent, as the configuration here does not allow them.");

  final LongAdder changes =
      metrics.counter("changes", "Messages that told members unasked what is answered anew.");
  final LongAdder readingsTold = metrics.counter("readingsTold", "Readings in them.");
  final LongAdder changesDropped =
      metrics.counter(
          "changesDropped", "Of those, what was not sent: there was too much, or no broker.");

  private LongAdder refusal(String why) {
    return metrics.counter("refused", "why", why, "Messages refused: nothing was done for them.");
  }

  void gauge(String name, String help, LongSupplier value) {
    metrics.gauge(name, Unit.COUNT, help, value);
  }

  void refused(Frame.Refusal.Why why) {
    switch (why) {
      case NOT_OWNER -> notOwner.increment();
      case OVERLOADED -> overloaded.increment();
      case UNKNOWN_SYSTEM -> unknownSystem.increment();
    }
  }
}
