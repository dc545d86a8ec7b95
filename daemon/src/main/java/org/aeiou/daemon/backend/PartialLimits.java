package org.aeiou.daemon.backend;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/**
 * The limits of the scheduler as every back end's section says them. Immutable.
 *
 * @param firstTimeout as in the limits, where it is said; else null
 */
public record PartialLimits(Limits limits, Duration firstTimeout) {

  /** The keys that say them. */
  public static final List<String> KEYS =
      List.of(
          "timeout",
          "retries",
          "first-timeout",
          "first-retries",
          "max-in-flight",
          "min-interval",
          "max-batch");

  /** The limits of systems for which the configuration says nothing. */
  public static final PartialLimits STANDARD = new PartialLimits(Limits.DEFAULT, null);

  /** These limits with what a section says laid over them. */
  public PartialLimits with(Section section) {
    Duration said = section.value("first-timeout", firstTimeout, Texts::positiveDuration);
    Duration timeout = section.value("timeout", limits.timeout(), Texts::positiveDuration);
    int retries = section.number("retries", limits.retries(), 0, 20);
    int maxInFlight = section.number("max-in-flight", limits.maxInFlight(), 1, 100);
    Duration minInterval = section.value("min-interval", limits.minInterval(), Texts::duration);
    int maxBatch = section.number("max-batch", limits.maxBatch(), 1, 500);
    int firstRetries = section.number("first-retries", limits.firstRetries(), 0, 20);
    // With one retry, half of it hears of everything that answers within all of it.
    Duration first = said == null ? timeout.dividedBy(2) : said;
    return new PartialLimits(
        new Limits(timeout, retries, maxInFlight, minInterval, maxBatch, first, firstRetries),
        said);
  }
}
