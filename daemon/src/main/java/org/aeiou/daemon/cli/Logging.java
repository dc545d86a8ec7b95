package org.aeiou.daemon.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import org.aeiou.daemon.metrics.Events;
import org.slf4j.LoggerFactory;

/**
 * One line per event, to the standard error: with a time for a person; for the journal, which has
 * its own, with the priority in front instead.
 */
final class Logging {
  private static final String FOR_A_PERSON = "%d{HH:mm:ss.SSS} %-5level %msg%n%rEx{short}";

  private Logging() {}

  /**
   * Starts logging.
   *
   * @param verbose whether events of level DEBUG are logged too
   * @return the last events, for the tree
   */
  static Events start(boolean verbose) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(
        System.getenv("JOURNAL_STREAM") == null ? forAPerson(context) : forTheJournal(context));
    console.start();
    Events events = new Events();
    events.setContext(context);
    events.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    context.getLogger("org.aeiou").setLevel(verbose ? Level.DEBUG : Level.INFO);
    root.addAppender(console);
    root.addAppender(events);
    return events;
  }

  private static Encoder<ILoggingEvent> forAPerson(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(FOR_A_PERSON);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> forTheJournal(LoggerContext context) {
    JournalLayout layout = new JournalLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    return encoder;
  }
}
