package org.aeiou.closures.scheduler;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.shard.SchedulerCounter;

/** What becomes of the items of one answer. Lives for one call; used by the owner of the system. */
final class AnswerHandler<K, V> {
  /** An exchange in which nothing at all went on weighs this much, any other 1. */
  private static final int FRUITLESS_EXCHANGE = 8;

  /** What an item may gather before it is given up: 8 empty exchanges, or 64 of any kind. */
  private static final int MOST_FRUITLESS = 64;

  private final ShardQueue<K, V> queue;
  private final ExchangeInFlight<K, V> exchange;

  AnswerHandler(ShardQueue<K, V> queue, ExchangeInFlight<K, V> exchange) {
    this.queue = queue;
    this.exchange = exchange;
  }

  void items(List<Answer.Item<V>> given, boolean late) {
    int asked = exchange.fetches().size();
    List<Answer.Item<V>> answered =
        queue.isAnyOvertaken(exchange.number()) ? withoutOvertaken(given) : given;
    if (answered.size() != asked) {
      queue.count(SchedulerCounter.BAD_ANSWERS);
      if (!late) {
        Outcome<V> bad =
            queue
                .failures()
                .badAnswer("it answered %d items, expected %d".formatted(answered.size(), asked));
        for (Fetch<K, V> fetch : exchange.fetches()) {
          endIfHeld(fetch, bad);
        }
      }
      return;
    }
    if (!late) {
      queue.learned().batch().answered(asked, queue.shard().now());
      queue.limitsChanged(queue.learned().batch().changes());
    }
    boolean fruitful = false;
    boolean allDone = true;
    for (int i = 0; i < asked; i++) {
      if (answered.get(i) instanceof Answer.Item.Done<V> done) {
        done(i, done.outcome());
        fruitful = true;
      } else {
        allDone = false;
        fruitful |= !(answered.get(i) instanceof Answer.Item.Again<V>);
      }
    }
    if (!late && !allDone) {
      // From the last to the first, because each goes to the front.
      for (int i = asked - 1; i >= 0; i--) {
        goOn(exchange.fetches().get(i), answered.get(i), fruitful);
      }
    }
  }

  /** Nothing was asked. */
  void notAsked(Failure<V> why) {
    queue.count(SchedulerCounter.NOT_ASKED);
    all(why);
  }

  /** All of it has failed. */
  void all(Failure<V> failure) {
    for (int i = 0; i < exchange.items().size(); i++) {
      outcomeIfPending(i, failure);
    }
  }

  /** It did not fit into a message: what was asked is asked again, less at once. */
  void tooBig(boolean late) {
    int asked = exchange.items().size();
    queue.count(SchedulerCounter.TOO_BIG);
    queue.learned().batch().tooBig(asked, queue.shard().now());
    queue.limitsChanged(queue.learned().batch().changes());
    if (late) {
      return;
    }
    if (asked == 1) {
      Fetch<K, V> fetch = exchange.fetches().get(0);
      if (exchange.holds(fetch)) {
        queue.count(SchedulerCounter.BAD_ANSWERS);
        queue
            .fetches()
            .end(
                fetch,
                queue.failures().badAnswer("an answer about one item does not fit into a message"));
      }
    } else {
      exchange.requeue();
    }
  }

  /** Those that were written after they were asked for are asked again. */
  private List<Answer.Item<V>> withoutOvertaken(List<Answer.Item<V>> given) {
    List<Answer.Item<V>> taken = new ArrayList<>(given);
    int items = Math.min(given.size(), exchange.fetches().size());
    for (int i = 0; i < items; i++) {
      Fetch<K, V> fetch = exchange.fetches().get(i);
      if (fetch.repeatable && queue.isOvertaken(fetch.key, exchange.number())) {
        queue.count(SchedulerCounter.BEFORE_A_WRITE);
        taken.set(i, new Answer.Item.Again<>());
      }
    }
    return taken;
  }

  /** Ends the fetch of item {@code i} if it still waits for just this. */
  boolean outcomeIfPending(int i, Outcome<V> outcome) {
    Fetch<K, V> fetch = exchange.fetches().get(i);
    // A fetch that went on since then waits for something else now: a part of a later answer.
    boolean pending =
        fetch.phase != Fetch.Phase.DONE
            && fetch.continuation == exchange.items().get(i).continuation();
    if (pending) {
      queue.fetches().end(fetch, queue.callbacks().arrived(fetch, outcome, false));
    }
    return pending;
  }

  private void done(int i, Outcome<V> outcome) {
    Fetch<K, V> fetch = exchange.fetches().get(i);
    if (outcome == null) {
      queue.count(SchedulerCounter.BAD_ANSWERS);
      endIfHeld(fetch, queue.failures().badAnswer("the back end gave null, expected an outcome"));
    } else if (!outcomeIfPending(i, outcome) && fetch.phase == Fetch.Phase.DONE) {
      queue.count(SchedulerCounter.LATE_ITEMS);
      queue.callbacks().arrived(fetch, outcome, true);
    }
  }

  private void goOn(Fetch<K, V> fetch, Answer.Item<V> item, boolean fruitful) {
    if (!exchange.holds(fetch) || item instanceof Answer.Item.Done<V>) {
      return;
    }
    if (!fetch.repeatable) {
      queue.count(SchedulerCounter.BAD_ANSWERS);
      endIfHeld(
          fetch,
          queue.failures().badAnswer("it did not say what became of what it was asked for once"));
      return;
    }
    if (!(item instanceof Answer.Item.Again<V>)) {
      fetch.fruitless = 0;
      fetch.failedAttempts = 0;
    }
    if (item instanceof Answer.Item.More<V> more) {
      queue.count(SchedulerCounter.CONTINUED);
      fetch.continuation = more.continuation();
    } else if (item instanceof Answer.Item.Split<V> split) {
      queue.count(SchedulerCounter.SPLIT);
      queue.fetches().split(fetch, split.continuations());
      return;
    } else if (item instanceof Answer.Item.PartEnded<V> part) {
      partEnded(fetch, part.found());
      return;
    } else {
      queue.count(SchedulerCounter.ASKED_AGAIN);
      fetch.fruitless += fruitful ? 1 : FRUITLESS_EXCHANGE;
      if (fetch.fruitless >= MOST_FRUITLESS) {
        queue.count(SchedulerCounter.NO_PROGRESS);
        queue
            .fetches()
            .end(
                fetch,
                queue.failures().badAnswer("it was asked again and again and never answered this"));
        return;
      }
    }
    queue.fetches().askNext(fetch);
  }

  private void partEnded(Fetch<K, V> part, Object found) {
    List<Object> all = queue.fetches().partEnded(part, found);
    if (all == null) {
      return;
    }
    Fetch<K, V> whole = part.whole;
    Answer.Item<V> item = queue.callbacks().joined(whole.key, all);
    if (item instanceof Answer.Item.Done<V> done && done.outcome() != null) {
      queue.fetches().end(whole, queue.callbacks().arrived(whole, done.outcome(), false));
    } else if (item instanceof Answer.Item.More<V> more) {
      queue.count(SchedulerCounter.CONTINUED);
      whole.continuation = more.continuation();
      queue.fetches().askNext(whole);
    } else if (item instanceof Answer.Item.Split<V> split) {
      queue.count(SchedulerCounter.SPLIT);
      queue.fetches().split(whole, split.continuations());
    } else {
      queue.count(SchedulerCounter.BAD_ANSWERS);
      queue
          .fetches()
          .end(whole, queue.failures().badAnswer("the back end could not join what it answered"));
    }
  }

  private void endIfHeld(Fetch<K, V> fetch, Outcome<V> outcome) {
    if (exchange.holds(fetch)) {
      queue.fetches().end(fetch, outcome);
    }
  }
}
