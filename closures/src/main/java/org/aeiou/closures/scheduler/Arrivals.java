package org.aeiou.closures.scheduler;

import org.aeiou.closures.Outcome;

/**
 * Step 1 of every completion, the same for all requesters: what becomes of an answer before any
 * closure runs.
 *
 * @param <K> what was asked for
 * @param <V> the type of a reading's value
 */
@FunctionalInterface
public interface Arrivals<K, V> {

  /**
   * Takes in one outcome that came in an {@link Answer}. Called by the thread that owns the system,
   * once per fetch (and once more for each answer that comes after that); must not block. Outcomes
   * that the scheduler makes itself (a time-out, a withdrawal, an open breaker) do not come here.
   *
   * @param late whether the fetch had its outcome already
   * @return the outcome that the requesters get; usually the one given
   */
  Outcome<V> arrived(K key, Outcome<V> outcome, boolean late);
}
