package org.aeiou.daemon.cache;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.rate.Rates;

/**
 * What one system answered lately, by question.
 *
 * <p>Reading is a look-up in a {@link ConcurrentHashMap}: no lock, no allocation. What no request
 * can use any more goes at the next {@link #sweep}.
 *
 * <p>One idea: every change of a slot, by an answer, a doubt or age, is made here, as each must
 * keep its order against the others that may cross it.
 */
public final class ReadingCache {
  private final ConcurrentHashMap<Question, Slot> slots = new ConcurrentHashMap<>();
  private final Rates rates = new Rates();
  private final Ticker ticker;
  private final CacheListener listener;
  private final CacheBound bound;

  /** See {@link #sinceMillis}. Only ever later; benign race, as its exact value matters little. */
  private volatile long sinceMillis;

  /** See {@link #oldestNanos}. */
  private volatile long oldestNanos = Slot.NEVER;

  /**
   * An empty cache.
   *
   * @param bound what it shares with the caches of other systems
   * @param sinceMillis now, in milliseconds since the epoch
   */
  public ReadingCache(Ticker ticker, CacheListener listener, CacheBound bound, long sinceMillis) {
    this.ticker = ticker;
    this.listener = listener;
    this.bound = bound;
    this.sinceMillis = sinceMillis;
  }

  /** One in which every first reading is a change. */
  public ReadingCache(Ticker ticker, CacheListener listener, CacheBound bound) {
    this(ticker, listener, bound, Long.MAX_VALUE);
  }

  /**
   * When what is not known may have changed last: since the cache is there, or has forgotten
   * something. It is shown as the time of change of a file before its first reading and after it,
   * so that reading alone changes nothing. After something was forgotten it is another one, since
   * what is read then may be another value.
   */
  public long sinceMillis() {
    return sinceMillis;
  }

  /** Tells the dependents of a slot that nothing is known of it any more. */
  void tellForgotten(Slot slot) {
    for (Dependent dependent : slot.dependents()) {
      listener.forgotten(dependent);
    }
  }

  private void forgotten(Slot slot) {
    Outcome<Value> held = slot.before();
    if (held != null) {
      long taken =
          held instanceof Reading<Value> reading
              ? reading.takenMillis()
              : ((Absent<Value>) held).takenMillis();
      sinceMillis = Math.max(sinceMillis, taken + 1);
    }
  }

  /** The slot of a question, or null if it was not asked. */
  public Slot find(Question question) {
    return slots.get(question);
  }

  /**
   * The slot of a question that is about to be asked; its outcomes are kept for as long as they are
   * of use. It stays at least until {@link Slot#answered}, which the caller owes it.
   */
  public Slot open(Question question, Freshness freshness) {
    return open(question, freshness, find(question));
  }

  /**
   * As {@link #open(Question, Freshness)}, for a caller that has looked for the slot.
   *
   * @param known what it found, or null
   */
  public Slot open(Question question, Freshness freshness, Slot known) {
    long keepNanos = freshness.ttlNanos() + freshness.graceNanos();
    if (question instanceof Question.Sample) {
      keepNanos = Math.max(keepNanos, Rates.KEPT_NANOS);
    }
    Slot slot =
        known != null && known.isIn(this) && known.asked(keepNanos)
            ? known
            : open(question, keepNanos);
    slot.fresh(freshness.ttlNanos());
    return slot;
  }

  private Slot open(Question question, long keepNanos) {
    Slot slot =
        slots.compute(
            question,
            (asked, known) -> {
              if (known != null && known.asked(keepNanos)) {
                return known;
              }
              Slot made = new Slot(this, asked, ticker.read(), keepNanos);
              made.asked(keepNanos);
              return made;
            });
    if (!slot.isBounded()) {
      // Not in there: the bound may take other slots out of this map.
      bound.added(slot);
    }
    return slot;
  }

  /** Takes a slot out, for the bound. */
  void evict(Question question, Slot slot) {
    if (slots.remove(question, slot)) {
      forgotten(slot);
    }
  }

  /** Gives back what all of it counts for; the cache is not used any more. */
  public void close() {
    slots
        .values()
        .forEach(
            slot -> {
              slot.close();
              bound.removed(slot);
            });
    slots.clear();
  }

  /**
   * Takes in an outcome of a fetch. Called by the thread that owns the system.
   *
   * @return the outcome, with the time of change filled in
   */
  public Outcome<Value> accept(Question question, Outcome<Value> outcome) {
    return accept(question, null, outcome);
  }

  /**
   * As {@link #accept(Question, Outcome)}.
   *
   * @param opened the slot that was opened for the request; null if that is not known
   */
  public Outcome<Value> accept(Question question, Slot opened, Outcome<Value> outcome) {
    Slot slot = slot(question, opened);
    return slot == null ? outcome : take(question, slot, outcome, false);
  }

  private Slot slot(Question question, Slot opened) {
    return opened != null && opened.isIn(this) ? opened : slots.get(question);
  }

  /**
   * Takes in an outcome.
   *
   * @param isRestored whether it is one that another process knew; null is returned if it is not
   *     taken in then
   */
  private Outcome<Value> take(
      Question question, Slot slot, Outcome<Value> arrived, boolean isRestored) {
    if (arrived instanceof Failure<Value>) {
      return arrived;
    }
    Outcome<Value> before;
    Outcome<Value> after;
    // Against what is said to be wrong by another thread at the same time.
    synchronized (slot) {
      if (isRestored ? !slot.isOlder(Slot.takenNanos(arrived)) : slot.takeOvertaken()) {
        return isRestored ? null : arrived;
      }
      before = slot.before();
      if (question instanceof Question.Sample sample) {
        Outcome<Value> derived = rates.of(sample, before, arrived);
        if (isMissing(derived)) {
          hold(slot, derived);
          return derived;
        }
        after = slot.accept(derived, isSame(before, derived));
      } else {
        after = slot.accept(before == null ? since(arrived) : arrived);
      }
      // What was asked for after it was taken may want a later one.
      slot.acceptedAt(isRestored ? Slot.takenNanos(after) : ticker.read());
    }
    bound.resized(slot, Weight.of(after));
    if (!isSame(before, after)) {
      if (question instanceof Question.Walk walk && before != null) {
        forgetMoved(new MovedRows(walk, before, after));
      }
      for (Dependent dependent : slot.dependents()) {
        listener.changed(dependent, question, before, after);
      }
    } else {
      for (Dependent dependent : slot.dependents()) {
        listener.confirmed(dependent);
      }
    }
    return after;
  }

  /** Keeps what is no number yet for the next answer, and serves nothing meanwhile. */
  private void hold(Slot slot, Outcome<Value> derived) {
    boolean isServed = slot.outcome() != null;
    slot.hold(derived);
    bound.resized(slot, Weight.of(derived));
    if (isServed) {
      tellForgotten(slot);
    }
  }

  private static boolean isMissing(Outcome<Value> outcome) {
    Derived derived = Derived.of(outcome);
    return derived != null && derived.missing() != null;
  }

  /** Keeps in a profile how often the system renews its counters. Before anything is asked. */
  public void learnIn(AgentProfile profile) {
    rates.learnIn(profile);
  }

  /** A first reading, of what was there before as far as is known. */
  private Outcome<Value> since(Outcome<Value> first) {
    return first instanceof Reading<Value> reading && reading.changedMillis() > sinceMillis
        ? new Reading<>(reading.value(), reading.takenNanos(), reading.takenMillis(), sinceMillis)
        : first;
  }

  /** What was read of rows that are at another index now would be taken for news. */
  private void forgetMoved(MovedRows moved) {
    slots.forEach(
        (question, slot) -> {
          if (moved.concern(question)) {
            slot.disprove();
            tellForgotten(slot);
          }
        });
  }

  private static boolean isSame(Outcome<Value> before, Outcome<Value> after) {
    Derived number = Derived.of(after);
    if (number != null) {
      Derived known = Derived.of(before);
      return known != null && number.isSameAs(known);
    }
    if (before instanceof Reading<Value> was && after instanceof Reading<Value> is) {
      return was.value().equals(is.value());
    }
    return before instanceof Absent && after instanceof Absent;
  }

  /**
   * Takes in an answer that came after its fetch had ended. It may be older than what a later fetch
   * brought, so that it is kept only if nothing was answered since it may have been asked. Called
   * by the thread that owns the system.
   *
   * @param patienceNanos how long ago it may have been asked, at the most
   */
  public void acceptLate(Question question, Outcome<Value> outcome, long patienceNanos) {
    Slot slot = slots.get(question);
    if (slot == null || question instanceof Question.Sample) {
      // Of a counter it matters when it was taken, which the time of arrival does not say.
      return;
    }
    Outcome<Value> held = slot.outcome();
    if (held == null && slot.before() != null) {
      return; // asked before what was held was said to be wrong
    }
    if (held == null || ticker.read() - Slot.takenNanos(held) > patienceNanos) {
      take(question, slot, outcome, false);
    }
  }

  /**
   * Takes in what another process knows of the system, if that is younger than what is known here;
   * it stays as old as it is. Called by the thread that owns the system.
   *
   * @param keepNanos how long it is of use after it was taken
   * @return whether it was taken in, and can be of use
   */
  public boolean restore(Question question, Outcome<Value> outcome, long keepNanos) {
    if (ticker.read() - Slot.takenNanos(outcome) > keepNanos) {
      return false;
    }
    Slot known = find(question);
    Slot slot = known;
    if (known == null || !known.askAgain()) {
      slot = open(question, keepNanos);
      slot.unused(); // whether it will be here is not known: what was used goes later
    }
    // An outcome that was not taken in is not returned.
    boolean isTaken = take(question, slot, outcome, true) != null;
    slot.answered();
    return isTaken;
  }

  /** Looks at what is of use, each with how long it is, in nanoseconds, after it was taken. */
  public void eachOfUse(Visitor visitor) {
    long now = ticker.read();
    slots.forEach(
        (question, slot) -> {
          // Of a counter also what is no number yet: the next answer goes on from there.
          Outcome<Value> held =
              question instanceof Question.Sample ? slot.before() : slot.outcome();
          if (held != null && now - Slot.takenNanos(held) <= slot.keepNanos()) {
            visitor.visit(question, held, slot.keepNanos());
          }
        });
  }

  /** Looks at outcomes. */
  @FunctionalInterface
  public interface Visitor {
    void visit(Question question, Outcome<Value> outcome, long keepNanos);
  }

  /**
   * The outcome of a question, if it came in since then; else null. Called by the thread that owns
   * the system.
   */
  public Outcome<Value> since(Question question, long nanos) {
    return since(question, null, nanos);
  }

  /**
   * As {@link #since(Question, long)}.
   *
   * @param opened the slot that was opened for the request; null if that is not known
   */
  public Outcome<Value> since(Question question, Slot opened, long nanos) {
    Slot slot = slot(question, opened);
    Outcome<Value> held = slot == null ? null : slot.outcome();
    return held == null || slot.acceptedNanos() - nanos < 0 ? null : held;
  }

  /** What is held of a question takes more than when it came in: it was written as text. */
  public void grown(Question question) {
    Slot slot = slots.get(question);
    Outcome<Value> held = slot == null ? null : slot.outcome();
    if (held != null) {
      bound.resized(slot, Weight.of(held));
    }
  }

  /** Remembers why the last fetch failed. */
  public void failed(Question question, Failure<Value> failure) {
    Slot slot = slots.get(question);
    if (slot != null) {
      slot.failed(failure);
    }
  }

  /**
   * Serves the answer to a question no more, so that it is asked again. Any thread: an outcome that
   * arrives at the same time may be thrown away with it, and is asked for once more.
   */
  public void invalidate(Question question) {
    Slot slot = slots.get(question);
    if (slot != null) {
      slot.disprove();
      tellForgotten(slot);
    }
  }

  /**
   * Serves no more what may be another answer now that something was set. Any thread; looks at all
   * that there is.
   */
  public void written(Question.Set set) {
    slots.forEach(
        (question, slot) -> {
          if (slot.outcome() != null && set.concerns(question)) {
            slot.disprove();
            for (Dependent dependent : slot.dependents()) {
              listener.doubted(dependent);
            }
          }
        });
  }

  /**
   * Serves no more what may have changed in the system, nor what was asked of it before now and is
   * answered later: such an answer is the outcome of those that asked, and is not kept. Any thread.
   *
   * @param which the questions of which the answer may have changed
   * @param then what is done with each that was answered or is being asked
   */
  public void overtake(Predicate<Question> which, BiConsumer<Question, Slot> then) {
    slots.forEach(
        (question, slot) -> {
          if (which.test(question) && (slot.before() != null || slot.isUnderWay())) {
            slot.overtake();
            tellForgotten(slot);
            then.accept(question, slot);
          }
        });
  }

  /** Drops what is past its use. Any thread, now and then. */
  public void sweep() {
    long now = ticker.read();
    List<Slot> gone = new ArrayList<>();
    long[] oldest = {Slot.NEVER};
    slots.forEach(
        (question, slot) -> {
          if (slot.isUseless(now)) {
            // Once more where no other thread changes it: it may be about to be asked again.
            slots.computeIfPresent(
                question, (asked, it) -> it.isUseless(now) && it.retire() ? null : it);
            if (slots.get(question) != slot) {
              bound.removed(slot);
              forgotten(slot);
              gone.add(slot);
              return;
            }
          }
          Outcome<Value> outcome = slot.outcome();
          if (outcome != null) {
            long taken = Slot.takenNanos(outcome);
            oldest[0] = oldest[0] == Slot.NEVER || taken - oldest[0] < 0 ? taken : oldest[0];
          }
        });
    oldestNanos = oldest[0];
    // Once all of it is gone: what is shown of what is not known changes with each.
    gone.forEach(this::tellForgotten);
  }

  /**
   * When the oldest outcome was taken, of those that the last {@link #sweep} left; {@link
   * Slot#NEVER} if there was none. Any thread.
   */
  public long oldestNanos() {
    return oldestNanos;
  }

  /** How many questions have an answer; looks at all of them. */
  public int answered() {
    int answered = 0;
    for (Slot slot : slots.values()) {
      answered += slot.outcome() == null ? 0 : 1;
    }
    return answered;
  }

  /** How many questions have a slot. */
  public int size() {
    return slots.size();
  }
}
