package org.aeiou.daemon.http.snmp;

import java.util.concurrent.TimeUnit;

/** How long a scrape may take: what the scraper says it waits, less what the answer's way takes. */
final class ScrapeDeadline {
  static final String HEADER = "X-Prometheus-Scrape-Timeout-Seconds";

  /** As other exporters keep back; of a scraper that waits no longer than this, a half. */
  private static final double OFFSET_SECONDS = 0.5;

  /** For a scraper that does not say; as long as a walk may take. */
  private static final double STANDARD_SECONDS = 60;

  /** No scraper holds a request for longer. */
  private static final double MOST_SECONDS = 300;

  private ScrapeDeadline() {}

  /**
   * In nanoseconds from now.
   *
   * @param header its value, or null
   */
  static long nanos(String header) {
    double seconds = seconds(header);
    double left = Math.max(seconds - OFFSET_SECONDS, seconds / 2);
    return (long) (left * TimeUnit.SECONDS.toNanos(1));
  }

  private static double seconds(String header) {
    if (header == null) {
      return STANDARD_SECONDS;
    }
    try {
      double seconds = Double.parseDouble(header);
      return seconds > 0 ? Math.min(seconds, MOST_SECONDS) : STANDARD_SECONDS;
    } catch (NumberFormatException e) {
      return STANDARD_SECONDS;
    }
  }
}
