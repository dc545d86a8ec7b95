package org.aeiou.daemon.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {
  private static LoggingEvent event(Level level, String message, Throwable thrown) {
    return new LoggingEvent(
        LayoutTest.class.getName(),
        new LoggerContext().getLogger("org.aeiou"),
        level,
        message,
        thrown,
        null);
  }

  @ParameterizedTest
  @CsvSource({"ERROR, <3>m", "WARN, <4>m", "INFO, <6>m", "DEBUG, <7>m", "TRACE, <7>m"})
  void theJournalGetsThePriorityAndNoTime(String level, String line) {
    assertThat(new JournalLayout().doLayout(event(Level.valueOf(level), "m", null)))
        .isEqualTo(line + "\n");
  }

  @Test
  void aPersonGetsDateTimeZoneAndLevel() {
    assertThat(new PersonLayout().doLayout(event(Level.WARN, "core1: no answer", null)))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) WARN  core1: no answer\n");
  }

  @Test
  void anEventIsOneLineWhateverIsInIt() {
    Throwable thrown =
        new IllegalStateException("first\r\nsecond", new IOException("\u001b[31mthird"));
    LoggingEvent event = event(Level.ERROR, "a\nb", thrown);
    assertThat(new JournalLayout().doLayout(event))
        .startsWith("<3>a b: java.lang.IllegalStateException: first second (at ")
        .contains("LayoutTest.java:")
        .contains(": java.io.IOException:  [31mthird (at ")
        .containsOnlyOnce("\n");
    assertThat(new PersonLayout().doLayout(event)).containsOnlyOnce("\n");
  }

  @Test
  void anExceptionWithoutMessageIsNamedByItsClass() {
    assertThat(new JournalLayout().doLayout(event(Level.ERROR, "a", new IOException())))
        .startsWith("<3>a: java.io.IOException (at ");
  }
}
