package org.aeiou.daemon.metrics;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Marker;

/**
 * Lets one line a minute pass for each cause, whatever agents and clients do; the next one tells
 * how many were left out.
 *
 * <p>A cause is a line of the program (its logger and its message before the arguments) and what it
 * is about, its first argument: the system, by the rule of this project. Where that is another one
 * each time, as a sender's port is, the first hundred in a minute are told apart, and the rest
 * count as one. A line without arguments is its own cause.
 *
 * <p>Events have a limit of their own.
 */
public final class LogLimit extends TurboFilter {
  static final int MOST_CAUSES = 10_000;

  private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_OF_A_LINE = 100;
  private static final int LONGEST_ABOUT = 200;

  /** What a line is about that is one too many. */
  private static final String THE_REST = "";

  /** Where lines come from; {@code message} is null for those without arguments. */
  private record Line(String logger, String message) {}

  private record Cause(Line line, String about) {}

  private static final class Told {
    private long atNanos;
    private long leftOut;
  }

  private final Ticker ticker;

  /** In the order in which they were last told. */
  private final Map<Cause, Told> causes = new LinkedHashMap<>();

  /** How many causes of each line are in {@link #causes}. */
  private final Map<Line, Integer> ofLine = new HashMap<>();

  private long leftOut;

  /** A limit for a whole program. */
  public LogLimit(Ticker ticker) {
    this.ticker = ticker;
  }

  /** How many lines were left out so far. */
  public synchronized long leftOut() {
    return leftOut;
  }

  synchronized int causes() {
    return causes.size();
  }

  @Override
  public FilterReply decide(
      Marker marker, Logger logger, Level level, String message, Object[] arguments, Throwable t) {
    if (message == null
        || marker == EventLog.TOLD
        || !level.isGreaterOrEqual(Level.INFO)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    boolean plain = arguments == null || arguments.length == 0;
    String about = plain ? message : String.valueOf(arguments[0]);
    long before =
        pass(
            new Line(logger.getName(), plain ? null : message),
            about.substring(0, Math.min(about.length(), LONGEST_ABOUT)));
    if (before == 0) {
      return FilterReply.NEUTRAL;
    }
    if (before > 0) {
      String whole = message + " (" + before + " more like this before it)";
      logger.callAppenders(
          new LoggingEvent(Logger.class.getName(), logger, level, whole, t, arguments));
    }
    return FilterReply.DENY;
  }

  /** How many lines of this cause were left out before this one, or -1 if this is left out too. */
  private synchronized long pass(Line line, String about) {
    long now = ticker.read();
    Cause cause = new Cause(line, about);
    if (!causes.containsKey(cause)) {
      if (ofLine.getOrDefault(line, 0) >= MOST_OF_A_LINE) {
        forgetOld(now);
      }
      Cause rest = new Cause(line, THE_REST);
      Told untold = causes.get(rest);
      if (ofLine.getOrDefault(line, 0) >= MOST_OF_A_LINE
          || (untold != null && untold.leftOut > 0)) {
        cause = rest;
      }
    }
    Told told = causes.get(cause);
    if (told != null && now - told.atNanos < PERIOD_NANOS) {
      told.leftOut++;
      leftOut++;
      return -1;
    }
    // Taken out and put back: last told, last in the order.
    long before = told == null ? 0 : forget(cause, told);
    if (causes.size() >= MOST_CAUSES) {
      Map.Entry<Cause, Told> oldest = causes.entrySet().iterator().next();
      forget(oldest.getKey(), oldest.getValue());
    }
    Told again = new Told();
    again.atNanos = now;
    causes.put(cause, again);
    ofLine.merge(line, 1, Integer::sum);
    return before;
  }

  /** Forgets what was told longer ago than a period, but for what is to be told of the rest. */
  private void forgetOld(long now) {
    Iterator<Map.Entry<Cause, Told>> oldest = causes.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Cause, Told> next = oldest.next();
      if (now - next.getValue().atNanos < PERIOD_NANOS) {
        return;
      }
      if (!next.getKey().about().equals(THE_REST) || next.getValue().leftOut == 0) {
        oldest.remove();
        leave(next.getKey().line());
      }
    }
  }

  private long forget(Cause cause, Told told) {
    causes.remove(cause);
    leave(cause.line());
    return told.leftOut;
  }

  private void leave(Line line) {
    ofLine.computeIfPresent(line, (same, count) -> count > 1 ? count - 1 : null);
  }
}
