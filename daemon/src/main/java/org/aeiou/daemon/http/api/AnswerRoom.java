package org.aeiou.daemon.http.api;

import org.aeiou.daemon.http.json.Shown;

/**
 * The room of one answer, which a short request could ask to hold the same table ten thousand
 * times. A single value has room however long it is. For one thread.
 */
final class AnswerRoom {
  /** What several values may have together, in characters. */
  static final long MOST = Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 64);

  private static final Shown NONE =
      Shown.failed("has no room in this answer behind what is before it; ask in parts");

  private long taken;

  /** Whether nothing has room any more. */
  boolean isFull() {
    return taken > MOST;
  }

  /** What is shown in its place: itself, or that it has no room. */
  Shown fit(Shown value) {
    int more = value.value() == null ? 0 : value.value().length();
    boolean isFirst = taken == 0;
    taken += more;
    return isFirst || more == 0 || !isFull() ? value : NONE;
  }

  /** In place of what is not looked at any more. */
  Shown none() {
    return NONE;
  }
}
