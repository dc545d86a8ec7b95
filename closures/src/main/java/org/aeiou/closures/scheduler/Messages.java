package org.aeiou.closures.scheduler;

import java.util.List;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.learning.LearnedLimits;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.Timer;

/**
 * The messages of one exchange: the one that asks, and those that repeat it because its answer is
 * overdue. When that is, and what their loss tells, is for {@link LearnedLimits}. Used by the owner
 * of the system only.
 */
final class Messages {
  /** How often a message is repeated at the most, each time after twice as long. */
  private static final int MOST_REPEATS = 4;

  /** The system that they go to. */
  interface Destination {
    Shard shard();

    LearnedLimits learned();

    /** A message of so many items leaves; returns what {@link LearnedLimits#sent} does. */
    int leaves(int size, long nowNanos);

    /** Another message of an exchange left, which counts as the first did. */
    void askedOnceMore();

    /** Whether more would be sent if more were allowed. */
    boolean isMoreWanted();

    /** Whether what is taken for lost is sent once more. */
    boolean repeatsMessages();

    /** How long the system must be left alone; none if not more than zero. */
    long gapNanos(long nowNanos);

    /** These limits were learned anew; none if the list is empty. */
    void limitsChanged(List<LimitChange> changes);

    /** The system answered what was asked then. */
    void heard(long startNanos);
  }

  /** The exchange that they are of. */
  abstract static class Asking extends Timer {
    abstract int size();

    abstract long timeoutNanos();

    abstract boolean isInFlight();

    abstract boolean isRepeatable();

    /** Sends its message once more; returns whether it was sent. */
    abstract boolean repeat();
  }

  private final Destination queue;
  private final Asking exchange;

  /** Whether what is asked travels alone, which takes a system longer. */
  private final boolean isAlone;

  /** When the first was sent, or the exchange answered in part since then. */
  private long startNanos;

  /** When the last was sent. */
  private long sentNanos;

  /** What the learned limits know the last one by, and the one before that. */
  private int load;

  private int loadBefore;

  /** How often it was repeated since {@link #startNanos}. */
  private int repeats;

  /** Whether the last one is taken for lost. */
  private boolean lost;

  Messages(Destination queue, Asking exchange, boolean isAlone, long startNanos) {
    this.queue = queue;
    this.exchange = exchange;
    this.isAlone = isAlone;
    this.startNanos = startNanos;
  }

  /** The first one leaves. */
  void first(long nowNanos) {
    leaves(nowNanos);
  }

  private void leaves(long nowNanos) {
    sentNanos = nowNanos;
    loadBefore = load;
    load = queue.leaves(exchange.size(), nowNanos);
    lost = false;
  }

  /** The exchange was answered in part, and asks once more. */
  void beginAnew() {
    startNanos = queue.shard().now();
    repeats = 0;
    leaves(startNanos);
    await(startNanos);
  }

  /** Waits for the answer to a message that left at this time. */
  void await(long nowNanos) {
    long wait = queue.learned().waitNanos(isAlone, exchange.timeoutNanos());
    queue.shard().wheel().add(exchange, Math.min(nowNanos + wait, end()));
  }

  private long end() {
    return startNanos + exchange.timeoutNanos();
  }

  /** Whether the time-out of the exchange has not passed. */
  boolean mayStillBeAnswered() {
    return queue.shard().now() - end() < 0;
  }

  /** Whether the system is likely to be busy with it. */
  boolean isLikelyAtWork(long nowNanos) {
    return exchange.isInFlight()
        && !lost
        && nowNanos - sentNanos < queue.learned().busyNanos(isAlone);
  }

  /** There should have been an answer: the message is sent once more, if that is allowed. */
  void overdue() {
    takeForLost();
    if (repeats == MOST_REPEATS || !exchange.isRepeatable() || !queue.repeatsMessages()) {
      queue.shard().wheel().add(exchange, end());
      return;
    }
    long now = queue.shard().now();
    long gap = queue.gapNanos(now);
    if (gap > 0) {
      queue.shard().wheel().add(exchange, Math.min(now + gap, end()));
    } else if (exchange.repeat()) {
      repeats++;
      queue.shard().counters().count(SchedulerCounter.REPEATED);
      queue.learned().sentAgain(isAlone);
      queue.askedOnceMore();
      leaves(now);
      await(now);
    } else {
      repeats = MOST_REPEATS;
      queue.shard().wheel().add(exchange, end());
    }
  }

  void takeForLost() {
    if (!lost) {
      lost = true;
      if (queue.learned().isKnown(isAlone)) {
        queue.shard().counters().count(SchedulerCounter.PRESUMED_LOST);
        queue.limitsChanged(queue.learned().lost(load, queue.shard().now()));
      }
    }
  }

  /** The system answered. What that tells of its pace depends on which message it answered. */
  void answered() {
    long now = queue.shard().now();
    LearnedLimits learned = queue.learned();
    if (repeats == 0) {
      learned.roundTrip(isAlone, now - startNanos);
    }
    if (lost) {
      learned.foundAgain(load);
      queue.shard().counters().count(SchedulerCounter.FOUND_AGAIN);
    } else {
      boolean isTooSoon = repeats > 0 && now - sentNanos < learned.roundTripNanos() / 2;
      if (isTooSoon) {
        // An answer to the message before.
        learned.foundAgain(loadBefore);
        queue.shard().counters().count(SchedulerCounter.FOUND_AGAIN);
      }
      queue.limitsChanged(learned.answered(load, now, queue.isMoreWanted()));
    }
    lost = false;
    queue.heard(startNanos);
  }
}
