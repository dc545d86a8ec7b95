package org.aeiou.daemon.rate;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a system renews the counters that it shows, as far as it was learned. Immutable.
 *
 * <p>A counter that moves all the time and is read more often than it is renewed stays the same and
 * then jumps. The time between two jumps is known as exactly as the readings around them are close;
 * further jumps narrow it down. A counter that moves now and then looks like one that is renewed
 * seldom: so of several counters that are renewed together the fastest is believed.
 *
 * @param least it is no shorter, in nanoseconds; 0 if no counter that moves was seen standing still
 * @param most it is no longer
 * @param isRegular whether the time is always the same: some systems look for news only when they
 *     are asked and what they have is too old
 * @param seen how many observations agree
 * @param doubts how often in a row no counter was seen to move so soon
 */
record Renewal(long least, long most, boolean isRegular, int seen, int doubts) {
  /** As often as this, and more often, is as good as always. */
  static final long CONTINUOUS_NANOS = TimeUnit.MILLISECONDS.toNanos(2_200);

  /** So many observations in a row that contradict what is known are believed. */
  private static final int MOST_DOUBTS = 8;

  /** After so many observations it is looked anew whether the time is always the same. */
  private static final int IRREGULAR_FOR = 32;

  /** So many observations that agree are relied upon. */
  private static final int RELIABLE_FROM = 5;

  private static final String UNSURE = " perhaps";
  private static final String IRREGULAR = " now and then";
  private static final Pattern KEPT =
      Pattern.compile("([0-9]{1,9})-([0-9]{1,9})(" + UNSURE + "|" + IRREGULAR + "|)");

  /** Seldom is anything else found in agents, in seconds. */
  private static final int[] USUAL = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300};

  /**
   * What is known with one more observation.
   *
   * @param known null if nothing was
   */
  static Renewal with(Renewal known, long least, long most) {
    boolean isFaster = known != null && most < known.least;
    boolean isSlower = known != null && least > known.most;
    if ((isFaster && most > known.least / 2) || (isSlower && least < known.least * 2)) {
      return new Renewal(Math.min(known.least, least), Math.max(known.most, most), false, 1, 0);
    }
    if (known == null || isFaster) {
      return new Renewal(least, most, true, 1, 0);
    }
    if (isSlower) {
      return known.doubts + 1 >= MOST_DOUBTS
          ? new Renewal(least, most, true, 1, 0)
          : new Renewal(known.least, known.most, known.isRegular, known.seen, known.doubts + 1);
    }
    if (!known.isRegular) {
      return known.seen >= IRREGULAR_FOR
          ? new Renewal(least, most, true, 1, 0)
          : new Renewal(
              Math.min(known.least, Math.max(1, least)),
              Math.max(known.most, most),
              false,
              known.seen + 1,
              0);
    }
    long narrower = known.least == 0 && most >= known.most ? 0 : Math.max(known.least, least);
    return new Renewal(narrower, Math.min(known.most, most), true, known.seen + 1, 0);
  }

  /**
   * What is known when jumps were seen that are not at equal distances.
   *
   * @param least the last distance was no shorter
   * @param most it was no longer
   */
  static Renewal irregular(Renewal known, long least, long most) {
    boolean isSlower = known != null && least > known.most;
    if (isSlower && least >= known.most * 2) {
      return with(known, least, most); // it moves now and then
    }
    return known == null
        ? new Renewal(least, most, false, 1, 0)
        : new Renewal(
            Math.max(1, Math.min(known.least, least)), Math.max(known.most, most), false, 1, 0);
  }

  /** Whether it was observed often and closely enough to go by. */
  boolean isReliable() {
    return isRegular && seen >= RELIABLE_FROM && most - least <= nanos() / 5;
  }

  /** As it is shown, and kept over restarts: the bounds in milliseconds. */
  String fact() {
    return TimeUnit.NANOSECONDS.toMillis(least)
        + "-"
        + TimeUnit.NANOSECONDS.toMillis(most)
        + (isRegular ? isReliable() ? "" : UNSURE : IRREGULAR);
  }

  /** What was kept; null if it is nothing, or nothing of use. */
  static Renewal parse(String fact) {
    Matcher parts = fact == null ? null : KEPT.matcher(fact);
    if (parts == null || !parts.matches()) {
      return null;
    }
    long least = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(parts.group(1)));
    long most = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(parts.group(2)) + 1);
    boolean isRegular = !IRREGULAR.equals(parts.group(3));
    int seen = parts.group(3).isEmpty() ? RELIABLE_FROM : 1;
    return least > most ? null : new Renewal(least, most, isRegular, seen, 0);
  }

  /** Whether it need not be reckoned with. */
  boolean isContinuous() {
    return least == 0 && most <= CONTINUOUS_NANOS;
  }

  /** The likeliest period: the usual one, if only one of these fits. */
  long nanos() {
    if (least == 0) {
      return 0;
    }
    long found = 0;
    for (int seconds : USUAL) {
      long nanos = TimeUnit.SECONDS.toNanos(seconds);
      if (nanos >= least && nanos <= most) {
        if (found > 0) {
          return (least + most) / 2;
        }
        found = nanos;
      }
    }
    return found > 0 ? found : (least + most) / 2;
  }

  /** In words: {@code 30 s}. */
  String text() {
    if (isContinuous()) {
      return "continuously";
    }
    double seconds = nanos() / 1e9;
    return (isRegular ? "every %s s" : "about every %s s")
        .formatted(Rate.written(Math.round(seconds * 10) / 10.0));
  }
}
