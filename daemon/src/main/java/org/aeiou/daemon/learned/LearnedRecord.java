package org.aeiou.daemon.learned;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.aeiou.closures.exchange.Learned;

/**
 * What was learned of one system. Immutable.
 *
 * @param system its name
 * @param address where its agent is, as the configuration writes it
 * @param at when the agent last answered
 * @param limits how it may be asked
 * @param facts what else is known of the agent, by name
 */
record LearnedRecord(
    String system, String address, Instant at, Learned limits, Map<String, String> facts) {
  /** After so long a limit is trusted for half as long as it was. */
  static final Duration HALF_LIFE = Duration.ofDays(7);

  /** After so long nothing of it holds. */
  static final Duration LIFE = Duration.ofDays(90);

  /** How long it takes to get there changes sooner than what the agent can do. */
  private static final Duration LIFE_OF_ROUND_TRIPS = Duration.ofDays(1);

  boolean isEmpty() {
    return facts.isEmpty() && limits.equals(Learned.NOTHING);
  }

  /** What is left of it by now; null if that is nothing. */
  LearnedRecord decayed(Instant now) {
    Duration age = Duration.between(at, now);
    if (age.isNegative()) {
      age = Duration.ZERO; // the clock was set back
    }
    if (age.compareTo(LIFE) > 0) {
      return null;
    }
    double left = Math.pow(0.5, (double) age.toSeconds() / HALF_LIFE.toSeconds());
    Function<Learned.Bound, Learned.Bound> older =
        bound ->
            bound == null
                ? null
                : new Learned.Bound(
                    bound.value(), Duration.ofSeconds((long) (bound.trusted().toSeconds() * left)));
    boolean isNear = age.compareTo(LIFE_OF_ROUND_TRIPS) <= 0;
    Learned then =
        new Learned(
            older.apply(limits.batch()),
            older.apply(limits.inFlight()),
            older.apply(limits.gapNanos()),
            isNear ? limits.roundTripNanos() : -1,
            isNear ? limits.variationNanos() : 0);
    return new LearnedRecord(system, address, at, then, facts);
  }
}
