package org.aeiou.closures.group;

import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;

/**
 * Where a {@link Group} gets its outcomes: a cache with a scheduler behind it.
 *
 * @param <K> what is asked for
 * @param <V> the type of a reading's value
 */
public interface Source<K, V> {

  /** Begins a burst, for the calling thread. */
  Burst begin();

  /**
   * Withdraws everything that is pending of a burst, as one; any thread.
   *
   * @return false if there is no such thing: each request is to be withdrawn by itself
   */
  default boolean withdraw(Burst burst) {
    return false;
  }

  /** Whether the calling thread may wait for outcomes: not if they come on it. */
  default boolean mayWait() {
    return true;
  }

  /**
   * Submits one request. Never blocks.
   *
   * @param burst what {@link #begin} returned; a miss is sent off when it ends
   * @return {@link Request#IMMEDIATE} if it was a hit and the closure has run inside this call, not
   *     delayed; the pending request if it was a miss, and the closure will run later, delayed;
   *     null if it was refused, and the closure never runs
   */
  <C> Request submit(K key, Burst burst, Closure<V, C> closure, C context);
}
