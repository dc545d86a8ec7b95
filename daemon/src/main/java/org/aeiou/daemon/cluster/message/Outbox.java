package org.aeiou.daemon.cluster.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Frames that wait to be sent, by subject, in their order. Bounded. Any thread. */
final class Outbox {
  /** What may wait, in octets; one that is larger waits alone. */
  private static final long MOST_BYTES = Parts.MOST_BYTES;

  // Guarded by this.
  private Map<String, Letter> letters = new LinkedHashMap<>();
  private long bytes;
  private boolean isEmptied;

  /**
   * A frame.
   *
   * @param unheard runs if it surely is not received; or null
   */
  record Pending(byte[] frame, Runnable unheard) {}

  /**
   * All that waits for a subject.
   *
   * @param member the only one that it is for; null if others subscribe
   * @param firstMicros when the first was put in, by the ticker
   */
  record Letter(String subject, String member, long firstMicros, List<Pending> frames) {}

  /** What became of a frame. */
  enum Added {
    /** It waits; who put it in is to empty this. */
    FIRST,
    /** It waits, and another thread is about to empty this. */
    BEHIND,
    /** There is no room. */
    FULL
  }

  synchronized Added add(String subject, String member, long nowMicros, Pending pending) {
    int length = pending.frame().length;
    if (bytes > 0 && bytes + length > MOST_BYTES) {
      return Added.FULL;
    }
    bytes += length;
    letters
        .computeIfAbsent(subject, any -> new Letter(subject, member, nowMicros, new ArrayList<>(1)))
        .frames()
        .add(pending);
    boolean isFirst = !isEmptied;
    isEmptied = true;
    return isFirst ? Added.FIRST : Added.BEHIND;
  }

  /** Takes out all that waits; if that is nothing, the next that is added is the first. */
  synchronized List<Letter> take() {
    List<Letter> taken = List.copyOf(letters.values());
    letters = new LinkedHashMap<>();
    bytes = 0;
    isEmptied = !taken.isEmpty();
    return taken;
  }
}
