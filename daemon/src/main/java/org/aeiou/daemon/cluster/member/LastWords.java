package org.aeiou.daemon.cluster.member;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What members said last, that said that they leave: what they said before may come after it. A
 * message may be forged, or be of a member that goes on: one that says more after its last word is
 * heard again, and no last word counts for ever.
 *
 * <p>For one thread at a time.
 */
final class LastWords {
  private final long keptNanos;
  private final Map<String, Word> words;

  private static final class Word {
    final long sequence;
    long heard;

    Word(long sequence, long heard) {
      this.sequence = sequence;
      this.heard = heard;
    }
  }

  /**
   * None yet.
   *
   * @param most the oldest of more are forgotten
   * @param keptNanos how long each counts
   */
  LastWords(int most, long keptNanos) {
    this.keptNanos = keptNanos;
    this.words =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Word> eldest) {
            return size() > most;
          }
        };
  }

  void add(MemberState last, long now) {
    words.remove(last.member().id()); // so that it is the youngest
    words.put(last.member().id(), new Word(last.sequence(), now));
  }

  /** Whether something was said before a last word, or is that. */
  boolean isBefore(MemberState state) {
    Word last = words.get(state.member().id());
    return last != null && state.sequence() <= last.sequence;
  }

  /** A member says more. */
  void forget(String id) {
    words.remove(id);
  }

  /**
   * Forgets those that have counted for long enough.
   *
   * @param stoppedNanos how long this process was stopped, and can have heard nothing; 0 if it was
   *     not
   */
  void grow(long now, long stoppedNanos) {
    words
        .values()
        .removeIf(
            word -> {
              word.heard += Math.min(stoppedNanos, now - word.heard);
              return now - word.heard >= keptNanos;
            });
  }
}
