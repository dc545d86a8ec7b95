package org.aeiou.closures.scheduler.pace;

import java.util.function.Consumer;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.shard.OwnedSystem;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.aeiou.closures.shard.Timer;
import org.aeiou.closures.shard.User;

/**
 * When the next exchange with one system may start: after its least interval, as its own {@link
 * Rate} allows, and with a token of the {@link Budget} that it shares with others. Used by the
 * owner of the system only.
 */
public final class Pace extends Timer {
  private final Shard shard;
  private final OwnedSystem system;
  private final BudgetLines lines;
  private long configuredGapNanos;

  /** That, or what was learned if it is more. */
  private long minGapNanos;

  /** Null if it has none of its own. */
  private Rate rate;

  /** When its own bucket is full again; see {@link Budget}. */
  private long fullNanos;

  private boolean startedBefore;
  private long lastStartNanos;

  /** Where it waits for a token; null if it shares none. */
  private BudgetLine line;

  private boolean hasToken;

  /** Whose turn the token is for; null for whichever is next. */
  private Turn granted;

  private boolean waits;
  private long waitsSinceNanos;
  private long waited;
  private long waitedNanos;

  /** Goes by these limits, and shares no budget. */
  public Pace(Shard shard, BudgetLines lines, OwnedSystem system, Limits limits) {
    this.shard = shard;
    this.lines = lines;
    this.system = system;
    this.fullNanos = shard.now();
    limits(limits);
  }

  /** Goes by other limits from now on. */
  public void limits(Limits limits) {
    configuredGapNanos = limits.minInterval().toNanos();
    minGapNanos = Math.max(minGapNanos, configuredGapNanos);
    if (rate != null && limits.rate() != null) {
      fullNanos = Budget.rescaled(fullNanos, rate, limits.rate(), shard.now());
    }
    rate = limits.rate();
  }

  /** Goes by this least interval, if it is more than the configured one. */
  public void gap(long learnedNanos) {
    minGapNanos = Math.max(configuredGapNanos, learnedNanos);
  }

  /** Shares that budget from now on; null for none. */
  public void share(Budget budget) {
    giveBackToken();
    BudgetLine before = line;
    line = lines.enter(budget);
    lines.leave(before);
  }

  /** Where it waits for tokens; null if it shares none. */
  public BudgetLine line() {
    return line;
  }

  /** Whether nothing but the system's answers limits how fast it is asked. */
  public boolean isFree() {
    return line == null && rate == null && minGapNanos == 0;
  }

  /** Whether it has been granted a token that is not used yet. */
  public boolean hasToken() {
    return hasToken;
  }

  /** Whose turn the token is for; null for whichever is next. */
  public Turn granted() {
    return granted;
  }

  /**
   * Whether an exchange may start now, with a token taken for it. If not, the system is touched, or
   * made ready, when that may have changed.
   *
   * @param lineUp adds all that waits to the line, each of them once
   */
  public boolean mayStart(long nowNanos, Consumer<BudgetLine> lineUp) {
    long wait = ownWaitNanos(nowNanos);
    if (wait > 0) {
      lookAgain(nowNanos + wait);
      if (rateWaitNanos(nowNanos) > 0) {
        beginWaiting(nowNanos);
      }
      return false;
    }
    if (line == null || hasToken) {
      return true;
    }
    if (line.take(nowNanos)) {
      hasToken = true;
      return true;
    }
    beginWaiting(nowNanos);
    lineUp.accept(line);
    line.serve(nowNanos);
    return hasToken;
  }

  /** Looks whether an exchange may start at that time, if nothing has been scheduled before. */
  public void lookAgain(long atNanos) {
    if (!isScheduled()) {
      shard.wheel().add(this, atNanos);
    }
  }

  /** Has a token, for that turn. */
  public void grant(Turn turn) {
    hasToken = true;
    granted = turn;
  }

  /** Gives back a token that it has no use for, if it has one. */
  public void giveBackToken() {
    if (hasToken) {
      hasToken = false;
      granted = null;
      line.giveBack();
    }
  }

  /** Nothing waits to be sent any more. */
  public void idle() {
    giveBackToken();
    waits = false;
  }

  /** The system is taken out. */
  public void stop() {
    idle();
    shard.wheel().remove(this);
    lines.leave(line);
    line = null;
  }

  /** An exchange starts. */
  public void started(long nowNanos) {
    startedBefore = true;
    lastStartNanos = nowNanos;
    hasToken = false;
    granted = null;
    takeOwn(nowNanos);
    if (waits) {
      waits = false;
      long nanos = nowNanos - waitsSinceNanos;
      waited++;
      waitedNanos += nanos;
      shard.counters().count(SchedulerCounter.BUDGET_WAITS);
      shard.counters().budgetWaits.add(nanos / 1000);
      if (line != null) {
        line.budget().waits(nanos);
      }
    }
  }

  /** An exchange that is under way asked once more: that counts as another one. */
  public void askedOnceMore(long nowNanos) {
    lastStartNanos = nowNanos;
    takeOwn(nowNanos);
    if (line != null) {
      line.spend(nowNanos);
    }
  }

  private void takeOwn(long nowNanos) {
    if (rate != null) {
      fullNanos = Math.max(0, fullNanos - nowNanos) + nowNanos + rate.intervalNanos();
    }
  }

  /** How long the system itself must not be asked; 0 or less if it may. */
  public long ownWaitNanos(long nowNanos) {
    long gap = startedBefore ? lastStartNanos + minGapNanos - nowNanos : 0;
    return rate == null ? gap : Math.max(gap, rateWaitNanos(nowNanos));
  }

  private long rateWaitNanos(long nowNanos) {
    return rate == null ? 0 : fullNanos - nowNanos - rate.toleranceNanos();
  }

  /**
   * How long a request has to wait before it is sent, as things are.
   *
   * @param ahead how many exchanges start before it for the same requester
   */
  public long waitNanos(long nowNanos, int ahead, User user, boolean interactive) {
    long gap = startedBefore ? lastStartNanos + minGapNanos - nowNanos : 0;
    long own = Math.max(0, gap) + ahead * minGapNanos;
    if (rate != null) {
      long full = Math.max(0, fullNanos - nowNanos);
      own = Math.max(own, full + ahead * rate.intervalNanos() - rate.toleranceNanos());
    }
    return line == null ? own : Math.max(own, line.waitNanos(nowNanos, ahead, user, interactive));
  }

  /** What a person is shown of it; null if it neither has a rate nor shares a budget. */
  public Health.Pace shown() {
    return rate == null && line == null
        ? null
        : new Health.Pace(
            rate,
            line == null ? null : line.budget().toString(),
            line == null ? null : line.budget().rate(),
            waits,
            waited,
            waitedNanos);
  }

  private void beginWaiting(long nowNanos) {
    if (!waits) {
      waits = true;
      waitsSinceNanos = nowNanos;
    }
  }

  @Override
  protected void fire() {
    shard.touch(system);
  }
}
