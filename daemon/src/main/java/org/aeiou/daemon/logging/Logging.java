package org.aeiou.daemon.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.filter.Filter;
import com.google.common.base.Ticker;
import java.time.InstantSource;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.LogLimit;
import org.aeiou.daemon.systemd.Journal;
import org.slf4j.LoggerFactory;

/**
 * One line per event, to the standard error: with a time for a person. Where that is the journal of
 * systemd, which has its own, the line goes there with the event's fields.
 */
public final class Logging {
  private static final String CONSOLE = "console";

  private Logging() {}

  /**
   * Starts logging.
   *
   * @param verbose whether events of level DEBUG are logged too
   * @return the last events, for the tree
   */
  public static EventLog start(boolean verbose) {
    return start(level(verbose), Journal.ofStandardError(System.getenv()));
  }

  /**
   * Starts logging for a process that goes to the background: until then only what its caller must
   * know is said.
   *
   * @param verbose as at {@link #start(boolean)}
   */
  public static EventLog startForBackground(boolean verbose) {
    EventLog events = start(level(verbose), null);
    console().addFilter(warnings());
    return events;
  }

  private static Filter<ILoggingEvent> warnings() {
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(Level.WARN.toString());
    filter.start();
    return filter;
  }

  /**
   * Logs all of it from now on.
   *
   * @param toFile whether the standard error is a file now, and not the system's log
   */
  public static void inBackground(boolean toFile) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    ConsoleAppender<ILoggingEvent> console = console();
    console.clearAllFilters();
    console.setEncoder(encoder(context, toFile ? new PersonLayout() : new JournalLayout()));
  }

  private static ConsoleAppender<ILoggingEvent> console() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    return (ConsoleAppender<ILoggingEvent>) root.getAppender(CONSOLE);
  }

  /** Starts logging of errors only: for commands that expect systems not to answer. */
  public static EventLog quiet() {
    return start(Level.ERROR, Journal.ofStandardError(System.getenv()));
  }

  private static Level level(boolean verbose) {
    return verbose ? Level.DEBUG : Level.INFO;
  }

  /** With a journal that lines go to; null for the standard error. */
  private static EventLog start(Level level, Journal journal) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setName(CONSOLE);
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(
        encoder(context, journal == null ? new PersonLayout() : new JournalLayout()));
    console.start();
    LogLimit limit = new LogLimit(Ticker.systemTicker());
    context.addTurboFilter(limit);
    EventLog events = new EventLog(limit, Ticker.systemTicker(), InstantSource.system());
    Appender<ILoggingEvent> lines = events.appender();
    lines.setContext(context);
    lines.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.ERROR.equals(level) ? level : Level.WARN);
    context.getLogger("org.aeiou").setLevel(level);
    Appender<ILoggingEvent> out =
        journal == null ? console : new JournalAppender(journal, events, console);
    out.setContext(context);
    out.start();
    root.addAppender(out);
    root.addAppender(lines);
    return events;
  }

  private static Encoder<ILoggingEvent> encoder(
      LoggerContext context, LayoutBase<ILoggingEvent> layout) {
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.setCharset(UTF_8);
    encoder.start();
    return encoder;
  }
}
