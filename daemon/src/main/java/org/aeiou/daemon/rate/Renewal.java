package org.aeiou.daemon.rate;

import java.util.concurrent.TimeUnit;

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
 * @param doubts how often in a row no counter was seen to move so soon
 */
record Renewal(long least, long most, int doubts) {
  /** As often as this, and more often, is as good as always. */
  static final long CONTINUOUS_NANOS = TimeUnit.MILLISECONDS.toNanos(2_200);

  /** So many observations in a row that contradict what is known are believed. */
  private static final int MOST_DOUBTS = 8;

  /** Seldom is anything else found in agents, in seconds. */
  private static final int[] USUAL = {1, 2, 5, 10, 15, 20, 30, 60, 120, 300};

  /**
   * What is known with one more observation.
   *
   * @param known null if nothing was
   */
  static Renewal with(Renewal known, long least, long most) {
    if (known == null || most < known.least) {
      return new Renewal(least, most, 0);
    }
    if (least > known.most) {
      return known.doubts + 1 >= MOST_DOUBTS
          ? new Renewal(least, most, 0)
          : new Renewal(known.least, known.most, known.doubts + 1);
    }
    long narrower = known.least == 0 && most >= known.most ? 0 : Math.max(known.least, least);
    return new Renewal(narrower, Math.min(known.most, most), 0);
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
    return "every %s s".formatted(Rate.written(Math.round(seconds * 10) / 10.0));
  }
}
