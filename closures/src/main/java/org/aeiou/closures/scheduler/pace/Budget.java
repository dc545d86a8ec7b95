package org.aeiou.closures.scheduler.pace;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.exchange.Rate;

/**
 * How often several systems together may be asked: a token bucket that all shards take from. Any
 * thread may call any method; none waits, and there is no lock.
 *
 * <p>The bucket is one word, the time at which it will be full again (the generic cell rate
 * algorithm, ITU-T I.371 A.1): a token moves that on by one interval, and there is one as long as
 * it lies no further ahead than the burst allows. So nothing refills it, and a token can be
 * <em>reserved</em> before it is there: those that reserve have theirs in the order in which they
 * did, each wakes once, and none of them has to try again.
 */
public final class Budget {
  private final String name;
  private final Budget within;
  private final AtomicLong full;
  private volatile Rate rate;
  private final LongAdder waits = new LongAdder();
  private final LongAdder waitedNanos = new LongAdder();

  /**
   * A full one.
   *
   * @param name what messages call it
   * @param within a larger one, of which each of its tokens takes one, too; null for none
   * @param nowNanos the time, by the scheduler's ticker
   * @throws IllegalArgumentException if {@code within} lies within another one
   */
  public Budget(String name, Rate rate, Budget within, long nowNanos) {
    this.name = Objects.requireNonNull(name, "name");
    this.rate = Objects.requireNonNull(rate, "rate");
    if (within != null && within.within != null) {
      throw new IllegalArgumentException(
          name
              + ": within "
              + within
              + ", which is within "
              + within.within
              + "; expected the top");
    }
    this.within = within;
    this.full = new AtomicLong(nowNanos);
  }

  /** Goes by another rate from now on; as many tokens as were taken are still to come back. */
  public void change(Rate other, long nowNanos) {
    Rate before = rate;
    rate = Objects.requireNonNull(other, "other");
    full.updateAndGet(seen -> rescaled(seen, before, other, nowNanos));
  }

  /** When a bucket is full that goes by another rate. */
  static long rescaled(long fullNanos, Rate before, Rate after, long nowNanos) {
    double tokens = (double) Math.max(0, fullNanos - nowNanos) / before.intervalNanos();
    return nowNanos + (long) (tokens * after.intervalNanos());
  }

  public Rate rate() {
    return rate;
  }

  /** The larger one that it is within, or null. */
  public Budget within() {
    return within;
  }

  /** How many exchanges had to wait for a token of it, or of the one that it is within. */
  public long waits() {
    return waits.sum();
  }

  /** How long all of those waited that have their token. */
  public long waitedNanos() {
    return waitedNanos.sum();
  }

  void waits(long nanos) {
    waits.increment();
    waitedNanos.add(nanos);
  }

  /** Takes a token if one is there. */
  boolean take(long nowNanos) {
    for (; ; ) {
      Rate by = rate;
      long seen = full.get();
      long from = later(seen, nowNanos);
      if (from - nowNanos > by.toleranceNanos()) {
        return false;
      }
      if (full.compareAndSet(seen, from + by.intervalNanos())) {
        return true;
      }
    }
  }

  /** Takes a token that may not be there yet; returns when it is. */
  long reserve(long nowNanos) {
    for (; ; ) {
      Rate by = rate;
      long seen = full.get();
      long from = later(seen, nowNanos);
      if (full.compareAndSet(seen, from + by.intervalNanos())) {
        return later(from - by.toleranceNanos(), nowNanos);
      }
    }
  }

  /** Gives back a token that was of no use. */
  void giveBack() {
    full.addAndGet(-rate.intervalNanos());
  }

  /** How long until a token is there, if none other takes it; 0 if one is. */
  long waitNanos(long nowNanos) {
    return waitNanos(nowNanos, 0);
  }

  /** How long until one is there after so many others were taken. */
  long waitNanos(long nowNanos, long others) {
    Rate by = rate;
    long ahead = Math.max(0, full.get() - nowNanos);
    return Math.max(0, ahead + others * by.intervalNanos() - by.toleranceNanos());
  }

  /** By difference, as a ticker may wrap around. */
  private static long later(long one, long other) {
    return one - other >= 0 ? one : other;
  }

  @Override
  public String toString() {
    return name;
  }
}
