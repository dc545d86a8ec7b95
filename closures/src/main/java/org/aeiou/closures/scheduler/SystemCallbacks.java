package org.aeiou.closures.scheduler;

import java.util.List;
import java.util.function.Supplier;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.shard.Shard;

/**
 * What the scheduler calls of others about one system: its back end, and step 1. What they throw is
 * logged and counted, and goes no further. Used by the owner of the system only.
 */
final class SystemCallbacks<K, V> {
  private final Shard shard;
  private final String system;
  private final CompletionHandler<K, V> stepOne;
  private Exchanger<K, V> exchanger;

  SystemCallbacks(
      Shard shard, String system, Exchanger<K, V> exchanger, CompletionHandler<K, V> stepOne) {
    this.shard = shard;
    this.system = system;
    this.exchanger = exchanger;
    this.stepOne = stepOne;
  }

  /** Calls another back end from now on. */
  void change(Exchanger<K, V> newExchanger) {
    exchanger = newExchanger;
  }

  /** What is called now. */
  Exchanger<K, V> exchanger() {
    return exchanger;
  }

  /** As {@link Exchanger#kind}, with what it throws. */
  Object kind(K key) {
    return exchanger.kind(key);
  }

  /** As {@link Exchanger#isRepeatable}, with what it throws. */
  boolean isRepeatable(K key) {
    return exchanger.isRepeatable(key);
  }

  /** As {@link Exchanger#concerns}; true if that is not known. */
  boolean concerns(K write, K key) {
    return call("the back end's concerns", true, () -> exchanger.concerns(write, key));
  }

  /** As {@link CompletionHandler#since}, with what it throws. */
  Outcome<V> since(K key, Object place, long askedNanos) {
    return stepOne.since(key, place, askedNanos);
  }

  /** Whether something came in for a key after what was taken then. */
  boolean isOvertaken(K key, long takenNanos) {
    return call("step 1's since", null, () -> stepOne.since(key, takenNanos + 1)) != null;
  }

  /** Starts an exchange; one that cannot be started is answered so. */
  void start(Exchange<K, V> exchange, Failures failures) {
    try {
      exchanger.start(exchange);
    } catch (RuntimeException e) {
      shard.callbackFailed(system, "the back end's start", e);
      exchange.answer(new Answer.Failed<>(failures.notAsked(e), false));
    }
  }

  /** Step 1: what the requesters get for an outcome that came from the system. */
  Outcome<V> arrived(K key, Object place, Outcome<V> outcome, boolean late) {
    try {
      Outcome<V> given = stepOne.arrived(key, place, outcome, late);
      return given == null ? outcome : given;
    } catch (RuntimeException e) {
      shard.callbackFailed(system, "step 1", e);
      return outcome;
    }
  }

  /** As {@link #arrived(Object, Object, Outcome, boolean)}, of what one asked for. */
  Outcome<V> arrived(Fetch<K, V> fetch, Outcome<V> outcome, boolean late) {
    return arrived(fetch.key, fetch.keeping, outcome, late);
  }

  void stoppedAnswering(Failure<V> why) {
    call("being told that it stopped answering", () -> stepOne.stoppedAnswering(why));
  }

  void answersAgain() {
    call("being told that it answers again", stepOne::answersAgain);
  }

  /** Sends the message of an exchange once more; returns whether it was sent. */
  boolean repeat(Exchange<K, V> exchange) {
    return call("the back end's repeat", false, () -> exchanger.repeat(exchange));
  }

  /** What was learned in an earlier life of the daemon. */
  Learned known() {
    return call("being asked what is known", Learned.NOTHING, stepOne::known);
  }

  /** A limit was learned anew. */
  void limitChanged(LimitChange change) {
    call("being told of a limit", () -> stepOne.limitChanged(change));
  }

  /** Whether the system is asked is another now. */
  void breakerChanged(Health.BreakerState from, Health.BreakerState to, long openNanos) {
    call("being told of the breaker", () -> stepOne.breakerChanged(from, to, openNanos));
  }

  /** What the back end has to say to the system's silence, or null. */
  String silence() {
    return call("the back end's silence", null, exchanger::silence);
  }

  /** The same, to what was asked for. */
  String silence(K key) {
    return call("the back end's silence", null, () -> exchanger.silence(key));
  }

  /** An answer is out of the mail. */
  void taken(Exchange<K, V> exchange) {
    call("the back end's taken", () -> exchanger.taken(exchange));
  }

  /** No request waits any more for what an exchange asks. */
  void abandoned(Exchange<K, V> exchange) {
    call("the back end's abandoned", () -> exchanger.abandoned(exchange));
  }

  /** A key that had a continuation is fetched no more. */
  void ended(K key) {
    call("the back end's ended", () -> exchanger.ended(key));
  }

  /** What becomes of a key whose parts have ended; null if the back end does not know. */
  Answer.Item<V> joined(K key, List<Object> found) {
    return call("the back end's joined", null, () -> exchanger.joined(key, found));
  }

  List<String> progress() {
    return call("the back end's progress", List.of(), exchanger::progress);
  }

  List<String> notes() {
    return call("the back end's notes", List.of(), exchanger::notes);
  }

  /** What another room has to do on this thread. */
  void run(Runnable task) {
    call("a task", task);
  }

  private void call(String what, Runnable callback) {
    try {
      callback.run();
    } catch (RuntimeException e) {
      shard.callbackFailed(system, what, e);
    }
  }

  private <T> T call(String what, T otherwise, Supplier<T> callback) {
    try {
      return callback.get();
    } catch (RuntimeException e) {
      shard.callbackFailed(system, what, e);
      return otherwise;
    }
  }
}
