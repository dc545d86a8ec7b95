package org.aeiou.daemon.rate;

import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Value;

/**
 * How a sample of a counter follows the one before: how much time passed, and what was counted.
 *
 * <p>Time is the system's own, where that can be believed: an answer may be long under way. It is
 * not believed where it runs in whole seconds, stands still, or differs much from ours.
 *
 * @param nanos how much time passed
 * @param isSystemTime whether that is by the system's own time
 * @param counted how much was counted; nothing unless it goes on
 */
record Step(Kind kind, long nanos, boolean isSystemTime, long counted) {

  enum Kind {
    GOES_ON,
    /** Goes on, and started over after the largest number that the counter can hold. */
    WRAPPED,
    /** Cannot be compared: one of them is of another beginning. */
    RESET,
    /** Is not compared: too much time passed, or as much as a counter takes to start over. */
    GAP
  }

  /** How far apart two samples may be: pollers that ask each five minutes are served. */
  static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(330);

  /** How much longer than usual an answer may be under way, and how exact clocks are. */
  private static final long SLACK_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int SLACK_SHARE = 50;
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** A clock that shows whole seconds is of no use for less than this. */
  private static final long COARSE_NANOS = TimeUnit.SECONDS.toNanos(100);

  private static final int TICKS_IN_SECOND = 100;
  private static final long RANGE_32 = 1L << 32;
  private static final double TOLERANCE = 1.1;

  /**
   * The step from one sample to the next.
   *
   * @param beforeNanos when it came, by our ticker
   * @param bits how many bits one count stands for at least; 0 if that is not known
   * @param unseenNanos how old what a system shows may be, since it renews it now and then
   */
  static Step between(
      CounterSample before,
      long beforeNanos,
      CounterSample after,
      long afterNanos,
      int bits,
      long unseenNanos) {
    long ours = Math.max(1, afterNanos - beforeNanos);
    if (ours > MOST_NANOS) {
      return new Step(Kind.GAP, ours, false, 0);
    }
    long passed = ours;
    boolean isSystemTime = false;
    if (before.uptime() >= 0 && after.uptime() >= 0) {
      // Modulo 2³²: it starts over after 497 days.
      long its = ((after.uptime() - before.uptime()) & (RANGE_32 - 1)) * TICK_NANOS;
      long slack = SLACK_NANOS + ours / SLACK_SHARE;
      if (Math.abs(its - ours) > slack) {
        boolean hasStarted = after.uptime() * TICK_NANOS <= ours + slack;
        if (hasStarted || after.uptime() < before.uptime()) {
          return new Step(Kind.RESET, ours, false, 0);
        }
      } else if (its > 0 && !isCoarse(before, after, ours)) {
        passed = its;
        isSystemTime = true;
      }
    }
    boolean jumped =
        before.discontinuity() != null
            && after.discontinuity() != null
            && !before.discontinuity().equals(after.discontinuity());
    if (jumped
        || before.counter() != after.counter()
        || before.value().type() != after.value().type()) {
      return new Step(Kind.RESET, passed, isSystemTime, 0);
    }
    if (mayGoAround(after, bits, passed)) {
      return new Step(Kind.GAP, passed, isSystemTime, 0);
    }
    long counted = after.value().number() - before.value().number();
    boolean goesOn = Long.compareUnsigned(after.value().number(), before.value().number()) >= 0;
    if (goesOn) {
      return new Step(Kind.GOES_ON, passed, isSystemTime, counted);
    }
    boolean mayWrap = after.value().type() == Value.NumberType.COUNTER32;
    if (mayWrap && mayBeCounted(counted + RANGE_32, after.speed(), bits, passed + unseenNanos)) {
      return new Step(Kind.WRAPPED, passed, isSystemTime, counted + RANGE_32);
    }
    return new Step(Kind.RESET, passed, isSystemTime, 0);
  }

  /** Whether a counter may start over more than once in that time. */
  private static boolean mayGoAround(CounterSample sample, int bits, long nanos) {
    return sample.value().type() == Value.NumberType.COUNTER32
        && sample.speed() > 0
        && bits > 0
        && nanos >= aroundNanos(sample.speed(), bits);
  }

  /** The least time in which a counter of 32 bits starts over. */
  static double aroundNanos(long speed, int bits) {
    return RANGE_32 * 1e9 * bits / speed;
  }

  private static boolean isCoarse(CounterSample before, CounterSample after, long ours) {
    return ours < COARSE_NANOS
        && before.uptime() % TICKS_IN_SECOND == 0
        && after.uptime() % TICKS_IN_SECOND == 0;
  }

  /** Where no speed bounds what is counted, the shorter way around is believed. */
  private static boolean mayBeCounted(long counted, long speed, int bits, long nanos) {
    return (speed > 0 && bits > 0)
        ? (double) counted * bits <= (double) speed * nanos / 1e9 * TOLERANCE
        : counted < RANGE_32 / 2;
  }
}
