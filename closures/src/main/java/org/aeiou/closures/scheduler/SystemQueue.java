package org.aeiou.closures.scheduler;

import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.pace.Budget;

/**
 * One system's place in the {@link CompletionScheduler}: its queue, its limits, its exchanges in
 * flight.
 *
 * @param <K> what is asked for; has value equality
 * @param <V> the type of a reading's value
 */
public interface SystemQueue<K, V> {

  /**
   * Submits a miss. Never blocks. The closure is always delayed: it runs on the thread that owns
   * this system, exactly once, at the outcome or at the deadline.
   *
   * @param key what is wanted; joins the fetch for an equal key that is queued or in flight
   * @param priority what goes first
   * @param deadlineNanos by when there must be an outcome, by the scheduler's ticker; {@link
   *     Long#MAX_VALUE} if the attempts of the fetch are bound enough
   * @param burst the burst this request belongs to: it is sent off when the burst ends. It says
   *     whose request it is
   * @return the pending request; or null if the bound on pending requests is reached, or the
   *     scheduler is closed, and then the closure never runs
   * @throws IllegalArgumentException if the burst is one of another scheduler
   */
  <C> Request submit(
      K key,
      Priority priority,
      long deadlineNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context);

  /**
   * Whether {@link #submit(Object, Priority, long, RequesterBurst, Closure, Object) submit} would
   * take a request now: what it would not need not be made. Another thread may be faster. A refusal
   * is counted as one.
   */
  boolean hasRoom(Requester requester);

  /**
   * As {@link #submit(Object, Priority, long, RequesterBurst, Closure, Object) submit}, for a
   * caller that looked into a cache before.
   *
   * @param askedNanos when the caller began to look, by the scheduler's ticker: what comes in after
   *     that is an outcome of this request, too
   */
  <C> Request submit(
      K key,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context);

  /**
   * As {@link #submit(Object, Priority, long, long, RequesterBurst, Closure, Object) submit}, for a
   * caller that knows where the outcome will be kept.
   *
   * @param place handed to step 1 with the key
   */
  default <C> Request submit(
      K key,
      Object place,
      Priority priority,
      long deadlineNanos,
      long askedNanos,
      RequesterBurst burst,
      Closure<V, C> closure,
      C context) {
    return submit(key, priority, deadlineNanos, askedNanos, burst, closure, context);
  }

  /**
   * Takes in what came without having been asked for: a value that the system, or a poller in front
   * of it, sent of its own accord. Any thread; never blocks.
   *
   * <p>On the thread that owns this system it takes step 1 as an answer does. Requests that asked
   * before it was taken have it as their outcome, also if an exchange about the key is in flight,
   * whose answer is then taken in for the cache; younger requests wait on. What is older than
   * something that came in meanwhile is dropped. It is no sign of life: the breaker and the round
   * trip are about exchanges.
   *
   * @param outcome a reading or an absence, with the time it was taken by the scheduler's ticker
   * @return false, and counted, if too many are on their way, or the scheduler is closed; then it
   *     is dropped
   * @throws IllegalArgumentException for a failure: nothing was asked that could fail
   */
  boolean deliver(K key, Outcome<V> outcome);

  /**
   * Runs a short task on the thread that owns this system, in turn with the requests of users. Any
   * thread; never blocks.
   *
   * @return false if the scheduler is closed; then it does not run
   */
  default boolean run(Runnable task) {
    task.run();
    return true;
  }

  /**
   * Asks the system in another way from now on. What is pending stays so, what is in flight is
   * answered as it was asked, and what was learned of the system is kept. Returns at once.
   */
  void change(Limits limits, Exchanger<K, V> exchanger);

  /**
   * Shares a budget with other systems from now on: each exchange takes one token of it. Returns at
   * once.
   *
   * @param budget one of the same scheduler; null for none
   */
  void share(Budget budget);

  /**
   * Takes this for what was learned of the system, as in an earlier life of the daemon. Returns at
   * once.
   *
   * @param known {@link Learned#NOTHING} forgets what was learned
   * @param then runs once {@link #health} tells of it, maybe on the thread that owns the system: it
   *     must not block. Not at all if the scheduler is closed before.
   */
  void learn(Learned known, Runnable then);

  /** As {@link #learn(Learned, Runnable)}, where nothing depends on when it is done. */
  default void learn(Learned known) {
    learn(known, () -> {});
  }

  /** A snapshot of what is known of this system's health; any thread. */
  Health health();

  /** What was done about this system so far; any thread. */
  default SystemCounts counts() {
    return SystemCounts.NONE;
  }

  /**
   * Takes the system out: pending requests end in {@link
   * org.aeiou.closures.Failure.Reason#STOPPED}, later ones too. Returns at once.
   */
  void close();
}
