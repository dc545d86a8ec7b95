package org.aeiou.closures.learning;

import java.util.List;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.exchange.Limits;

/**
 * All that is learned of how one system may be asked.
 *
 * <p>What is asked alone (a step of a walk) takes an agent longer than what travels together, so
 * the two have round trips of their own.
 */
public final class LearnedLimits {
  /** Of a message whose loss would tell nothing of the load. */
  private static final int UNTOLD = -1;

  private final RoundTrip together = new RoundTrip();
  private final RoundTrip alone = new RoundTrip();
  private final BatchLimit batch;
  private final LearnedLoad load;
  private Limits limits;

  /** As it was when it last changed. */
  private long gapBefore;

  private int inFlightBefore = Integer.MAX_VALUE;

  /** Nothing is learned yet. */
  public LearnedLimits(Limits limits) {
    this.batch = new BatchLimit(limits.maxBatch());
    this.load = new LearnedLoad(limits);
    this.limits = limits;
  }

  /** What is configured changes; what was learned is kept as far as it goes. */
  public void configured(Limits next) {
    limits = next;
    batch.most(next.maxBatch());
    load.configured(next);
  }

  public BatchLimit batch() {
    return batch;
  }

  /** How many exchanges may be under way. */
  public int inFlight() {
    return limits.learns() ? load.inFlight() : limits.maxInFlight();
  }

  /** The least time between the starts of two. */
  public long gapNanos() {
    return limits.learns() ? load.gapNanos() : limits.minInterval().toNanos();
  }

  /** Whether it is known when an answer is overdue. */
  public boolean isKnown(boolean isAlone) {
    return limits.learns() && of(isAlone).isKnown();
  }

  /** Smoothed, or -1 before the first answer. */
  public long roundTripNanos() {
    return together.isKnown() ? together.smoothed() : alone.smoothed();
  }

  /**
   * How long to wait for an answer before asking once more.
   *
   * @param isAlone whether what is asked travels alone
   * @param most the time-out
   */
  public long waitNanos(boolean isAlone, long most) {
    return limits.learns() ? of(isAlone).waitNanos(most) : most;
  }

  /** For how long after its sending an exchange is likely to keep the system busy. */
  public long busyNanos(boolean isAlone) {
    RoundTrip roundTrip = of(isAlone);
    return roundTrip.isKnown() ? roundTrip.smoothed() + 4 * roundTrip.variation() : Long.MAX_VALUE;
  }

  /**
   * An exchange is sent, or sent once more.
   *
   * @param size how many items it has
   * @param isBeside whether the system is likely to be busy with another
   * @param isMoreWanted whether more would be sent if more were allowed
   * @return what is to be given back with what becomes of it
   */
  public int sent(long nowNanos, int size, boolean isBeside, boolean isMoreWanted) {
    if (!limits.learns()) {
      return UNTOLD;
    }
    int mark = load.sent(nowNanos, isBeside, isMoreWanted);
    return batch.isSureToFit(size) ? mark : UNTOLD;
  }

  /** A message that was taken for lost is sent once more. */
  public void sentAgain(boolean isAlone) {
    of(isAlone).sentAgain();
  }

  /** An exchange that was sent once was answered after so long. */
  public void roundTrip(boolean isAlone, long nanos) {
    of(isAlone).answered(nanos);
  }

  /**
   * A message was answered in time.
   *
   * @param mark what {@link #sent} gave
   * @param isMoreWanted as of {@link #sent}
   * @return what changed
   */
  public List<LimitChange> answered(int mark, long nowNanos, boolean isMoreWanted) {
    return mark == UNTOLD ? List.of() : changed(load.answered(mark, nowNanos, isMoreWanted));
  }

  /** A message is taken for lost. Returns what changed. */
  public List<LimitChange> lost(int mark, long nowNanos) {
    return mark == UNTOLD ? List.of() : changed(load.lost(mark, nowNanos));
  }

  private List<LimitChange> changed(List<LimitChange> what) {
    if (!what.isEmpty()) {
      if (load.gapNanos() > gapBefore || load.inFlight() < inFlightBefore) {
        batch.reconsider();
      }
      gapBefore = load.gapNanos();
      inFlightBefore = load.inFlight();
    }
    return what;
  }

  /** What was taken for lost was only late. */
  public void foundAgain(int mark) {
    if (mark != UNTOLD) {
      load.foundAgain(mark);
    }
  }

  /** What is learned so far; what is only being tried is not. */
  public Learned snapshot() {
    RoundTrip usual = together.isKnown() ? together : alone;
    return new Learned(
        batch.learned(),
        load.learnedInFlight(),
        load.learnedGap(),
        usual.smoothed(),
        usual.variation());
  }

  /** Takes what was learned in an earlier life; {@link Learned#NOTHING} forgets all. */
  public void restore(Learned learned, long nowNanos) {
    batch.restore(learned.batch(), nowNanos);
    load.restore(learned.inFlight(), learned.gapNanos(), nowNanos);
    together.restore(learned.roundTripNanos(), learned.variationNanos());
    alone.restore(-1, 0);
  }

  private RoundTrip of(boolean isAlone) {
    return isAlone ? alone : together;
  }
}
