package org.aeiou.closures.exchange;

import java.util.List;
import org.aeiou.closures.Failure;

/**
 * One question to a system and its answer, as a back end sees it.
 *
 * @param <K> what is asked for
 * @param <V> the type of a reading's value
 */
public interface Exchange<K, V> {

  /** One thing asked for: a key, and where its previous exchange left off. */
  record Item<K>(K key, Object continuation) {}

  /** What is asked for, in order; at least one, all of one {@link Exchanger#kind}. */
  List<Item<K>> items();

  /** How long the scheduler will wait for the answer, in nanoseconds from the start. */
  long timeoutNanos();

  /**
   * How many more exchanges with the system could be under way beside this one, with nothing else
   * that waits for them: what an item in parts may use.
   */
  default int room() {
    return 0;
  }

  /**
   * Whether a requester waits for any of it that is not in the background. Called by the thread
   * that owns the system, in {@link Exchanger#start}.
   */
  default boolean isInteractive() {
    return true;
  }

  /**
   * Until when requests wait for it, by the scheduler's ticker: the latest of their deadlines;
   * {@link Long#MAX_VALUE} if one has none. Called by the thread that owns the system, in {@link
   * Exchanger#start}.
   */
  default long deadlineNanos() {
    return Long.MAX_VALUE;
  }

  /** Which attempt this is for the item that was tried most often, from 1. */
  int attempt();

  /**
   * Why no message of it may leave any more; null if one may. To be looked at right before each
   * message, as time may have passed since the start; it makes an {@link Answer.NotAsked}. Any
   * thread may call it; never blocks.
   */
  default Failure<V> refusal() {
    return null;
  }

  /**
   * Hands over the answer. Any thread may call it, at any time; never blocks, never throws. The
   * first call counts; a later one is counted as a duplicate and dropped. A call after the time-out
   * is a late answer: it updates the cache and is counted, and ends no request a second time.
   *
   * @return whether it is the first, and will be taken
   */
  boolean answer(Answer<V> answer);

  /**
   * Says that the system answered something that is not the answer yet: it has to be asked once
   * more. That is a sign of life, and the time-out begins anew. Any thread may call it, at any
   * time; never blocks, never throws.
   */
  default void answeredInPart() {}
}
