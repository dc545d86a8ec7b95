package org.aeiou.daemon.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Lets a few events a minute pass for each cause. Of the others the newest is told when the minute
 * is over, with how many came before it: what was told last of a cause is never older than a
 * minute, so that a system which went down last does not stand there as up.
 *
 * <p>Any thread may call any method.
 */
final class EventLimit {
  static final int MOST_CAUSES = 32_768;
  static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** An event, and when it happened. */
  record Timed(Event event, long millis) {}

  private static final class Cause {
    private long sinceNanos;
    private int passed;
    private long leftOut;
    private Timed newest;
  }

  private final int most;
  private final Function<Event, String> causeOf;

  // Guarded by this.
  private final Map<String, Cause> causes = new HashMap<>();
  private long leftOut;

  /**
   * Nothing has passed yet.
   *
   * @param most how many of a cause pass in a minute
   * @param causeOf what tells causes apart
   */
  EventLimit(int most, Function<Event, String> causeOf) {
    this.most = most;
    this.causeOf = causeOf;
  }

  /** The event as it is to be told now; null if it is not. */
  synchronized Event pass(Timed timed, long nowNanos) {
    String name = causeOf.apply(timed.event());
    // One that is too many shares the cause of all such.
    Cause cause =
        causes.computeIfAbsent(
            causes.size() < MOST_CAUSES || causes.containsKey(name) ? name : "",
            any -> new Cause());
    if (cause.passed == 0 || nowNanos - cause.sinceNanos >= PERIOD_NANOS) {
      Event told = told(timed.event(), cause.leftOut);
      begin(cause, nowNanos);
      return told;
    }
    if (cause.passed < most) {
      cause.passed++;
      return timed.event();
    }
    cause.leftOut++;
    cause.newest = timed;
    leftOut++;
    return null;
  }

  /** What was held back and is to be told now, the oldest first. */
  synchronized List<Timed> due(long nowNanos) {
    List<Timed> due = new ArrayList<>();
    for (Iterator<Cause> each = causes.values().iterator(); each.hasNext(); ) {
      Cause cause = each.next();
      if (nowNanos - cause.sinceNanos < PERIOD_NANOS) {
        continue;
      }
      if (cause.newest == null) {
        each.remove();
        continue;
      }
      leftOut--;
      Timed newest = cause.newest;
      due.add(new Timed(told(newest.event(), cause.leftOut - 1), newest.millis()));
      begin(cause, nowNanos);
    }
    due.sort((one, other) -> Long.compare(one.millis(), other.millis()));
    return due;
  }

  private static void begin(Cause cause, long nowNanos) {
    cause.sinceNanos = nowNanos;
    cause.passed = 1;
    cause.leftOut = 0;
    cause.newest = null;
  }

  private static Event told(Event event, long leftOut) {
    Object before = event.fields().get(EventKind.LEFT_OUT.name());
    long more = leftOut + (before instanceof Long known ? known : 0);
    return more == 0 ? event : event.with(EventKind.LEFT_OUT.name(), more);
  }

  synchronized int causes() {
    return causes.size();
  }

  /** How many were left out so far, or are held back. */
  synchronized long leftOut() {
    return leftOut;
  }
}
