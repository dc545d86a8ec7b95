package org.aeiou.daemon.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Value;

/**
 * The place of one question in the cache.
 *
 * <p>Written by the thread that owns the system, read by any: outcomes are immutable, so that the
 * volatile reference to one publishes all of it.
 */
public final class Slot {
  private static final VarHandle REFRESHING;

  static {
    try {
      REFRESHING = MethodHandles.lookup().findVarHandle(Slot.class, "refreshing", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final Dependent[] NONE = {};

  /** For how long an answer may be under way: as long as the longest walk. */
  private static final long UNDER_WAY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private volatile Outcome<Value> outcome;

  /** What was held when it was said to be wrong: what comes next is compared with it. */
  private volatile Outcome<Value> disproved;

  /** Written under this slot's monitor; read by any thread. */
  private volatile Dependent[] dependents = NONE;

  private volatile Failure<Value> failure;
  private volatile boolean refreshing;

  /**
   * How long an outcome is of use to whoever asked last; benign race: any asker's answer will do.
   */
  private volatile long keepNanos;

  /** When it was last about to be asked; benign race: any asker's time will do. */
  private volatile long askedNanos;

  /** When the outcome came in: later than it was taken. Only the owner of the system uses it. */
  private long acceptedNanos;

  Slot(long keepNanos) {
    this.keepNanos = keepNanos;
  }

  /** The last reading or absence, or null if there was none yet. Never a failure. */
  public Outcome<Value> outcome() {
    return outcome;
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

  void asked(long nowNanos, long nanosToKeep) {
    askedNanos = nowNanos;
    if (keepNanos != nanosToKeep) {
      keepNanos = nanosToKeep;
    }
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
    Outcome<Value> next =
        arrived instanceof Reading<Value> reading ? reading.after(before()) : arrived;
    outcome = next;
    disproved = null;
    failure = null;
    return next;
  }

  /** Serves what is held to nobody any more. */
  void disprove() {
    disproved = before();
    outcome = null;
  }

  /** Whether nobody can use what is held; an answer that may be under way is to find its slot. */
  boolean isUseless(long nowNanos) {
    if (refreshing || nowNanos - askedNanos <= UNDER_WAY_NANOS) {
      return false;
    }
    Outcome<Value> held = before();
    return held == null || nowNanos - takenNanos(held) > keepNanos;
  }

  /** When a reading or an absence was taken. */
  public static long takenNanos(Outcome<?> outcome) {
    return outcome instanceof Reading<?> reading
        ? reading.takenNanos()
        : ((Absent<?>) outcome).takenNanos();
  }
}
