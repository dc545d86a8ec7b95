package org.aeiou.daemon.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A line for a terminal or a file: time with date and zone (ISO 8601), level, message. */
final class PersonLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

  @Override
  public String doLayout(ILoggingEvent event) {
    return String.format(
        "%s %-5s %s%n",
        TIME.format(Instant.ofEpochMilli(event.getTimeStamp())),
        event.getLevel(),
        OneLine.of(event));
  }
}
