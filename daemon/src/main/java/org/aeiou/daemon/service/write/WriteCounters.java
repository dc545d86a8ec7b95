package org.aeiou.daemon.service.write;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.Failure;
import org.aeiou.closures.metric.MetricSet;

/** What became of writes. */
final class WriteCounters {
  private final LongAdder done;
  private final LongAdder refusedByCheck;
  private final LongAdder refusedBySystem;
  private final LongAdder unknown;
  private final LongAdder failed;
  private final LongAdder unlikeWritten;

  WriteCounters(MetricSet metrics) {
    done = metrics.counter("writes.done", "Writes that the system said it had done.");
    refusedByCheck =
        metrics.counter("writes.refused-by-check", "Writes refused before anything was sent.");
    refusedBySystem =
        metrics.counter("writes.refused-by-system", "Writes that the system refused.");
    unknown =
        metrics.counter("writes.unknown", "Writes of which it is not known whether they happened.");
    failed =
        metrics.counter(
            "writes.not-sent", "Writes that were not sent, as the system was not heard.");
    unlikeWritten =
        metrics.counter(
            "writes.read-back-otherwise",
            "Attributes that were written, and read otherwise right after that.");
  }

  void done() {
    done.increment();
  }

  void refusedByCheck() {
    refusedByCheck.increment();
  }

  void readOtherwise() {
    unlikeWritten.increment();
  }

  /** A write that failed behind the check; {@code sent} if it was sent. */
  void failed(Failure<?> why, boolean sent) {
    if (!sent) {
      failed.increment();
    } else if (Failure.mayHaveHappened(why.reason())) {
      unknown.increment();
    } else {
      refusedBySystem.increment();
    }
  }
}
