package org.aeiou.daemon.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.regex.Pattern;

/**
 * An event in one line: its message, and of an exception each cause with the place it comes from,
 * which is enough to find a mistake without filling the screen.
 */
final class OneLine {
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}+");

  private OneLine() {}

  static String of(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    while (thrown != null) {
      line.append(": ").append(thrown.getClassName());
      if (thrown.getMessage() != null) {
        line.append(": ").append(thrown.getMessage());
      }
      StackTraceElementProxy[] trace = thrown.getStackTraceElementProxyArray();
      if (trace.length > 0) {
        line.append(" (").append(trace[0].getSTEAsString()).append(')');
      }
      thrown = thrown.getCause();
    }
    return CONTROLS.matcher(line).replaceAll(" ");
  }
}
