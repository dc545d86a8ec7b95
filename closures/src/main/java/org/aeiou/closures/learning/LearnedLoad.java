package org.aeiou.closures.learning;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.exchange.Limits;

/**
 * How many exchanges may be under way with one system, and how far apart they start, as learned
 * from what gets lost.
 *
 * <p>An agent that drops what is asked while it is busy, or faster than it likes, and a line that
 * loses packets look the same. They differ in what becomes of it when less is asked: so when
 * several were lost under load, a {@link Trial} with half as many at once, or as far apart as
 * answers have come, finds that out. A line that loses when little is asked too is known for what
 * it is beforehand. After a trial that was of no use there is none for a while, each time longer.
 *
 * <p>It is long because what counts losses and what tries less decide together: neither is right
 * without what the other saw.
 */
final class LearnedLoad {
  /** So many of the exchanges under load must be lost before it is worth a trial. */
  private static final double LEAST_LOST = 5;

  /** From fewer it is not known how far apart answers come. */
  private static final double LEAST_ANSWERS = 2;

  private static final double LEAST_RATE = 0.08;

  /** Further apart a person notices; an agent that is slower than that is slow in its answers. */
  private static final long LONGEST_GAP = 1_000_000_000L;

  /** What starts sooner than this after another may be too fast for an agent. */
  private static final long SOON = 1_000_000_000L;

  /** What is gained by a shorter one is nothing. */
  private static final long SHORTEST_GAP = 2_000_000L;

  /** If no more than so much is lost of what was before, it is worth more of the same. */
  private static final double HELPS = 0.6;

  private static final int MOST_STEPS = 3;

  private static final long FIRST_PAUSE = 15_000_000_000L;
  private static final long LONGEST_PAUSE = 6 * 3600 * 1_000_000_000L;

  /** As an exchange was when it was sent: beside another, soon after another, or neither. */
  static final int BESIDE = 1;

  static final int SOON_AFTER = 2;

  /** In bits above: the number of the trial that was on. */
  static final int TRIAL_SHIFT = 2;

  private static final List<LimitChange> UNCHANGED = List.of();

  private int configuredInFlight;
  private long configuredGap;

  /** Learned; 0: as configured. */
  private int inFlight;

  private long gap;
  private final Trust inFlightTrust = new Trust();
  private final Trust gapTrust = new Trust();

  private final Losses beside = new Losses();
  private final Losses soon = new Losses();
  private final Losses calm = new Losses();

  private Trial trial;
  private int trials;

  /** What is gone back to if the trial is of no use. */
  private int inFlightBefore;

  private long gapBefore;
  private int steps;

  private long nextTrialNanos;
  private long pauseNanos;
  private boolean wasTried;

  /** For how long answers came while more was wanted, and how many. */
  private double busyNanos;

  private double busyAnswers;
  private boolean busy;
  private long lastAnswerNanos;

  private long lastStartNanos;
  private boolean startedBefore;

  LearnedLoad(Limits limits) {
    configured(limits);
  }

  void configured(Limits limits) {
    configuredInFlight = limits.maxInFlight();
    configuredGap = limits.minInterval().toNanos();
  }

  int inFlight() {
    return inFlight(inFlight);
  }

  private int inFlight(int learned) {
    return learned == 0 ? configuredInFlight : Math.min(learned, configuredInFlight);
  }

  long gapNanos() {
    return Math.max(gap, configuredGap);
  }

  boolean isTrial() {
    return trial != null;
  }

  /** Null if nothing was learned; what is only being tried was not. */
  Learned.Bound learnedInFlight() {
    int learned = trial == null ? inFlight : inFlightBefore;
    return learned == 0 || learned >= configuredInFlight
        ? null
        : new Learned.Bound(learned, inFlightTrust.duration());
  }

  Learned.Bound learnedGap() {
    long learned = trial == null ? gap : gapBefore;
    return learned <= configuredGap ? null : new Learned.Bound(learned, gapTrust.duration());
  }

  void restore(Learned.Bound fewer, Learned.Bound further, long nowNanos) {
    trial = null;
    trials++;
    inFlight = fewer == null ? 0 : (int) Math.max(1, Math.min(fewer.value(), Integer.MAX_VALUE));
    gap = further == null ? 0 : Math.max(0, Math.min(further.value(), LONGEST_GAP));
    inFlightTrust.reset();
    gapTrust.reset();
    if (fewer != null) {
      inFlightTrust.restore(fewer.trusted(), nowNanos);
    }
    if (further != null) {
      gapTrust.restore(further.trusted(), nowNanos);
    }
    forgetLosses();
    pauseNanos = 0;
    wasTried = false;
  }

  /**
   * An exchange, or one that got lost, is sent.
   *
   * @param isBeside whether the system is likely to be busy with another
   * @param isMoreWanted whether more would be sent if more were allowed
   * @return what is to be given back with what becomes of it
   */
  int sent(long nowNanos, boolean isBeside, boolean isMoreWanted) {
    if (isMoreWanted && trial == null) {
      raise(nowNanos);
    }
    int load = isBeside ? BESIDE : 0;
    if (startedBefore && nowNanos - lastStartNanos < SOON) {
      load |= SOON_AFTER;
    }
    startedBefore = true;
    lastStartNanos = nowNanos;
    return load | trials << TRIAL_SHIFT;
  }

  /**
   * It was answered.
   *
   * @param isMoreWanted as of {@link #sent}
   * @return what changed
   */
  List<LimitChange> answered(int load, long nowNanos, boolean isMoreWanted) {
    if (busy) {
      busyNanos += Math.min(nowNanos - lastAnswerNanos, LONGEST_GAP);
      if (++busyAnswers > 64) {
        busyNanos /= 2;
        busyAnswers /= 2;
      }
    }
    busy = isMoreWanted;
    lastAnswerNanos = nowNanos;
    if (trial == null) {
      sort(load).answered();
      return UNCHANGED;
    }
    if (isOfTrial(load)) {
      trial.answered();
    }
    return judge(nowNanos);
  }

  /** It is taken for lost. Returns what changed. */
  List<LimitChange> lost(int load, long nowNanos) {
    if (trial == null) {
      sort(load).lost();
      lower(nowNanos);
      return UNCHANGED;
    }
    if (isOfTrial(load)) {
      trial.lost();
    }
    return judge(nowNanos);
  }

  /** What was taken for lost was only late. */
  void foundAgain(int load) {
    if (trial == null) {
      sort(load).foundAgain();
    } else if (isOfTrial(load)) {
      trial.foundAgain();
    }
  }

  private boolean isOfTrial(int load) {
    return load >> TRIAL_SHIFT == trials;
  }

  private Losses sort(int load) {
    return (load & BESIDE) != 0 ? beside : (load & SOON_AFTER) != 0 ? soon : calm;
  }

  /** Begins to ask less, if that may be of use. */
  private void lower(long nowNanos) {
    if (wasTried && nowNanos - nextTrialNanos < 0) {
      return;
    }
    if (isWorthATrial(beside) && inFlight() > 1) {
      begin(Trial.Kind.FEWER, beside.rate());
      inFlight = Math.max(1, inFlight() / 2);
    } else if (isWorthATrial(soon) && busyAnswers >= LEAST_ANSWERS) {
      long apart = (long) (busyNanos / busyAnswers);
      if (apart < LONGEST_GAP) {
        begin(Trial.Kind.SLOWER, soon.rate());
        gap = slower(apart);
      }
    }
  }

  /** Whether what is lost is more than what is lost of the exchanges that came alone. */
  private boolean isWorthATrial(Losses losses) {
    boolean isLineLossy = calm.count() >= 2 && calm.rate() * 2 >= losses.rate();
    return losses.count() >= LEAST_LOST && losses.rate() >= LEAST_RATE && !isLineLossy;
  }

  /** Begins to ask more, where a limit was kept to for long enough and is in the way. */
  private void raise(long nowNanos) {
    if (inFlight > 0 && inFlight < configuredInFlight && inFlightTrust.isOver(nowNanos)) {
      begin(Trial.Kind.MORE, 0);
      inFlight = inFlight + 1 >= configuredInFlight ? 0 : inFlight + 1;
    } else if (gap > configuredGap && gapTrust.isOver(nowNanos)) {
      begin(Trial.Kind.FASTER, 0);
      gap -= gap / 4;
    }
  }

  private void begin(Trial.Kind kind, double rate) {
    inFlightBefore = inFlight;
    gapBefore = gap;
    steps = 0;
    trial = new Trial(kind, rate);
    trials++;
  }

  private List<LimitChange> judge(long nowNanos) {
    Trial done = trial;
    Trial.Verdict verdict = done.verdict();
    if (verdict == Trial.Verdict.OPEN) {
      return UNCHANGED;
    }
    boolean isGood = verdict == Trial.Verdict.GOOD;
    if (!isGood && goesOn(done)) {
      return UNCHANGED;
    }
    boolean isFewer = inFlight != inFlightBefore;
    boolean isSlower = gap != gapBefore;
    trial = null;
    trials++;
    forgetLosses();
    if (!isGood) {
      inFlight = inFlightBefore;
      gap = gapBefore;
    }
    return switch (done.kind) {
      case FEWER, SLOWER -> lowered(isGood, isFewer, isSlower, nowNanos);
      case MORE, FASTER -> raised(done.kind, isGood, nowNanos);
    };
  }

  /** Tries what comes next if this was not enough: one at once, then further and further apart. */
  private boolean goesOn(Trial bad) {
    if (bad.kind == Trial.Kind.FEWER && inFlight > 1) {
      inFlight = 1;
      again(Trial.Kind.FEWER, bad);
      return true;
    }
    boolean isFirst = bad.kind == Trial.Kind.FEWER;
    boolean isSlower = bad.kind == Trial.Kind.SLOWER;
    boolean isKnown = busyAnswers >= LEAST_ANSWERS && busyNanos / busyAnswers < LONGEST_GAP;
    boolean helps = isSlower && bad.improvement() < HELPS && ++steps < MOST_STEPS;
    if (!(isFirst && isKnown) && !helps) {
      return false;
    }
    gap = isSlower ? Math.min(LONGEST_GAP, 2 * gap) : slower((long) (busyNanos / busyAnswers));
    again(Trial.Kind.SLOWER, bad);
    return true;
  }

  private void again(Trial.Kind kind, Trial before) {
    trial = new Trial(kind, before.rate);
    trials++;
  }

  /** A little further apart than answers came, and clearly further than before. */
  private long slower(long apart) {
    return Math.min(LONGEST_GAP, Math.max(apart + apart / 8, gapNanos() + gapNanos() / 2));
  }

  private List<LimitChange> lowered(
      boolean isGood, boolean isFewer, boolean isSlower, long nowNanos) {
    wasTried = !isGood;
    if (!isGood) {
      pauseNanos = Math.min(LONGEST_PAUSE, pauseNanos == 0 ? FIRST_PAUSE : 2 * pauseNanos);
      nextTrialNanos = nowNanos + pauseNanos;
      return UNCHANGED;
    }
    pauseNanos = 0;
    if (isFewer) {
      inFlightTrust.begin(nowNanos);
    }
    if (isSlower) {
      // How far apart answers came is a rough guess: it is looked at once whether less will do.
      gapTrust.reset();
    }
    return changes("it drops what it is asked too fast");
  }

  private List<LimitChange> raised(Trial.Kind kind, boolean isGood, long nowNanos) {
    Trust trust = kind == Trial.Kind.MORE ? inFlightTrust : gapTrust;
    if (!isGood) {
      trust.grow(nowNanos);
      return UNCHANGED;
    }
    if (kind == Trial.Kind.FASTER && gap < SHORTEST_GAP) {
      gap = 0;
    }
    return changes("it takes more than it did");
  }

  /** What the trial that is over has changed. */
  private List<LimitChange> changes(String why) {
    List<LimitChange> changes = new ArrayList<>(2);
    int fewer = inFlight(inFlightBefore);
    if (inFlight() != fewer) {
      changes.add(new LimitChange(LimitChange.Kind.IN_FLIGHT, fewer, inFlight(), why));
    }
    long before = Math.max(configuredGap, gapBefore);
    if (gapNanos() != before) {
      changes.add(new LimitChange(LimitChange.Kind.GAP, before, gapNanos(), why));
    }
    return changes;
  }

  private void forgetLosses() {
    beside.clear();
    soon.clear();
    calm.clear();
    busyNanos = 0;
    busyAnswers = 0;
    busy = false;
  }
}
