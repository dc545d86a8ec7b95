package org.aeiou.daemon.attach;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.common.base.Ticker;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Which programs were cut off is said, and not too often. */
final class CutOffLogTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(CutOffLog.class);
  private long now;
  private final CutOffLog log =
      new CutOffLog(
          new Ticker() {
            @Override
            public long read() {
              return now;
            }
          });

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void programThatComesBackAgainAndAgainIsSaidAFewTimesAMinuteAndThenCounted() {
    for (int i = 0; i < 100; i++) {
      log.add(1000 + i, 7, "it submits page 9 of 4");
    }
    assertThat(said())
        .hasSize(5)
        .startsWith("process 1000 of user 7 is cut off: it submits page 9 of 4");
    now += TimeUnit.MINUTES.toNanos(1);
    log.add(2000, 7, "it submits page 9 of 4");
    assertThat(said())
        .endsWith(
            "process 2000 of user 7 is cut off: it submits page 9 of 4"
                + " (and 95 more of this user before)");
  }

  @Test
  void oneUserDoesNotKeepTheLogFromSayingWhatAnotherOnesProgramDid() {
    for (int i = 0; i < 100; i++) {
      log.add(i, 7, "why");
    }
    log.add(1, 8, "why");
    assertThat(said()).hasSize(6).endsWith("process 1 of user 8 is cut off: why");
  }
}
