package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotAskedTest {
  private static final Answer<String> NOT_ASKED =
      new Answer.NotAsked<>(new Failure<>(Reason.UNREACHABLE, "another daemon asks core1"));

  private static final Backoff PERIODS = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(5));

  private final SteppedScheduler stepped =
      new SteppedScheduler(SteppedScheduler.OPTIONS.withBreaker(3, PERIODS));
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void whatWasNotAskedEndsAtOnceAndIsNotTriedAgain() {
    Asked a = core1.ask("a");
    Asked b = core1.ask("b");
    stepped.settle();
    core1.answer(core1.last(), NOT_ASKED);
    stepped.advance(Duration.ofSeconds(10));
    assertThat(a.message()).isEqualTo("another daemon asks core1");
    assertThat(b.word()).isEqualTo("UNREACHABLE");
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.NOT_ASKED)).isEqualTo(1);
  }

  @Test
  void itIsNoSilenceAndNoSignOfLife() {
    for (int i = 0; i < 20; i++) {
      core1.ask("key" + i);
      stepped.settle();
      core1.answer(core1.last(), NOT_ASKED);
    }
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.CLOSED);
    assertThat(core1.queue.health().rttNanos()).as("of no round trip").isEqualTo(-1);
    assertThat(core1.queue.health().lastError()).isNull();
    assertThat(core1.changes).isEmpty();
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.queue.health().rttNanos()).isNotNegative();
  }

  @Test
  void aSilentSystemStaysSilentAndTheNextRequestLooksForItAgain() {
    for (int i = 0; i < 3; i++) {
      core1.ask("key" + i);
      stepped.settle();
      stepped.advance(Duration.ofSeconds(1));
    }
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.OPEN);
    stepped.advance(Duration.ofSeconds(60));
    core1.ask("a");
    stepped.settle();
    core1.answer(core1.last(), NOT_ASKED);
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.HALF_OPEN);
    Asked next = core1.ask("b");
    stepped.settle();
    core1.answerLast();
    assertThat(next.word()).isEqualTo("value of b");
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.CLOSED);
  }

  @Test
  void whatIsSentOnceDidNotHappen() {
    core1.repeatable = key -> !key.startsWith("set");
    Asked set = core1.ask("set a");
    stepped.settle();
    core1.answer(core1.last(), NOT_ASKED);
    assertThat(set.word()).isEqualTo("UNREACHABLE");
    assertThat(Failure.mayHaveHappened(Reason.UNREACHABLE)).isFalse();
  }
}
