package org.aeiou.closures.scheduler;

import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.learning.LearnedLimits;
import org.aeiou.closures.scheduler.pace.FastestAnswer;
import org.aeiou.closures.shard.Shard;

/**
 * Whether one system answers, and how: when it was heard last, how soon, and what it bears. It
 * follows how long an answer is waited for, how often what failed is tried again, and whether the
 * system is asked at all. Used by the owner of the system only.
 */
final class SignsOfLife<K, V> {
  private final Shard shard;
  private final SystemCallbacks<K, V> callbacks;
  private final Breaker breaker;
  private final FastestAnswer fastest = new FastestAnswer();
  private final LearnedLimits learned;
  private Limits limits;

  /** Whether what was learned in an earlier life has been taken in. */
  private boolean recalled;

  /** Whether it has ever answered, in this life. */
  private boolean heardOf;

  private long lastAnswerNanos;

  /** Since when it answers, or is there to be asked. */
  private long answersSinceNanos;

  private String lastError;

  SignsOfLife(Shard shard, SystemCallbacks<K, V> callbacks, Breaker breaker, Limits limits) {
    this.shard = shard;
    this.callbacks = callbacks;
    this.breaker = breaker;
    this.limits = limits;
    this.learned = new LearnedLimits(limits);
    this.answersSinceNanos = shard.time();
  }

  // --- what is known, and what follows

  Breaker breaker() {
    return breaker;
  }

  LearnedLimits learned() {
    return learned;
  }

  /** How long an answer takes at least; 0 where that is not known. */
  long fastestNanos(long nowNanos) {
    return fastest.nanos(nowNanos);
  }

  /** How long an exchange may take that starts now. */
  long timeoutNanos() {
    return (isFirst() ? limits.firstTimeout() : limits.timeout()).toNanos();
  }

  /**
   * How often a fetch is tried again. One that no requester waits for is not, unless it is to find
   * out whether the system answers at all: a requester that comes after it asks anew.
   */
  int retries(Fetch<K, V> fetch) {
    if (!fetch.repeatable) {
      return 0;
    }
    return isFirst() ? limits.firstRetries() : fetch.whole.awaited ? limits.retries() : 0;
  }

  /** Whether the system was never heard of, and has less patience for that reason. */
  private boolean isFirst() {
    return !heardOf && limits.firstTimeout() != null;
  }

  /**
   * Whether what was taken for lost is sent once more. A system that let an exchange time out is
   * asked at the pace of its retries until it answers.
   */
  boolean repeatsMessages() {
    return heardOf
        && limits.retries() > 0
        && breaker.state() == Health.BreakerState.CLOSED
        && !breaker.isInDoubt();
  }

  /** What a person is shown of the system, with what its queue knows of it. */
  Health health(int inFlight, int waiting, Health.Pace pace) {
    return new Health(
        breaker.state(),
        breaker.openUntilNanos(),
        breaker.state() == Health.BreakerState.CLOSED ? answersSinceNanos : breaker.silentNanos(),
        heardOf ? learned.roundTripNanos() : -1,
        lastAnswerNanos,
        lastError,
        learned.batch().get(),
        inFlight,
        waiting,
        fastest.shown(shard.now()),
        pace,
        callbacks.progress(),
        callbacks.notes(),
        learned.snapshot());
  }

  // --- how it comes to be known

  /** Goes by other limits from now on; what was learned is kept. */
  void limits(Limits newLimits) {
    limits = newLimits;
    learned.configured(newLimits);
  }

  /** Takes this for what was learned of the system. */
  void learn(Learned known) {
    recalled = true;
    learned.restore(known, shard.now());
  }

  /** Takes in what was learned in an earlier life, before the system is asked in this one. */
  void recall() {
    if (!recalled) {
      recalled = true;
      Learned known = callbacks.known();
      if (!known.equals(Learned.NOTHING)) {
        learned.restore(known, shard.now());
      }
    }
  }

  /** The system answered an exchange that started at {@code startNanos}. */
  void heard(long startNanos) {
    long now = shard.now();
    long sample = now - startNanos;
    boolean wasSilent = breaker.state() != Health.BreakerState.CLOSED;
    if (!heardOf || wasSilent) {
      answersSinceNanos = now;
    }
    heardOf = true;
    shard.counters().roundTrips.add(TimeUnit.NANOSECONDS.toMicros(sample));
    lastAnswerNanos = now;
    fastest.answered(sample, now);
    lastError = null;
    breaker.answered();
    if (wasSilent) {
      callbacks.answersAgain();
    }
  }

  /** What is wrong with the system, until it answers again. */
  void failed(String error) {
    lastError = error;
  }

  /** The system did not answer an exchange. Returns whether that opened the breaker. */
  boolean unheard(Failure<V> why) {
    lastError = why.message();
    boolean answeredBefore = breaker.state() == Health.BreakerState.CLOSED;
    boolean opens = breaker.unanswered(shard.now(), why, callbacks.silence());
    if (opens && answeredBefore) {
      callbacks.stoppedAnswering(why);
    }
    return opens;
  }

  /**
   * All attempts to get an answer out of the system failed. One that was never heard of is now
   * known to be silent: the next requester need not wait to find that out. Returns whether that
   * opened the breaker.
   */
  boolean gaveUp(Failure<V> why) {
    boolean opens =
        limits.firstTimeout() != null
            && !heardOf
            && breaker.givenUp(shard.now(), why, callbacks.silence());
    if (opens) {
      callbacks.stoppedAnswering(why);
    }
    return opens;
  }
}
