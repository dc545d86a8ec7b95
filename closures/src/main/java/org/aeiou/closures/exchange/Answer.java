package org.aeiou.closures.exchange;

import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;

/**
 * How an exchange ended. Immutable.
 *
 * @param <V> the type of a reading's value
 */
public sealed interface Answer<V> {

  /**
   * The system answered.
   *
   * @param items for each item of the exchange, in the same order, what became of it
   */
  record Items<V>(List<Item<V>> items) implements Answer<V> {
    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * The answer did not fit into a message: the scheduler asks for fewer items at a time, down to
   * one. For a single item this is a {@link Failure.Reason#BAD_ANSWER}.
   */
  record TooBig<V>() implements Answer<V> {}

  /**
   * The exchange failed as a whole. With {@link Failure.Reason#TIMEOUT} and {@link
   * Failure.Reason#UNREACHABLE} the system is silent, with {@link Failure.Reason#BAD_REQUEST} and
   * {@link Failure.Reason#STOPPED} it was not asked, with any other it has answered.
   *
   * @param failure what every request of it ends in, if it is not tried again
   * @param retry whether trying again may help
   */
  record Failed<V>(Failure<V> failure, boolean retry) implements Answer<V> {}

  /**
   * The system was not asked, for a reason that says nothing about it: the exchange counts neither
   * as an answer nor as silence, and is not tried again.
   *
   * @param failure what every request of it ends in
   */
  record NotAsked<V>(Failure<V> failure) implements Answer<V> {}

  /** What became of one item of an exchange. */
  sealed interface Item<V> {
    /** It has its outcome. */
    record Done<V>(Outcome<V> outcome) implements Item<V> {}

    /**
     * It needs another exchange, which gets this continuation. Asked next, without counting as a
     * retry.
     */
    record More<V>(Object continuation) implements Item<V> {}

    /**
     * It goes on in <em>parts</em>: each needs an exchange of its own, which gets one of these
     * continuations. They are asked side by side as far as the system's {@link Limits} allow and
     * nothing else waits, none of them counting as a retry. A part can be answered as any item can:
     * go on, be split again, or give the item its outcome.
     *
     * @param continuations one for each part, in order; at least one
     */
    record Split<V>(List<Object> continuations) implements Item<V> {
      public Split {
        continuations = List.copyOf(continuations);
        if (continuations.isEmpty()) {
          throw new IllegalArgumentException("0 continuations, expected at least 1");
        }
      }
    }

    /**
     * A part of it needs no other exchange. When no part does, {@link Exchanger#joined} makes one
     * of them again.
     *
     * @param found what the part ended in; not null
     */
    record PartEnded<V>(Object found) implements Item<V> {}

    /**
     * It was not answered for no fault of its own (another item's error, no room). Asked again, not
     * as a retry.
     */
    record Again<V>() implements Item<V> {}
  }
}
