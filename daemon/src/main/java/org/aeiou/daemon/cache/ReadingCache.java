package org.aeiou.daemon.cache;

import com.google.common.base.Ticker;
import java.util.concurrent.ConcurrentHashMap;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * What one system answered lately, by question.
 *
 * <p>Reading is a look-up in a {@link ConcurrentHashMap}: no lock, no allocation. What nobody can
 * use any more goes at the next {@link #sweep}.
 */
public final class ReadingCache {
  private final ConcurrentHashMap<Question, Slot> slots = new ConcurrentHashMap<>();
  private final Ticker ticker;

  public ReadingCache(Ticker ticker) {
    this.ticker = ticker;
  }

  /** The slot of a question, or null if nobody has asked it. */
  public Slot find(Question question) {
    return slots.get(question);
  }

  /**
   * The slot of a question that is about to be asked; its outcomes are kept for as long as they are
   * of use.
   */
  public Slot open(Question question, Freshness freshness) {
    long keepNanos = freshness.ttlNanos() + freshness.graceNanos();
    Slot slot = slots.computeIfAbsent(question, asked -> new Slot(keepNanos));
    slot.keepFor(keepNanos);
    return slot;
  }

  /**
   * Takes in an outcome of a fetch. Called by the thread that owns the system.
   *
   * @return the outcome, with the time of change filled in
   */
  public Outcome<Value> accept(Question question, Outcome<Value> outcome) {
    Slot slot = slots.get(question);
    return slot == null ? outcome : slot.accept(outcome);
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
    if (slot == null) {
      return;
    }
    Outcome<Value> held = slot.outcome();
    if (held == null || ticker.read() - Slot.takenNanos(held) > patienceNanos) {
      slot.accept(outcome);
    }
  }

  /** Remembers why the last fetch failed, for whoever asks what is wrong. */
  public void failed(Question question, Failure<Value> failure) {
    Slot slot = slots.get(question);
    if (slot != null) {
      slot.failed(failure);
    }
  }

  /** Forgets what was answered to a question, so that it is asked again. */
  public void invalidate(Question question) {
    slots.remove(question);
  }

  /** Drops what is past its use. Any thread, now and then. */
  public void sweep() {
    long now = ticker.read();
    slots.values().removeIf(slot -> slot.isUseless(now));
  }

  /** How many questions have a slot. */
  public int size() {
    return slots.size();
  }
}
