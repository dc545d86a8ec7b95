package org.aeiou.closures.scheduler;

import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;

/** The failures that the scheduler itself makes, in words: which system, what happened. */
final class Wording {
  private final String system;
  private final long timeoutMillis;

  Wording(String system, Limits limits) {
    this.system = system;
    this.timeoutMillis = limits.timeout().toMillis();
  }

  <V> Failure<V> timeout(int attempts) {
    return new Failure<>(
        Reason.TIMEOUT,
        "%s did not answer within %d ms (%s)".formatted(system, timeoutMillis, attempts(attempts)));
  }

  <V> Failure<V> deadline(int attempts) {
    return new Failure<>(
        Reason.TIMEOUT,
        "%s did not answer before the request's deadline (%s, time-out %d ms)"
            .formatted(system, attempts(attempts), timeoutMillis));
  }

  <V> Failure<V> badAnswer(String what) {
    return new Failure<>(Reason.BAD_ANSWER, system + ": " + what);
  }

  <V> Failure<V> notAsked(Throwable cause) {
    return new Failure<>(Reason.UNREACHABLE, system + " could not be asked: " + cause);
  }

  <V> Failure<V> cancelled() {
    return new Failure<>(Reason.CANCELLED, system + ": the request was withdrawn");
  }

  <V> Failure<V> overloaded(Requester requester, int most) {
    return new Failure<>(
        Reason.OVERLOADED,
        "%s: %s has %d requests pending, which is all that a user may have on one system; try again"
            .formatted(system, requester, most));
  }

  <V> Failure<V> stopped() {
    return new Failure<>(
        Reason.STOPPED, system + " is no longer asked: it was taken out, or the daemon stops");
  }

  private static String attempts(int attempts) {
    return attempts == 1 ? "1 attempt" : attempts + " attempts";
  }
}
