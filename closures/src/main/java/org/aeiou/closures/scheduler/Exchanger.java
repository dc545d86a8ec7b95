package org.aeiou.closures.scheduler;

/**
 * What the scheduler asks one system through; implemented by a back end. One question, one answer,
 * never blocking.
 *
 * @param <K> what is asked for; has value equality
 * @param <V> the type of a reading's value
 */
public interface Exchanger<K, V> {

  /**
   * Whether {@code key} may travel in the same exchange as others of the same kind. Keys of
   * different kinds never share an exchange.
   *
   * @return any object with value equality that names the kind, or null if the key always travels
   *     alone
   */
  Object kind(K key);

  /**
   * Sends one question. Called by the thread that owns the system; must return at once, and must
   * not throw.
   *
   * <p>The answer goes to {@link Exchange#answer}, from any thread, possibly before this call
   * returns, possibly long after the scheduler gave up on it. An exchange that is never answered
   * times out after {@link Exchange#timeoutNanos}; an implementation keeps listening for at least
   * as long again, so that a late answer is not lost.
   */
  void start(Exchange<K, V> exchange);
}
