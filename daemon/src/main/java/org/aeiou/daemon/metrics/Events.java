package org.aeiou.daemon.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * The last things that happened: what the daemon logged, from INFO up, for {@code /.aeiou/events}.
 */
public final class Events extends AppenderBase<ILoggingEvent> {
  private static final int KEPT = 500;

  private final LogLimit limit;
  private final Deque<String> lines = new ArrayDeque<>();
  private long logged;

  /**
   * No events yet.
   *
   * @param limit what keeps the rest of the lines away
   */
  public Events(LogLimit limit) {
    this.limit = limit;
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
      logged++;
    }
  }

  /** How many lines were logged, and how many were left out because there were too many. */
  public Map<String, Long> counters() {
    synchronized (lines) {
      return Map.of("lines", logged, "left-out", limit.leftOut());
    }
  }

  /** The last events, one a line, the newest last. */
  public String asLines() {
    synchronized (lines) {
      return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
  }
}
