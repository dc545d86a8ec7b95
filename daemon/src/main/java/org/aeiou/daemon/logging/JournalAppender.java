package org.aeiou.daemon.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.systemd.Journal;

/**
 * Sends lines to the journal with the fields of the event that each is. What the journal does not
 * take goes to the standard error, as a line.
 */
final class JournalAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final String PREFIX = "AEIOU_";

  private final Journal journal;
  private final EventLog events;
  private final Appender<ILoggingEvent> otherwise;

  /**
   * @param events knows which event a line is
   * @param otherwise takes what the journal does not
   */
  JournalAppender(Journal journal, EventLog events, Appender<ILoggingEvent> otherwise) {
    this.journal = journal;
    this.events = events;
    this.otherwise = otherwise;
  }

  @Override
  protected void append(ILoggingEvent line) {
    if (!journal.send(fields(line, events.of(line)))) {
      otherwise.doAppend(line);
    }
  }

  static Map<String, String> fields(ILoggingEvent line, Event event) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("MESSAGE", OneLine.of(line));
    fields.put("PRIORITY", Integer.toString(JournalLayout.priority(line.getLevel())));
    fields.put("SYSLOG_IDENTIFIER", "aeiou");
    fields.put(PREFIX + "EVENT", event.kind().written());
    if (event.system() != null) {
      fields.put(PREFIX + "SYSTEM", event.system());
    }
    event
        .fieldTexts()
        .forEach((name, text) -> fields.put(PREFIX + name.toUpperCase(Locale.ROOT), text));
    return fields;
  }
}
