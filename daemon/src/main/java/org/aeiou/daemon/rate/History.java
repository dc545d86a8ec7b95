package org.aeiou.daemon.rate;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.CounterSample;

/**
 * When a counter moved, as far as its last samples tell. Immutable; bounded.
 *
 * <p>Times are nanoseconds since the first sample, each step by the system's own time or ours.
 * Counts are those since the first sample.
 *
 * @param last the newest sample
 * @param lastNanos when it came, by our ticker
 * @param at when it was taken, on this history's own time
 * @param origin why it begins where it does
 * @param isSystemTime whether all steps were by the system's time
 * @param isSpeedDoubted whether the counter counted faster than its link is said to be
 * @param stretches times at which the counter stood still, oldest first; at least one
 */
record History(
    CounterSample last,
    long lastNanos,
    long at,
    Quality origin,
    boolean isSystemTime,
    boolean isSpeedDoubted,
    List<Stretch> stretches) {
  private static final int MOST_STRETCHES = 16;

  /** Stretches closer together than this give way to newer ones when there is no room. */
  private static final long CLOSE_NANOS = 500_000_000L;

  static final int STRETCH_BYTES = 72;

  /**
   * The counter had one value.
   *
   * @param after it did not have it yet at that time; negative for the first, of which it is not
   *     known
   * @param from when it was seen first
   * @param until when it was seen last
   * @param counted what it had counted since the first sample
   * @param isWrapped whether it started over to get there
   * @param isNext whether no stretch was left out before it
   */
  record Stretch(
      long after, long from, long until, long counted, boolean isWrapped, boolean isNext) {
    boolean isFirst() {
      return after < 0;
    }

    /** Whether it was seen more than once. */
    boolean stood() {
      return until > from;
    }
  }

  static History begin(CounterSample sample, long nanos, Quality origin, boolean isSpeedDoubted) {
    return new History(
        sample,
        nanos,
        0,
        origin,
        true,
        isSpeedDoubted,
        List.of(new Stretch(-1, 0, 0, 0, false, true)));
  }

  /** The same, for what counts no faster than its link. */
  History withoutDoubt() {
    return isSpeedDoubted
        ? new History(last, lastNanos, at, origin, isSystemTime, false, stretches)
        : this;
  }

  /** The speed that bounds what can be counted, in bits per second; 0 if none does. */
  long believedSpeed() {
    return isSpeedDoubted ? 0 : last.speed();
  }

  /** This history with one more sample, which goes on from the last one. */
  History with(CounterSample sample, long nanos, Step step) {
    long now = at + step.nanos();
    Stretch newest = newest();
    List<Stretch> all = new ArrayList<>(stretches);
    if (step.counted() == 0) {
      all.set(
          all.size() - 1,
          new Stretch(
              newest.after, newest.from, now, newest.counted, newest.isWrapped, newest.isNext));
    } else {
      boolean isNext = true;
      if (all.size() == MOST_STRETCHES) {
        isNext = !isCrowded(all);
        all.remove(isNext ? 0 : all.size() - 1);
      }
      boolean isWrapped = step.kind() == Step.Kind.WRAPPED || (!isNext && newest.isWrapped);
      all.add(new Stretch(at, now, now, newest.counted + step.counted(), isWrapped, isNext));
    }
    return new History(
        sample,
        nanos,
        now,
        origin,
        isSystemTime && step.isSystemTime(),
        isSpeedDoubted,
        List.copyOf(all));
  }

  private static boolean isCrowded(List<Stretch> all) {
    return all.get(all.size() - 1).from - all.get(all.size() - 2).from < CLOSE_NANOS;
  }

  Stretch newest() {
    return stretches.get(stretches.size() - 1);
  }

  Stretch oldest() {
    return stretches.get(0);
  }

  long bytes() {
    return 160 + last.bytes() + (long) STRETCH_BYTES * stretches.size();
  }

  /**
   * What the last moves say of the renewal of the counter, laid over what is known; as it was where
   * they say nothing.
   */
  Renewal learn(Renewal known) {
    int n = stretches.size();
    if (n < 2 || newest().stood()) {
      return known; // told when it moved
    }
    int run = n - 1;
    while (run > 1 && isJump(stretches.get(run - 1), stretches.get(run))) {
      run--;
    }
    if (run < n - 1) {
      return learnOfJumps(stretches.subList(run, n), known);
    }
    if (n >= 4 && isMovingAlways(stretches.subList(n - 3, n))) {
      Stretch before = stretches.get(n - 3);
      return Renewal.with(known, 0, newest().from - before.after);
    }
    return known;
  }

  /** Whether nothing can have been missed between the two: it stood for longer than unseen. */
  private static boolean isJump(Stretch before, Stretch stretch) {
    return stretch.isNext
        && before.stood()
        && stretch.from - stretch.after <= before.until - before.from;
  }

  /** Whether it was not seen standing still for as long as it was not looked at. */
  private static boolean isMovingAlways(List<Stretch> three) {
    return three.stream().allMatch(stretch -> stretch.isNext && !stretch.isFirst())
        && !isJump(three.get(0), three.get(1))
        && !isJump(three.get(1), three.get(2));
  }

  /** Each pair of jumps says of the time between two that it lies between two bounds. */
  private static Renewal learnOfJumps(List<Stretch> jumps, Renewal known) {
    long least = 0;
    long most = Long.MAX_VALUE;
    for (int i = 0; i < jumps.size(); i++) {
      for (int j = i + 1; j < jumps.size(); j++) {
        least = Math.max(least, (jumps.get(j).after - jumps.get(i).from) / (j - i));
        most = Math.min(most, (jumps.get(j).from - jumps.get(i).after) / (j - i));
      }
    }
    if (least > most + 2 * EXACT_NANOS) {
      Stretch last = jumps.get(jumps.size() - 1);
      Stretch before = jumps.get(jumps.size() - 2);
      return Renewal.irregular(
          known, Math.max(1, last.after - before.from), last.from - before.after);
    }
    return Renewal.with(known, Math.max(1, least - EXACT_NANOS), most + EXACT_NANOS);
  }

  /** How exact the times of samples are. */
  private static final long EXACT_NANOS = 20_000_000L;
}
