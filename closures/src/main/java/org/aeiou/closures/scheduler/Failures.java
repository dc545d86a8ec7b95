package org.aeiou.closures.scheduler;

import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;

/** The failures that the scheduler itself makes, in words: which system, what happened. */
final class Failures {
  private final String system;

  Failures(String system) {
    this.system = system;
  }

  /**
   * A time-out.
   *
   * @param silence what the back end has to say to it, or null
   */
  <V> Failure<V> timeout(int attempts, long timeoutNanos, String silence) {
    return new Failure<>(
        Reason.TIMEOUT,
        and(
            "%s did not answer within %d ms (%s)"
                .formatted(system, millis(timeoutNanos), attempts(attempts)),
            silence));
  }

  <V> Failure<V> deadline(int attempts, long timeoutNanos, String silence) {
    return new Failure<>(
        Reason.TIMEOUT,
        and(
            "%s did not answer before the request's deadline (%s, time-out %d ms)"
                .formatted(system, attempts(attempts), millis(timeoutNanos)),
            silence));
  }

  /** A deadline that is nearer than any answer can be. */
  <V> Failure<V> unmet(long leftNanos, long waitNanos, long fastestNanos) {
    String why =
        waitNanos > 0
            ? "its rate, or the budget it shares, lets the request be sent after %d ms"
                .formatted(millis(waitNanos))
            : "its fastest answer took %d ms".formatted(millis(fastestNanos));
    return new Failure<>(
        Reason.TIMEOUT,
        "%s was not asked: the deadline, in %d ms, cannot be met; %s"
            .formatted(system, millis(leftNanos), why));
  }

  <V> Failure<V> badAnswer(String what) {
    return new Failure<>(Reason.BAD_ANSWER, system + ": " + what);
  }

  <V> Failure<V> notAsked(Throwable cause) {
    return new Failure<>(Reason.UNREACHABLE, system + " could not be asked: " + cause);
  }

  /**
   * A withdrawal.
   *
   * @param mayHappen whether it came after what was asked for was sent, which is more than a look
   */
  <V> Failure<V> cancelled(boolean mayHappen) {
    return new Failure<>(
        Reason.CANCELLED,
        system
            + ": the request was withdrawn"
            + (mayHappen ? " after it was sent: it may have happened" : ""));
  }

  /** What is asked once was sent, and its deadline passed. */
  <V> Failure<V> noVerdict() {
    return new Failure<>(
        Reason.TIMEOUT,
        system + " did not answer before the request's deadline: it may have happened");
  }

  /** What is asked once was not answered, and is not asked again. */
  <V> Failure<V> noVerdict(Failure<V> timeout) {
    return new Failure<>(timeout.reason(), timeout.message() + ": it may have happened");
  }

  /** What is asked once was not sent before its deadline. */
  <V> Failure<V> neverSent() {
    return new Failure<>(
        Reason.OVERLOADED,
        system
            + " had too much to answer for the request to be sent before its deadline: it did not"
            + " happen; try again");
  }

  <V> Failure<V> overloaded(Requester requester, int most) {
    return new Failure<>(
        Reason.OVERLOADED,
        "%s: %s has %d requests pending, which is all that a user may have on one system; try again"
            .formatted(system, requester, most));
  }

  /** The end of all requests; {@code mayHappen} as of a withdrawal. */
  <V> Failure<V> stopped(boolean mayHappen) {
    return new Failure<>(
        Reason.STOPPED,
        system
            + " is no longer asked: it was taken out, or the daemon stops"
            + (mayHappen ? "; the request was sent, and may have happened" : ""));
  }

  /** A sentence, and what else there is to be said. */
  static String and(String sentence, String more) {
    return more == null ? sentence : sentence + "; " + more;
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static String attempts(int attempts) {
    return attempts == 1 ? "1 attempt" : attempts + " attempts";
  }
}
