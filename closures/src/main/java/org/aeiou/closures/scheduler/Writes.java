package org.aeiou.closures.scheduler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * What was written to one system lately. An answer to what was asked before that may tell what was
 * there before, and come after what was read back. Used by the owner of the system only.
 *
 * <p>It is a matter of the order in which exchanges are started, and not of time: answers overtake
 * one another, and those that come after a time-out are taken, too.
 */
final class Writes<K> {
  /** Of more than so many the oldest counts for every key. */
  private static final int MOST = 16;

  /**
   * One write.
   *
   * @param started how many exchanges had been started when it was over
   */
  private record Write<K>(K key, long started) {}

  private final Deque<Write<K>> lately = new ArrayDeque<>(0);

  /** Up to this one, each exchange may have been overtaken by one that is not known any more. */
  private long forgotten;

  private long last;

  void add(K key, long started) {
    lately.addLast(new Write<>(key, started));
    last = started;
    if (lately.size() > MOST) {
      forgotten = lately.removeFirst().started;
    }
  }

  /** Whether any write ended after an exchange was started. */
  boolean isAnyOvertaken(long exchange) {
    return exchange <= last;
  }

  /** The same, of those that concern a key. */
  boolean isOvertaken(long exchange, Predicate<K> concerns) {
    if (exchange <= forgotten) {
      return true;
    }
    for (Write<K> write : lately) {
      if (exchange <= write.started && concerns.test(write.key)) {
        return true;
      }
    }
    return false;
  }
}
