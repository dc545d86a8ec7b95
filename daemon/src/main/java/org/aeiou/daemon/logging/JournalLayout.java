package org.aeiou.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;

/**
 * A line for the journal: its priority in angle brackets, as {@code sd-daemon(3)} has it, and the
 * message.
 */
final class JournalLayout extends LayoutBase<ILoggingEvent> {
  private static final int ERROR = 3;
  private static final int WARNING = 4;
  private static final int INFO = 6;
  private static final int DEBUG = 7;

  @Override
  public String doLayout(ILoggingEvent event) {
    return "<" + priority(event.getLevel()) + ">" + OneLine.of(event) + "\n";
  }

  static int priority(Level level) {
    if (level.isGreaterOrEqual(Level.ERROR)) {
      return ERROR;
    }
    if (level.isGreaterOrEqual(Level.WARN)) {
      return WARNING;
    }
    return level.isGreaterOrEqual(Level.INFO) ? INFO : DEBUG;
  }
}
