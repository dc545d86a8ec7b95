package org.aeiou.daemon.backend;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/**
 * The limits of the scheduler as every back end's section says them. Immutable.
 *
 * @param firstTimeout as in the limits, where it is said; else null
 */
public record PartialLimits(Limits limits, Duration firstTimeout) {

  /** How many packets may be sent in a second, as sections have it; also those of budgets. */
  public static final String RATE = "requests-per-second";

  /** And how many of them at once after a pause. */
  public static final String BURST = "burst";

  /** The largest burst. */
  public static final int MOST_BURST = 100_000;

  /** The keys that say them. */
  public static final List<String> KEYS =
      List.of(
          "timeout",
          "retries",
          "first-timeout",
          "first-retries",
          "max-in-flight",
          "min-interval",
          "max-batch",
          RATE,
          BURST);

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
    Rate known = limits.rate();
    Double perSecond = section.value(RATE, known == null ? null : known.perSecond(), Texts::rate);
    int burst = section.number(BURST, known == null ? 1 : known.burst(), 1, MOST_BURST);
    if (perSecond == null && section.has(BURST)) {
      section.problem(BURST, "is of no use without '" + RATE + "'; expected both, or neither");
    }
    // With one retry, half of it hears of everything that answers within all of it.
    Duration first = said == null ? timeout.dividedBy(2) : said;
    return new PartialLimits(
        new Limits(timeout, retries, maxInFlight, minInterval, maxBatch, first, firstRetries)
            .with(perSecond == null ? null : new Rate(perSecond, burst)),
        said);
  }
}
