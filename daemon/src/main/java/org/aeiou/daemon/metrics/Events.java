package org.aeiou.daemon.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;

/**
 * The last things that happened: what the daemon logged, from INFO up, for {@code /.aeiou/events}.
 */
public final class Events extends AppenderBase<ILoggingEvent> {
  private static final int KEPT = 500;

  private final MetricSet metrics = new MetricSet();
  private final Deque<String> lines = new ArrayDeque<>();
  private final LongAdder logged =
      metrics.counter("lines", "Lines that were logged, from INFO up.");

  /**
   * No events yet.
   *
   * @param limit what keeps the rest of the lines away
   */
  public Events(LogLimit limit) {
    metrics.counter(
        "left-out",
        "",
        Unit.COUNT,
        "Lines that were not logged because there were too many like them.",
        limit::leftOut);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLevel().isGreaterOrEqual(Level.INFO)) {
      return;
    }
    String line =
        Instant.ofEpochMilli(event.getTimeStamp())
            + " "
            + event.getLevel()
            + " "
            + event.getFormattedMessage().replace('\n', ' ');
    synchronized (lines) {
      if (lines.size() == KEPT) {
        lines.removeFirst();
      }
      lines.addLast(line);
      logged.increment();
    }
  }

  /** How many lines were logged, and how many were left out. */
  public MetricSet metrics() {
    return metrics;
  }

  /** The last events, one a line, the newest last. */
  public String asLines() {
    synchronized (lines) {
      return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
  }
}
