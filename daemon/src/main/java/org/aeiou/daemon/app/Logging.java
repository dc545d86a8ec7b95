package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.List;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.LogLimit;
import org.slf4j.LoggerFactory;

/**
 * One line per event, to the standard error: with a time for a person; for the journal, which has
 * its own, with the priority in front instead.
 */
public final class Logging {

  private Logging() {}

  /**
   * Starts logging.
   *
   * @param verbose whether events of level DEBUG are logged too
   * @return the last events, for the tree
   */
  public static EventLog start(boolean verbose) {
    return start(verbose ? Level.DEBUG : Level.INFO);
  }

  /** Starts logging of errors only: for commands that expect systems not to answer. */
  public static EventLog quiet() {
    return start(Level.ERROR);
  }

  private static EventLog start(Level level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(
        encoder(
            context,
            System.getenv("JOURNAL_STREAM") == null ? new PersonLayout() : new JournalLayout()));
    console.start();
    // What this room says answers the operator; the rest may be an agent's doing.
    LogLimit limit = new LogLimit(Ticker.systemTicker(), List.of(Logging.class.getPackageName()));
    context.addTurboFilter(limit);
    EventLog events = new EventLog(limit, InstantSource.system());
    Appender<ILoggingEvent> lines = events.appender();
    lines.setContext(context);
    lines.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.ERROR.equals(level) ? level : Level.WARN);
    context.getLogger("org.aeiou").setLevel(level);
    root.addAppender(console);
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
