package org.aeiou.daemon.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.daemon.backend.PartialLimits;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.Texts;

/**
 * How many packets a second may be sent to several systems. Immutable.
 *
 * @param all to all systems together; null for any number
 * @param named to the systems that share one, by its name, in the order of the file
 */
public record Budgets(Rate all, Map<String, Rate> named) {
  /** A token that waits for one of the larger budget must not keep the next one out. */
  private static final int LEAST_BURST = 2;

  /** At once after a pause, if not said: what a tenth of a second allows. */
  private static final int BURSTS_IN_A_SECOND = 10;

  /** Reads {@code budget:} and {@code budgets:} of a configuration. */
  static Budgets read(Section root) {
    Rate all = root.has("budget") ? rate(root.section("budget")) : null;
    Map<String, Rate> named = new LinkedHashMap<>();
    Section section = root.section("budgets");
    for (String name : section.keys()) {
      Rate rate = rate(section.section(name));
      if (rate != null) {
        named.put(name, rate);
      }
    }
    return new Budgets(all, Collections.unmodifiableMap(named));
  }

  private static Rate rate(Section section) {
    section.needs(PartialLimits.RATE, "expected a number of packets, as in 100 or 0.5");
    Double perSecond = section.value(PartialLimits.RATE, null, Texts::rate);
    int burst =
        section.number(
            PartialLimits.BURST,
            perSecond == null
                ? LEAST_BURST
                : (int) Math.max(LEAST_BURST, Math.round(perSecond / BURSTS_IN_A_SECOND)),
            1,
            PartialLimits.MOST_BURST);
    section.done();
    return perSecond == null ? null : new Rate(perSecond, burst);
  }

  /**
   * The name of a budget, as it is said of a system.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  String name(String text) {
    if (named.containsKey(text)) {
      return text;
    }
    throw new IllegalArgumentException(
        Texts.quoted(text)
            + " is none of the budgets; expected "
            + (named.isEmpty()
                ? "one that stands below 'budgets' at the top"
                : Spelling.meant(text, named.keySet())
                    + "one of "
                    + String.join(", ", named.keySet().stream().sorted().toList())));
  }
}
