package org.aeiou.daemon.cluster.message;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the tickers of other members stand, at the least: for how old a message is at the most.
 *
 * <p>The time that a message says it was sent at, by its sender's ticker, less the time of its
 * arrival by ours, is what the two tickers differ in, less what the way took. The greatest is
 * nearest, and never more than what they differ in. It goes down by a millisecond a second, as
 * tickers do not run equally fast.
 *
 * <p>Any thread.
 */
final class Tickers {
  private static final int MOST_MEMBERS = 4096;
  private static final long DRIFT = 1000;

  private final Map<String, Ahead> members =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ahead> eldest) {
          return size() > MOST_MEMBERS;
        }
      };

  /**
   * By how much another ticker is ahead at the least.
   *
   * @param atMicros when that was known, by ours
   */
  private record Ahead(long micros, long atMicros) {
    long now(long nowMicros) {
      return micros - (Math.max(0, nowMicros - atMicros) + DRIFT - 1) / DRIFT;
    }
  }

  /** A message has come. */
  synchronized void heard(String member, long sentMicros, long nowMicros) {
    Ahead known = members.get(member);
    long ahead = sentMicros - nowMicros;
    if (known == null || ahead >= known.now(nowMicros)) {
      members.put(member, new Ahead(ahead, nowMicros));
    }
  }

  /** How another member's ticker stands at a time by ours, at the least; null if not known. */
  synchronized Long theirs(String member, long micros) {
    Ahead known = members.get(member);
    return known == null ? null : micros + known.now(micros);
  }
}
