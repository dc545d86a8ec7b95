package org.aeiou.daemon.backend;

import java.util.Map;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;

/**
 * A number that was worked out from several answers of a system. Carries what it was worked out
 * from, so that the next answer goes on from there. Immutable.
 */
public abstract non-sealed class Derived extends Value.Single {

  /**
   * Why there is no number.
   *
   * @param why a sentence for a person
   * @param againNanos how long after the last answer another one may bring a number; negative if
   *     none will
   */
  public record Missing(String why, long againNanos) {}

  /** The derived number that an outcome is a reading of; null if it is anything else. */
  public static Derived of(Outcome<Value> outcome) {
    if (!(outcome instanceof Reading<Value> reading)) {
      return null;
    }
    Value value =
        reading.value() instanceof Value.Guarded guarded ? guarded.value() : reading.value();
    return value instanceof Derived derived ? derived : null;
  }

  /** Null if there is a number. */
  public abstract Missing missing();

  /** What is known of the number besides, by name, for people. */
  public abstract Map<String, String> properties();

  /** Whether a reader sees the same number. */
  public abstract boolean isSameAs(Derived other);

  /**
   * The last of the answers that it was worked out from, from which another process can go on; null
   * if that is not known.
   */
  public CounterSample lastSample() {
    return null;
  }

  /** The number in decimal, as it is shown. */
  @Override
  public abstract String toString();
}
