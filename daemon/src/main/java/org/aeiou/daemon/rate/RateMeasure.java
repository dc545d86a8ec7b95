package org.aeiou.daemon.rate;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.rate.History.Stretch;

/**
 * Which part of a history says how fast the counter counts now.
 *
 * <ul>
 *   <li>A counter that its system renews all the time: the last two samples that are {@link
 *       #LEAST_NANOS} apart.
 *   <li>One that is renewed every few seconds, and is read more often than that: from one jump to
 *       the next, which are a whole number of periods apart.
 *   <li>One that is read less often than it is renewed: so much time that a period more or less
 *       makes no difference, or a minute.
 *   <li>One of which nothing is known: nothing yet, until two jumps are seen.
 * </ul>
 */
final class RateMeasure {
  /** Less time says little: clocks of systems count hundredths of a second. */
  static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  /** What stands still for so long is not just renewed seldom: at most once a minute. */
  private static final long SELDOM_NANOS = TimeUnit.SECONDS.toNanos(75);

  /** So many periods, and one more or less makes a difference of a fiftieth. */
  private static final int MANY_PERIODS = 50;

  /** By how much traffic may be above what its link is said to carry. */
  private static final double TOLERANCE = 1.1;

  private final History history;
  private final Question.CounterMeaning meaning;
  private final Renewal renewal;
  private final long speed;

  RateMeasure(History history, Question.CounterMeaning meaning, Renewal renewal) {
    this.history = history;
    this.meaning = meaning;
    this.renewal = renewal;
    this.speed = history.last().speed();
  }

  /** How fast it counts now, or why that cannot be said; null if that is faster than its link. */
  Rate rate() {
    if (meaning.isShare() && speed <= 0) {
      return missing("the system does not say how fast the interface is", -1, Quality.OK);
    }
    if (isAmbiguous()) {
      double seconds = Step.aroundNanos(speed, meaning.bits()) / 1e9;
      return missing(
          "at the speed of the interface a counter of 32 bits starts over every %s s, and the system"
                  .formatted(Rate.written(seconds))
              + " renews it %s; read the one of 64 bits".formatted(renewal.text()),
          -1,
          Quality.WRAP);
    }
    Span span = span();
    if (span == null) {
      return missing(why(), again(), history.origin());
    }
    Stretch newest = history.newest();
    double counted = newest.counted() - span.from.counted();
    double perSecond = counted / (span.nanos() / 1e9);
    boolean isTooFast =
        meaning.bits() > 0
            && perSecond * meaning.bits() > speed * TOLERANCE * (1 + span.uncertainty);
    if (isTooFast && history.believedSpeed() > 0) {
      return null;
    }
    double value = meaning.isShare() ? perSecond * meaning.bits() * 100 / speed : perSecond;
    return Rate.of(
        isTooFast ? history : history.withoutDoubt(),
        new Rate.Amount(value, span.begin, span.end, span.uncertainty),
        quality(span.from));
  }

  private Rate missing(String why, long againNanos, Quality quality) {
    return Rate.missing(history, why, againNanos, quality);
  }

  /** A part of the history; {@code from} had the count at its beginning. */
  private record Span(Stretch from, long begin, long end, double uncertainty) {
    long nanos() {
      return end - begin;
    }
  }

  /** Whether the counter may start over between two renewals. */
  private boolean isAmbiguous() {
    return history.believedSpeed() > 0
        && meaning.bits() > 0
        && renewal != null
        && Rates.isOf32Bits(history.last())
        && renewal.nanos() >= Step.aroundNanos(speed, meaning.bits());
  }

  private Quality quality(Stretch from) {
    List<Stretch> all = history.stretches();
    for (int i = all.indexOf(from) + 1; i < all.size(); i++) {
      if (all.get(i).isWrapped()) {
        return Quality.WRAP;
      }
    }
    return from.isFirst() ? history.origin() : Quality.OK;
  }

  /** The part of the history that says how fast it counts now; null if none does. */
  private Span span() {
    long now = history.at();
    if (renewal == null) {
      return stillSince(SELDOM_NANOS) ? still() : since(now - MINUTE, MINUTE, MINUTE);
    }
    if (renewal.isContinuous()) {
      return stillSince(LEAST_NANOS)
          ? still()
          : since(now - LEAST_NANOS, LEAST_NANOS, renewal.most());
    }
    if (stillSince(Math.max(LEAST_NANOS, renewal.most()))) {
      return still();
    }
    Span jumps = renewal.least() > 0 ? betweenJumps() : null;
    if (jumps != null) {
      return jumps;
    }
    long most = renewal.most();
    long window = Math.min(MANY_PERIODS * most, Math.max(MINUTE, 2 * most));
    Span span = since(now - window, Math.max(LEAST_NANOS, 2 * most), most);
    return span;
  }

  /** Whether it was seen to stand still for so long, up to now. */
  private boolean stillSince(long nanos) {
    return history.newest().until() - history.newest().from() >= nanos;
  }

  private Span still() {
    Stretch newest = history.newest();
    return new Span(newest, newest.from(), newest.until(), 0);
  }

  /**
   * From then until now, or from the beginning of the history.
   *
   * @param leastNanos how long it has to be
   * @param staleNanos how old what the system shows may be
   */
  private Span since(long then, long leastNanos, long staleNanos) {
    Stretch from = history.oldest();
    for (Stretch stretch : history.stretches()) {
      if (stretch.from() <= then) {
        from = stretch;
      }
    }
    long begin = Math.max(from.from(), Math.min(from.until(), then));
    long nanos = history.at() - begin;
    return nanos < leastNanos
        ? null
        : new Span(from, begin, history.at(), Math.min(1, (double) staleNanos / nanos));
  }

  /** From one jump to the next; null if they were not seen, or not closely enough. */
  private Span betweenJumps() {
    List<Stretch> all = history.stretches();
    if (all.size() < 2) {
      return null;
    }
    Stretch newest = history.newest();
    Stretch before = all.get(all.size() - 2);
    if (before.isFirst() || !isSeenClosely(newest) || !isSeenClosely(before)) {
      return null;
    }
    long seen = newest.from() - before.from();
    long longest = newest.from() - before.after();
    long shortest = newest.after() - before.from();
    // What it counted at the last jump it counted since the renewal before.
    boolean isKnown = renewal.isRegular() && renewal.nanos() < longest;
    long nanos = isKnown ? renewal.nanos() : seen;
    long unsure =
        isKnown && renewal.isReliable()
            ? (renewal.most() - renewal.least()) / 2
            : Math.max(nanos - shortest, longest - nanos);
    return new Span(
        before, newest.from() - nanos, newest.from(), Math.min(1, (double) unsure / nanos));
  }

  private boolean isSeenClosely(Stretch stretch) {
    return stretch.isNext() && stretch.from() - stretch.after() < renewal.nanos() * 9 / 10;
  }

  private String why() {
    String quality =
        switch (history.origin()) {
          case RESET -> "the counter began anew: ";
          case GAP -> "the reading before is too long ago: ";
          default -> "";
        };
    if (renewal == null) {
      return quality + "how often the system renews the counter is not known yet";
    }
    return renewal.isContinuous()
        ? quality + "it takes a second reading"
        : quality
            + "the system renews the counter %s, and it takes two of these"
                .formatted(renewal.text());
  }

  /** How long to wait before the next sample. */
  private long again() {
    long since = history.at();
    if (renewal != null && renewal.isContinuous()) {
      return Math.max(LEAST_NANOS / 4, LEAST_NANOS - since);
    }
    long spacing;
    if (since < LEAST_NANOS) {
      spacing = LEAST_NANOS / 4;
    } else if (since < 2 * LEAST_NANOS) {
      spacing = LEAST_NANOS / 2;
    } else {
      spacing = since < MINUTE / 4 ? LEAST_NANOS : 2 * LEAST_NANOS;
    }
    return spacing;
  }
}
