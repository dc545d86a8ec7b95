package org.aeiou.daemon.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * The place of one question in the cache.
 *
 * <p>Written by the thread that owns the system, read by any: outcomes are immutable, so that the
 * volatile reference to one publishes all of it.
 *
 * <p>One object, and so one class: there may be very many, and what is asked, held and kept of one
 * would each take an object's header and a reference more.
 */
public final class Slot {
  private static final VarHandle REFRESHING;
  private static final VarHandle ASKING;
  private static final VarHandle PREFETCH;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      REFRESHING = lookup.findVarHandle(Slot.class, "refreshing", boolean.class);
      ASKING = lookup.findVarHandle(Slot.class, "asking", int.class);
      PREFETCH = lookup.findVarHandle(Slot.class, "prefetch", Prefetch.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What {@link #lateAt} returns at the first time. */
  public static final long NEVER = Long.MIN_VALUE;

  private static final Dependent[] NONE = {};

  /** In {@link #asking}, of a slot that has left its cache, whatever is counted beside. */
  private static final int GONE = Integer.MIN_VALUE / 2;

  private volatile Outcome<Value> outcome;

  /** What was held when it was said to be wrong: what comes next is compared with it. */
  private volatile Outcome<Value> disproved;

  /** Written under this slot's monitor; read by any thread. */
  private volatile Dependent[] dependents = NONE;

  private volatile Failure<Value> failure;
  private volatile boolean refreshing;

  /**
   * How long an outcome is of use to the last request, in milliseconds; benign race: the time of
   * any request will do.
   */
  private volatile int keepMillis;

  /** How old an outcome may be for the last request, in milliseconds; benign race, as above. */
  private volatile int freshMillis;

  /** Whether an outcome is wanted that was taken after it was asked for. */
  private volatile boolean demanded;

  /**
   * How many requests wait for an answer, which is to find its slot: it leaves its cache only when
   * there are none, and after that none comes. That is decided by this one word.
   */
  @SuppressWarnings("unused") // through ASKING
  private volatile int asking;

  /** When the outcome came in: later than it was taken. Only the owner of the system uses it. */
  private long acceptedNanos;

  private final ReadingCache cache;
  private final Question question;

  /** Whether it was used since the bound's hand came by; benign race: a mark may be lost. */
  private boolean used = true;

  /**
   * Whether the answer that is under way was asked for before what is held was said to be wrong,
   * and may be as wrong. Guarded by this.
   */
  private boolean overtaken;

  /** Until when it is read again and again whatever happens; benign race, as above. */
  private volatile long watchedUntilNanos;

  /** When a reader last found nothing fresh; benign race, as above. */
  private long lateNanos = NEVER;

  /** What is known of its readers; null for most. */
  private volatile Object interest;

  /** The reader that this was fetched ahead of; null if there is none, or it came. */
  private volatile Prefetch prefetch;

  // The neighbours in the ring of CacheBound, null while it is in none, and what it counts for
  // there. Guarded by the bound.
  Slot ahead;
  Slot behind;
  int bytes;

  Slot(ReadingCache cache, Question question, long nowNanos, long keepNanos) {
    this.cache = cache;
    this.question = question;
    this.watchedUntilNanos = nowNanos;
    this.keepMillis = millis(keepNanos + 999_999);
  }

  private static int millis(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000);
  }

  /** Says that what it holds was of use: it is evicted later. */
  public void use() {
    if (!used) { // mostly it is marked: reading shares the line, writing does not
      used = true;
    }
  }

  /** Says that it is not known whether it will be of use: it is evicted early. */
  void unused() {
    used = false;
  }

  /** Says that it will be asked again before then: it is evicted last. */
  public void watch(long untilNanos) {
    watchedUntilNanos = untilNanos;
  }

  /**
   * Whether the bound's hand passes it, and takes the mark that it was used.
   *
   * @param rounds how often the hand has gone around without finding one to take out
   */
  boolean isSpared(long nowNanos, long rounds) {
    boolean wasUsed = used;
    used = false;
    boolean watched = watchedUntilNanos - nowNanos > 0;
    // What is under way is bounded as well, by what may be pending.
    return isUnderWay() || (rounds == 0 && wasUsed) || (rounds <= 1 && watched);
  }

  /** Whether the bound knows it; a thread that sees too early a state only asks the bound. */
  boolean isBounded() {
    return bytes != 0;
  }

  /** Leaves its cache. */
  void evict() {
    cache.evict(question, this);
  }

  /** Tells what depends on it that it was evicted; without the bound's lock. */
  void tellEvicted() {
    cache.tellForgotten(this);
  }

  /** The last reading or absence, or null if there was none yet. Never a failure. */
  public Outcome<Value> outcome() {
    return outcome;
  }

  /** What the next outcome is compared with, also if it is not served; null before the first. */
  public Outcome<Value> held() {
    return before();
  }

  /** Why the last fetch failed, or null if it did not. */
  public Failure<Value> failure() {
    return failure;
  }

  /**
   * Notes what depends on the outcome. Costs a comparison if it was noted before; there are as many
   * as there are views of an attribute.
   */
  public void note(Dependent dependent) {
    if (isNoted(dependent)) {
      return;
    }
    synchronized (this) {
      if (!isNoted(dependent)) {
        Dependent[] more = Arrays.copyOf(dependents, dependents.length + 1);
        more[dependents.length] = dependent;
        dependents = more;
      }
    }
  }

  /** What was noted of a kind; null if nothing was. */
  public <D extends Dependent> D noted(Class<D> kind) {
    for (Dependent noted : dependents) {
      if (kind.isInstance(noted)) {
        return kind.cast(noted);
      }
    }
    return null;
  }

  private boolean isNoted(Dependent dependent) {
    for (Dependent noted : dependents) {
      if (noted.equals(dependent)) {
        return true;
      }
    }
    return false;
  }

  Dependent[] dependents() {
    return dependents;
  }

  /**
   * Claims the one refresh that a stale reading gets; true for one caller until {@link #refreshed}.
   */
  public boolean claimRefresh() {
    // Atomic, so that of many readers of a stale reading one asks for the next.
    return !refreshing && REFRESHING.compareAndSet(this, false, true);
  }

  /** Ends a refresh, whatever came of it. */
  public void refreshed() {
    refreshing = false;
  }

  /** Counts one more request; false if it has left its cache. */
  boolean asked(long nanosToKeep) {
    if (!askAgain()) {
      return false;
    }
    int toKeep = millis(nanosToKeep + 999_999);
    if (keepMillis != toKeep) {
      keepMillis = toKeep;
    }
    return true;
  }

  /** The request that was counted last is content with an outcome of this age. */
  void fresh(long nanos) {
    int fresh = millis(nanos);
    if (freshMillis != fresh) {
      freshMillis = fresh;
    }
  }

  /** How old an outcome may be for the last request, in milliseconds; 0 before the first. */
  public int freshMillis() {
    return freshMillis;
  }

  /** How long an outcome is of use to the last request, in milliseconds after it was taken. */
  public int keepMillis() {
    return keepMillis;
  }

  /** Says that an outcome is wanted that is taken from now on, before that is asked for. */
  public void demand() {
    demanded = true;
  }

  /** Whether {@link #demand} said so since {@link #takeDemand}. */
  public boolean isDemanded() {
    return demanded;
  }

  /** Whether {@link #demand} said so; it is met by what is asked after this. */
  public boolean takeDemand() {
    if (!demanded) {
      return false;
    }
    demanded = false;
    return true;
  }

  /** Leaves its cache, unless a request waits; the caller takes it out. */
  boolean retire() {
    return ASKING.compareAndSet(this, 0, GONE);
  }

  /** Leaves its cache, which is closed, whatever waits. */
  void close() {
    ASKING.getAndAdd(this, GONE);
  }

  /** Whether it is a place of this cache, and has not left it. */
  public boolean isIn(ReadingCache of) {
    return cache == of && asking >= 0;
  }

  /** Ends a request that {@link ReadingCache#open} began, whatever came of it. */
  public void answered() {
    ASKING.getAndAdd(this, -1);
  }

  /** A reader finds nothing fresh: when one did so before. */
  public long lateAt(long nowNanos) {
    long before = lateNanos;
    lateNanos = nowNanos;
    return before;
  }

  /** What its reader keeps of it; null at first. */
  public Object interest() {
    return interest;
  }

  /** Keeps that, for as long as it is here. */
  public void interest(Object of) {
    interest = of;
  }

  /** What it is the place of. */
  public Question question() {
    return question;
  }

  /** Whether an answer may be under way. */
  public boolean isUnderWay() {
    return refreshing || asking > 0;
  }

  /** What was fetched before a reader asks for it. Called by any thread; must not wait. */
  public interface Prefetch {
    /** The reader came, and found a usable outcome. */
    void hit();

    /** The reader came, and has to ask. Returns whether the answer is under way. */
    boolean missed();

    /** What was fetched is gone, and no reader came. Must take no lock. */
    void wasted();
  }

  /** Says that what is asked next is asked ahead of a reader; false if that was said before. */
  public boolean prefetch(Prefetch reader) {
    return PREFETCH.compareAndSet(this, null, reader);
  }

  /** Whether it was fetched ahead of a reader that has not come yet. */
  public boolean isPrefetched() {
    return prefetch != null;
  }

  /** A reader finds a usable outcome. Costs a look where nothing was fetched ahead of it. */
  public void hit() {
    Prefetch reader = takePrefetch();
    if (reader != null) {
      reader.hit();
    }
  }

  /** A reader has to ask. Returns whether the answer is under way, as it was asked ahead of it. */
  public boolean missed() {
    Prefetch reader = takePrefetch();
    return reader != null && reader.missed();
  }

  /** Ends what was said by {@link #prefetch}; null if it was ended. */
  public Prefetch takePrefetch() {
    return prefetch == null ? null : (Prefetch) PREFETCH.getAndSet(this, null);
  }

  /** Notes when the outcome came in: after it can be read. */
  void acceptedAt(long nowNanos) {
    acceptedNanos = nowNanos;
  }

  long acceptedNanos() {
    return acceptedNanos;
  }

  void failed(Failure<Value> why) {
    failure = why;
  }

  /** What the next outcome is compared with; null before the first. */
  Outcome<Value> before() {
    Outcome<Value> held = outcome;
    return held != null ? held : disproved;
  }

  /** Takes in an outcome that is no failure; returns it with the time of change filled in. */
  Outcome<Value> accept(Outcome<Value> arrived) {
    return taken(arrived instanceof Reading<Value> reading ? reading.after(before()) : arrived);
  }

  private Outcome<Value> taken(Outcome<Value> next) {
    outcome = next;
    if (disproved != null) { // a store that all threads must see costs more than a look
      disproved = null;
    }
    if (failure != null) {
      failure = null;
    }
    return next;
  }

  /**
   * As {@link #accept(Outcome)}, of an outcome that is worked out from those before.
   *
   * @param isSame whether readers see no difference
   */
  Outcome<Value> accept(Outcome<Value> derived, boolean isSame) {
    if (isSame && before() instanceof Reading<Value> was && derived instanceof Reading<Value> is) {
      return taken(
          new Reading<>(
              is.value(),
              is.takenNanos(),
              is.takenMillis(),
              Math.min(was.changedMillis(), is.takenMillis())));
    }
    return taken(derived);
  }

  /** Keeps an outcome that the next is compared with, and serves nothing. */
  void hold(Outcome<Value> unserved) {
    disproved = unserved;
    outcome = null;
  }

  /** Serves what is held no more. */
  void disprove() {
    disproved = before();
    outcome = null;
  }

  /** The same, and neither what is under way. */
  synchronized void overtake() {
    disprove();
    overtaken = isUnderWay();
  }

  /** Whether an answer that came is one of those that are of no use; the next one is. */
  boolean takeOvertaken() {
    if (!overtaken) {
      return false;
    }
    overtaken = false;
    return true;
  }

  /**
   * Whether what is known was taken before then: nothing that was said to be wrong, which may have
   * been said later. Guarded by this.
   */
  boolean isOlder(long takenNanos) {
    Outcome<Value> held = outcome;
    return held == null ? disproved == null && !overtaken : takenNanos(held) - takenNanos < 0;
  }

  /** How long an outcome is of use after it was taken, to the last request. */
  long keepNanos() {
    return keepMillis * 1_000_000L;
  }

  /** Whether it will be asked again whatever happens. */
  public boolean isWatched(long nowNanos) {
    return watchedUntilNanos - nowNanos > 0;
  }

  /** Counts one more request for what it was asked for before; false if it has left its cache. */
  public boolean askAgain() {
    if ((int) ASKING.getAndAdd(this, 1) < 0) {
      answered();
      return false;
    }
    return true;
  }

  /** Whether what is held is of no use any more. */
  boolean isUseless(long nowNanos) {
    if (isUnderWay()) {
      return false;
    }
    Outcome<Value> held = before();
    return held == null || nowNanos - takenNanos(held) > keepNanos();
  }

  /** When a reading or an absence was taken. */
  public static long takenNanos(Outcome<?> outcome) {
    return outcome instanceof Reading<?> reading
        ? reading.takenNanos()
        : ((Absent<?>) outcome).takenNanos();
  }
}
