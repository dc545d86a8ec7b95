package org.aeiou.closures.exchange;

import java.util.List;
import org.aeiou.closures.Failure;

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
   * Whether {@code key} may be asked for more than once, and for several requests at a time: true
   * of what only reads. Of a key that may not, each request has an exchange of its own, which is
   * started once, whatever becomes of it: when the time-out passes, what was asked for may have
   * happened.
   */
  default boolean isRepeatable(K key) {
    return true;
  }

  /**
   * Whether what is answered to {@code key} may be another one once {@code write} was done, which
   * is not repeatable. An answer to what was asked before that, and came after it, is not taken: it
   * is asked again. Called by the thread that owns the system; must return at once.
   */
  default boolean concerns(K write, K key) {
    return true;
  }

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

  /**
   * As {@link Exchange#refusal}, of an exchange that this was to start. Called by any thread; must
   * return at once, and must not throw.
   */
  default Failure<V> refusal(Exchange<K, V> exchange) {
    return null;
  }

  /**
   * Sends the question of an exchange once more, as it was sent before: its message is taken for
   * lost. Whichever is answered first is the answer. A system that sees both knows by their id that
   * they are one. Called by the thread that owns the system, while the exchange is under way; must
   * return at once.
   *
   * @return false if there is nothing to be sent: then it is waited for
   */
  default boolean repeat(Exchange<K, V> exchange) {
    return false;
  }

  /**
   * Says that the answer to an exchange was taken by the system's shard: it no longer waits in the
   * mail. Called by the thread that owns the system, once for each exchange that was answered; must
   * return at once.
   */
  default void taken(Exchange<K, V> exchange) {}

  /**
   * Says that no request waits any more for anything that an exchange asks, which was not answered:
   * each was withdrawn, or is past its deadline. It need not be answered any more; one that is not
   * keeps its place among those under way until it times out. Called by the thread that owns the
   * system, once or, if other requests came and went as well, more often; must return at once.
   */
  default void abandoned(Exchange<K, V> exchange) {}

  /**
   * Says that all parts of {@code key} have ended, each in an {@link Answer.Item.PartEnded}. Called
   * by the thread that owns the system; must return at once, and must not throw.
   *
   * @param found what the parts ended in, in their order
   * @return what becomes of the item: its outcome, or where it goes on
   */
  default Answer.Item<V> joined(K key, List<Object> found) {
    throw new IllegalStateException("this back end knows no parts");
  }

  /**
   * Says that nothing is fetched for {@code key} any more: it has its outcome, or no request waits
   * for it. Its last continuation will not come again. Called by the thread that owns the system,
   * for keys that had one; must return at once.
   */
  default void ended(K key) {}

  /**
   * What may be behind a system's silence, as far as the back end knows, to be said after a
   * time-out: {@code a wrong password looks like this}. Called by the thread that owns the system;
   * must return at once.
   *
   * @return null if there is nothing to be said
   */
  default String silence() {
    return null;
  }

  /** As {@link #silence()}, to what was asked for. */
  default String silence(K key) {
    return silence();
  }

  /**
   * What takes more than one exchange and is under way, one sentence each: what it is and how far
   * it has come; for {@link Health}. Called by the thread that owns the system; must return at
   * once.
   */
  default List<String> progress() {
    return List.of();
  }

  /**
   * What the back end has noticed about the system that a person should know, one sentence each;
   * for {@link Health}. Called by the thread that owns the system; must return at once.
   */
  default List<String> notes() {
    return List.of();
  }
}
