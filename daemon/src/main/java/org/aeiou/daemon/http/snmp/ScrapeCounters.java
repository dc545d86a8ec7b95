package org.aeiou.daemon.http.snmp;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/** What is counted of scrapes. */
final class ScrapeCounters {
  private static final String KIND = "outcome";

  final MetricSet metrics = new MetricSet();

  final LongAdder answered = outcome("answered");

  /** The system did not answer, or with an error. */
  final LongAdder failed = outcome("failed");

  final LongAdder late = outcome("late");

  /** For an unknown target or module, or a wrong query. */
  final LongAdder refused = outcome("refused");

  /** Refused as too much was going on. */
  final LongAdder overloaded = outcome("overloaded");

  /** The scraper did not read to the end. */
  final LongAdder aborted = outcome("aborted");

  final LongAdder samples = metrics.counter("samples", "Lines of values in answers to scrapes.");

  /** Scrapes that have no answer yet. */
  final AtomicInteger running = new AtomicInteger();

  /** What the answers that are being read hold, in bytes. */
  final AtomicLong held = new AtomicLong();

  ScrapeCounters() {
    metrics.gauge("running", Unit.COUNT, "Scrapes that have no answer yet.", running::get);
    metrics.gauge(
        "answer-bytes",
        Unit.BYTES,
        "Memory of the answers that scrapers are reading, beyond what the cache holds.",
        held::get);
  }

  private LongAdder outcome(String name) {
    return metrics.counter(
        "scrapes",
        KIND,
        name,
        "Scrapes of /snmp, by what became of them; one that was late has failed, too.");
  }
}
