package org.aeiou.daemon.cluster.owner;

import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.cache.Slot;

/**
 * Which members want to know what is answered to a question: those that asked it lately, each until
 * the answer is of no use there any more. It lives and dies with the question's slot, so that what
 * bounds the cache bounds it, and it is of one size: of the two that are interested for longest it
 * is known which they are, of all others until when.
 */
final class Interest implements Dependent {
  private final Slot slot;
  private final SystemChanges system;

  // All of it is guarded by this. Times are by the ticker.
  private Asker first;
  private Asker second;
  private long firstUntil;
  private long secondUntil;
  private long othersUntil;

  /** How many requests of them wait for an answer: they get what comes with their reply. */
  private int firstWaits;

  private int secondWaits;

  private Interest(Slot slot, SystemChanges system) {
    this.slot = slot;
    this.system = system;
    this.othersUntil = system.now();
  }

  /** That in a question. */
  static Interest in(Slot slot, SystemChanges system) {
    Interest known = slot.noted(Interest.class);
    if (known == null) {
      slot.note(new Interest(slot, system));
      known = slot.noted(Interest.class); // another thread may have been faster
    }
    return known;
  }

  /** A member asks, and waits for the answer if it {@code waits}. */
  synchronized void asked(Asker asker, long untilNanos, boolean waits) {
    if (asker == first) {
      firstUntil = later(firstUntil, untilNanos);
    } else if (asker == second) {
      secondUntil = later(secondUntil, untilNanos);
    } else {
      enter(asker, untilNanos);
    }
    if (waits && asker == first) {
      firstWaits++;
    } else if (waits && asker == second) {
      secondWaits++;
    }
  }

  /** Takes a place, or that of the member whose interest is over first, if that waits not. */
  private void enter(Asker asker, long untilNanos) {
    boolean isFirstOver = secondWaits > 0 || firstUntil - secondUntil < 0;
    if (first == null
        || (second != null && isFirstOver && yields(firstWaits, firstUntil, untilNanos))) {
      othersUntil = first == null ? othersUntil : later(othersUntil, firstUntil);
      first = asker;
      firstUntil = untilNanos;
    } else if (second == null || (!isFirstOver && yields(secondWaits, secondUntil, untilNanos))) {
      othersUntil = second == null ? othersUntil : later(othersUntil, secondUntil);
      second = asker;
      secondUntil = untilNanos;
    } else {
      othersUntil = later(othersUntil, untilNanos);
    }
  }

  private static boolean yields(int waits, long untilNanos, long otherNanos) {
    return waits == 0 && untilNanos - otherNanos < 0;
  }

  /** A request of a member that waited has its outcome. */
  synchronized void answered(Asker asker) {
    if (asker == first) {
      firstWaits = Math.max(0, firstWaits - 1);
    } else if (asker == second) {
      secondWaits = Math.max(0, secondWaits - 1);
    }
  }

  private static long later(long one, long other) {
    return one - other < 0 ? other : one;
  }

  /** Whether a member is interested that does not wait for the answer. */
  private synchronized boolean isWanted(long nowNanos) {
    return othersUntil - nowNanos > 0
        || (first != null && firstWaits == 0 && firstUntil - nowNanos > 0)
        || (second != null && secondWaits == 0 && secondUntil - nowNanos > 0);
  }

  /**
   * The cache has taken in an outcome. By the thread that owns the system.
   *
   * @param isOther whether it is another than before
   */
  void took(Outcome<Value> outcome, boolean isOther) {
    if (outcome != null && isWanted(system.now())) {
      system.took(slot.question(), outcome, isOther);
    }
  }

  /** The outcome that is held is a newer one of the same value. */
  void confirmed() {
    took(slot.outcome(), false);
  }

  /** A question has one. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Interest that && slot.equals(that.slot);
  }

  @Override
  public int hashCode() {
    return slot.hashCode();
  }
}
