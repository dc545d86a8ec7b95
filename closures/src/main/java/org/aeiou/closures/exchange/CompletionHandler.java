package org.aeiou.closures.exchange;

import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;

/**
 * Step 1 of every completion, the same for all requesters: what becomes of an answer before any
 * closure runs.
 *
 * @param <K> what was asked for
 * @param <V> the type of a reading's value
 */
@FunctionalInterface
public interface CompletionHandler<K, V> {

  /**
   * Takes in one outcome that came in an {@link Answer}, or unasked. Called by the thread that owns
   * the system, once per fetch (and once more for each answer that comes after that, and for what
   * comes unasked); must not block. Outcomes that the scheduler makes itself (a time-out, a
   * withdrawal, an open breaker) do not come here.
   *
   * @param late whether the fetch had its outcome already
   * @return the outcome that the requesters get; usually the one given
   */
  Outcome<V> arrived(K key, Outcome<V> outcome, boolean late);

  /**
   * What came in for a key since a request asked for it; null if nothing, or if that is not known.
   * It may have come between the asking and the taking in of the request, as part of a burst that
   * took its time: then there is no need to fetch it once more. Called by the thread that owns the
   * system, for requests that find no fetch to join, and for what comes unasked, which may be older
   * than what is there; must not block.
   *
   * @param askedNanos when it asked, by the ticker
   */
  default Outcome<V> since(K key, long askedNanos) {
    return null;
  }

  /**
   * As {@link #arrived(Object, Outcome, boolean)}, with the place that the first request for the
   * key was given with: what its requester knows of the key, so that it need not be looked for.
   *
   * @param place null if none was given
   */
  default Outcome<V> arrived(K key, Object place, Outcome<V> outcome, boolean late) {
    return arrived(key, outcome, late);
  }

  /** As {@link #since(Object, long)}, with the place that the request was given with, or null. */
  default Outcome<V> since(K key, Object place, long askedNanos) {
    return since(key, askedNanos);
  }

  /**
   * The system has stopped answering, and is asked no more for a while. Called once, until {@link
   * #answersAgain}, by the thread that owns the system; must not block.
   *
   * @param why what the last exchange ended in
   */
  default void stoppedAnswering(Failure<V> why) {}

  /**
   * What was learned of the system in an earlier life of the daemon. Called once by the thread that
   * owns it, before it is asked for the first time; must not block.
   */
  default Learned known() {
    return Learned.NOTHING;
  }

  /**
   * How the system may be asked was learned anew. Called by the thread that owns it; must not
   * block.
   */
  default void limitChanged(LimitChange change) {}

  /**
   * Whether the system is asked at all is another now. Called by the thread that owns it; must not
   * block.
   *
   * @param openNanos for how long it is not asked, if it is open now; else 0
   */
  default void breakerChanged(Health.BreakerState from, Health.BreakerState to, long openNanos) {}

  /** The system answers again, after {@link #stoppedAnswering}; called in the same way. */
  default void answersAgain() {}
}
