package org.aeiou.daemon.cache;

import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/**
 * Is told what a {@link ReadingCache} took in: another outcome than before, or the same once more;
 * and what it forgot.
 */
public interface CacheListener {
  /**
   * Called for each dependent of the slot, after the outcome can be read, by the thread that owns
   * the system: it must not wait, and not throw.
   *
   * @param before null if there was none
   */
  void changed(Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after);

  /** As {@link #changed}, when the outcome is a newer one of the same value. */
  void confirmed(Dependent dependent);

  /**
   * Called for each dependent of a slot whose outcome is not known any more: it went for want of
   * room or past its use, or was said to be wrong. On any thread, with no lock of the cache held.
   */
  default void forgotten(Dependent dependent) {}

  /**
   * Called for each dependent of a slot whose outcome is not what its system has any more, as far
   * as is known; otherwise as {@link #forgotten}.
   */
  default void doubted(Dependent dependent) {
    forgotten(dependent);
  }
}
