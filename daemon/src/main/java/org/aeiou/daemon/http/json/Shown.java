package org.aeiou.daemon.http.json;

import java.util.Locale;
import org.aeiou.closures.Failure;

/**
 * What is shown of a file. Immutable.
 *
 * @param value as text, without the newline that a file has at its end; null if there is none
 * @param isNumber whether JSON shows the value as a number
 * @param takenMillis when it was taken, in milliseconds since the epoch; 0 if it was not
 * @param changedMillis when the value last changed; 0 if that is not known
 * @param ttlMillis for how long from then it is fresh; 0 if it may change at any time
 * @param error why there is no value, or no newer one; null if all is well
 */
public record Shown(
    State state,
    String value,
    boolean isNumber,
    long takenMillis,
    long changedMillis,
    long ttlMillis,
    String error) {

  /** How good it is. */
  public enum State {
    FRESH,
    /** Older than it should be; it is being asked for. */
    STALE,
    /** Nothing is known yet; it is being asked for. */
    PENDING,
    /** The system does not have it. */
    ABSENT,
    /** It could not be had. */
    FAILED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As JSON says it. */
    public String word() {
      return word;
    }
  }

  /** Nothing yet. */
  public static final Shown PENDING = new Shown(State.PENDING, null, false, 0, 0, 0, null);

  /** Nothing, for this reason. */
  public static Shown failed(String why) {
    return new Shown(State.FAILED, null, false, 0, 0, 0, why);
  }

  /** Nothing, as it failed. */
  public static Shown failed(Failure<?> why) {
    return failed(why.message());
  }

  /** The same, of which no newer one could be had for this reason. */
  public Shown stale(String why) {
    return new Shown(State.STALE, value, isNumber, takenMillis, changedMillis, ttlMillis, why);
  }

  /** Whether a reader sees the same, but for its age. */
  public boolean isSameButForAge(Shown other) {
    return state == other.state
        && isNumber == other.isNumber
        && java.util.Objects.equals(value, other.value)
        && java.util.Objects.equals(error, other.error);
  }
}
