package org.aeiou.closures.scheduler;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.scheduler.pace.Backoff;

/**
 * Decides whether a system that stopped answering is asked at all.
 *
 * <pre>
 *   CLOSED ──(so many exchanges in a row unanswered)──▶ OPEN ──(period over, a request comes)──▶ HALF_OPEN
 *     ▲                                                  ▲                                          │
 *     │                                                  └──────(its one exchange unanswered)───────┤
 *     └──────────────────────────────(any answer, also a late one)──────────────────────────────────┘
 * </pre>
 *
 * Used by the owner of the system only.
 */
final class Breaker {
  private final String system;
  private final int threshold;
  private final Backoff periods;
  private final RandomGenerator random;
  private final InstantSource clock;

  private final Listener listener;

  private Health.BreakerState state = Health.BreakerState.CLOSED;
  private int unanswered;
  private int openings;
  private long openUntilNanos;
  private Instant silentSince;
  private long silentNanos;
  private String message;

  /** What requests end in that waited while it opened. */
  private Reason silent = Reason.TIMEOUT;

  /** Is told of each change. */
  interface Listener {
    /** Its period, if it opened, is {@code openNanos}; else that is 0. */
    void changed(Health.BreakerState from, Health.BreakerState to, long openNanos);
  }

  Breaker(
      String system,
      int threshold,
      Backoff periods,
      RandomGenerator random,
      InstantSource clock,
      Listener listener) {
    this.system = system;
    this.threshold = threshold;
    this.periods = periods;
    this.random = random;
    this.clock = clock;
    this.listener = listener;
  }

  Health.BreakerState state() {
    return state;
  }

  /** Whether an exchange was not answered since one was. */
  boolean isInDoubt() {
    return unanswered > 0;
  }

  /** Since when no exchange was answered, unless it is closed. */
  long silentNanos() {
    return silentNanos;
  }

  /** When it lets a request through, if it is open. */
  long openUntilNanos() {
    return openUntilNanos;
  }

  /** Whether a request that comes now fails at once. Ends the open period when its time is over. */
  boolean refuses(long nowNanos) {
    if (state == Health.BreakerState.OPEN && nowNanos - openUntilNanos >= 0) {
      become(Health.BreakerState.HALF_OPEN, 0);
    }
    return state == Health.BreakerState.OPEN;
  }

  /**
   * An exchange was not answered. Returns whether that opened the breaker.
   *
   * @param why what the exchange ends in
   * @param hint what the back end has to say to the silence, or null
   */
  boolean unanswered(long nowNanos, Failure<?> why, String hint) {
    if (unanswered++ == 0) {
      silentSince = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      silentNanos = nowNanos;
    }
    boolean opens =
        switch (state) {
          case CLOSED -> unanswered >= threshold;
          case HALF_OPEN -> true;
          case OPEN -> false; // an exchange from before: it proves nothing new
        };
    if (opens) {
      open(nowNanos, why, hint);
    }
    return opens;
  }

  /** All attempts of a fetch failed, which is proof enough. Returns whether that opened it. */
  boolean givenUp(long nowNanos, Failure<?> why, String hint) {
    boolean opens = state == Health.BreakerState.CLOSED && unanswered > 0;
    if (opens) {
      open(nowNanos, why, hint);
    }
    return opens;
  }

  private void open(long nowNanos, Failure<?> why, String hint) {
    long period = periods.nanosAfter(++openings, random);
    // Requests that waited for the first time found out by waiting; later it was known before.
    silent = openings == 1 ? why.reason() : Reason.UNREACHABLE;
    openUntilNanos = nowNanos + period;
    Instant next = clock.instant().plusNanos(period).truncatedTo(ChronoUnit.SECONDS);
    message =
        Failures.and(
            "%s has not answered since %s (%d exchanges); the next request after %s asks it again"
                .formatted(system, silentSince, unanswered, next),
            why.reason() == Reason.TIMEOUT ? hint : why.message());
    become(Health.BreakerState.OPEN, period);
  }

  private void become(Health.BreakerState next, long openNanos) {
    Health.BreakerState before = state;
    state = next;
    if (before != next) {
      listener.changed(before, next, openNanos);
    }
  }

  /** The system answered something. */
  void answered() {
    unanswered = 0;
    openings = 0;
    message = null;
    become(Health.BreakerState.CLOSED, 0);
  }

  /** What a request ends in that comes while the breaker is open. */
  <V> Failure<V> unreachable() {
    return new Failure<>(Reason.UNREACHABLE, message);
  }

  /** What a request ends in that was waiting when the breaker opened. */
  <V> Failure<V> silent() {
    return new Failure<>(silent, message);
  }
}
