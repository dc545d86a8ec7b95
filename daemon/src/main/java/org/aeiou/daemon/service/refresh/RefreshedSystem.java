package org.aeiou.daemon.service.refresh;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.endpoint.Endpoint;

/**
 * What of one system is kept fresh. What is due travels in one burst, with all that will be due
 * soon: however much it is, there is one timer. Its monitor is held for a moment, and never while
 * something is submitted.
 */
final class RefreshedSystem {
  private static final double PHASES = 256;

  private final RefreshAhead owner;
  private final ReadingCache cache;

  /** Spreads systems that were read at the same time. */
  private final double phase;

  private volatile Endpoint endpoint;

  // Guarded by this.
  private final List<Interest> all = new ArrayList<>();
  private long wakesAtNanos;

  /** Of the timers only the one set last counts. */
  private int timers;

  private boolean waits;

  private boolean ended;

  RefreshedSystem(RefreshAhead owner, Endpoint endpoint, int number) {
    this.owner = owner;
    this.endpoint = endpoint;
    this.cache = endpoint.cache();
    this.phase = ((number * 0x9E3779B9) >>> 24) / PHASES;
  }

  ReadingCache cache() {
    return cache;
  }

  /**
   * Keeps something fresh from now on; how it is asked may have changed.
   *
   * @param most how many there may be
   * @return whether there is room for it; null if this has ended, and another takes its place
   */
  synchronized Boolean add(Interest interest, Endpoint now, int most, boolean atOnce) {
    if (ended) {
      return null;
    }
    endpoint = now;
    if (!interest.listed) {
      if (all.size() >= most) {
        return false;
      }
      interest.begin(atOnce);
      all.add(interest);
    }
    wakeAt(interest.latestNanos(phase));
    return true;
  }

  /** How many are kept fresh. */
  synchronized int size() {
    return all.size();
  }

  /** Ends all of it. */
  synchronized void end() {
    timers++;
    ended = true;
    all.forEach(interest -> owner.wasted(interest.end()));
    all.clear();
  }

  private void wakeAt(long nanos) {
    if (!waits || nanos - wakesAtNanos < 0) {
      waits = true;
      wakesAtNanos = nanos;
      int number = ++timers;
      owner.after(Math.max(0, nanos - owner.now()), () -> round(number));
    }
  }

  private void round(int number) {
    List<Interest> due;
    synchronized (this) {
      if (number != timers) {
        return;
      }
      waits = false;
      due = due(owner.now());
    }
    ask(due);
  }

  /** Takes out what is of no interest any more, and returns what is to be refreshed now. */
  private List<Interest> due(long now) {
    List<Interest> due = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (Iterator<Interest> those = all.iterator(); those.hasNext(); ) {
      Interest interest = those.next();
      long latest = interest.latestNanos(phase);
      if (latest - interest.earlierNanos() - now > 0) {
        next = Math.min(next, latest - now);
        continue;
      }
      owner.used(interest.look(now));
      if (!interest.isWanted(now) || !interest.slot.isIn(cache)) {
        those.remove();
        owner.wasted(interest.end());
        continue;
      }
      interest.asked(now);
      due.add(interest);
      // Known better when the answer is there.
      next = Math.min(next, Math.max(0, interest.latestNanos(phase) - now));
    }
    if (next != Long.MAX_VALUE) {
      wakeAt(now + next);
    } else {
      ended = true;
      owner.ended(this);
    }
    return due;
  }

  /** A system that does not answer is left to those that read it. */
  private void ask(List<Interest> due) {
    Endpoint by = endpoint;
    if (due.isEmpty() || by.queue().health().breaker() != Health.BreakerState.CLOSED) {
      return;
    }
    RequesterBurst burst = owner.begin();
    for (Interest interest : due) {
      if (!interest.slot.isUnderWay()) {
        owner.asked(by, interest.slot, burst);
      }
    }
    burst.end();
  }
}
