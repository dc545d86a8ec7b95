package org.aeiou.closures;

import java.util.function.Function;

/**
 * Why a request has neither a reading nor an absence.
 *
 * @param <V> the type a reading would have had
 * @param reason what kind of failure it is
 * @param message a sentence for a person, naming the thing; holds no secret
 */
public record Failure<V>(Reason reason, String message) implements Outcome<V> {

  /** The kinds of failure, each with one meaning to the requester. */
  public enum Reason {
    /** No answer came before the request's deadline. */
    TIMEOUT,
    /** The system is known not to answer at the moment; said at once, without asking it. */
    UNREACHABLE,
    /** The system refused the credentials. */
    REFUSED,
    /** The attribute cannot be written. */
    NOT_WRITABLE,
    /** The requester withdrew the request. */
    CANCELLED,
    /** The system answered with an error, or with something that makes no sense. */
    BAD_ANSWER,
    /** Only a cached reading was wanted, and there is none. */
    NOT_CACHED,
    /** The bound on pending requests is reached; asking again later may succeed. */
    OVERLOADED,
    /** There is no such name. */
    UNKNOWN_NAME,
    /** The daemon stopped, or the system was removed from its configuration. */
    STOPPED,
    /** The request contradicts itself, or asks for something that is not known. */
    BAD_REQUEST,
    /** A value was wanted of a directory. */
    IS_DIRECTORY,
    /** Names were wanted of, or below, something that is no directory. */
    NOT_DIRECTORY,
    /** The path, or a name in it, is longer than one may be. */
    NAME_TOO_LONG,
    /** The value is of the attribute's type, and out of its range. */
    OUT_OF_RANGE,
    /** The system could not do what it was asked to do, or not all of it. */
    NOT_DONE
  }

  /**
   * Whether what was asked for may have happened though it failed for this reason: of what only
   * reads it does not matter.
   */
  public static boolean mayHaveHappened(Reason reason) {
    return switch (reason) {
      case TIMEOUT, CANCELLED, BAD_ANSWER, STOPPED, NOT_DONE -> true;
      default -> false;
    };
  }

  /** A failure of another type of request for the same reason. */
  public static <V> Failure<V> as(Failure<?> other) {
    return new Failure<>(other.reason(), other.message());
  }

  @Override
  public <W> Failure<W> map(Function<? super V, ? extends W> change) {
    return as(this);
  }
}
