package org.aeiou.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLimitTest {
  private final AtomicLong now = new AtomicLong();
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final LogLimit limit =
      new LogLimit(
          new Ticker() {
            @Override
            public long read() {
              return now.get();
            }
          });
  private final Logger room = context.getLogger("org.aeiou.daemon.backend.snmp.Agent");

  @BeforeEach
  void start() {
    lines.setContext(context);
    lines.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(lines);
    context.addTurboFilter(limit);
  }

  private List<String> written() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void oneCauseAndSystemWritesOneLineAMinuteAndTheNextTellsHowManyWereLeftOut() {
    for (int i = 0; i < 285; i++) {
      room.warn("{}: has another engine id than before: {}", "evil", i);
      pass(Duration.ofMillis(35));
    }
    assertThat(written()).containsExactly("evil: has another engine id than before: 0");
    pass(Duration.ofMinutes(1));
    room.warn("{}: has another engine id than before: {}", "evil", 285);
    room.warn("{}: has another engine id than before: {}", "evil", 286);
    assertThat(written())
        .hasSize(2)
        .contains("evil: has another engine id than before: 285 (284 more like this before it)");
    assertThat(limit.leftOut()).isEqualTo(285);
  }

  @Test
  void anotherSystemAndAnotherCauseHaveLinesOfTheirOwn() {
    room.warn("{}: first", "core1");
    room.warn("{}: first", "core2");
    room.warn("{}: second", "core1");
    room.warn("{}: first", "core1");
    assertThat(written()).containsExactly("core1: first", "core2: first", "core1: second");
  }

  @Test
  void aCauseThatNamesSomethingElseEachTimeIsOneCauseAfterAHundred() {
    for (int i = 0; i < 10_000; i++) {
      room.warn("a datagram from {} could not be handled", "10.0.0.1:" + i);
    }
    assertThat(written()).hasSize(101);
    pass(Duration.ofMinutes(1));
    room.warn("a datagram from {} could not be handled", "10.0.0.1:10001");
    assertThat(written())
        .hasSize(102)
        .contains(
            "a datagram from 10.0.0.1:10001 could not be handled (9899 more like this before it)");
    assertThat(limit.leftOut()).isEqualTo(9_899);
    assertThat(limit.causes()).isLessThan(200);
  }

  @Test
  void whatIsRememberedIsBoundedHoweverManyCausesThereAre() {
    for (int i = 0; i < 100_000; i++) {
      context.getLogger("room" + i % 5_000).warn("{}: cause", "system" + i);
    }
    assertThat(limit.causes()).isLessThanOrEqualTo(LogLimit.MOST_CAUSES);
  }

  @Test
  void theCauseOfALineWithoutArgumentsIsTheLine() {
    room.warn("core1: a closure threw", new IllegalStateException());
    room.warn("core2: a closure threw", new IllegalStateException());
    room.warn("core1: a closure threw", new IllegalStateException());
    assertThat(written()).containsExactly("core1: a closure threw", "core2: a closure threw");
    pass(Duration.ofMinutes(1));
    room.warn("core1: a closure threw", new IllegalStateException());
    assertThat(lines.list.get(2).getFormattedMessage())
        .isEqualTo("core1: a closure threw (1 more like this before it)");
    assertThat(lines.list.get(2).getThrowableProxy()).isNotNull();
  }

  @Test
  void linesThatWouldNotBeWrittenAnywayCountForNothing() {
    room.debug("{}: detail", "core1");
    room.debug("{}: detail", "core1");
    assertThat(written()).isEmpty();
    assertThat(limit.leftOut()).isZero();
    assertThat(room.isInfoEnabled()).isTrue();
  }
}
