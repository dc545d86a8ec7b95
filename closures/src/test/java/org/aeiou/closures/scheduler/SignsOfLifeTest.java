package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that come in parts, and what a back end knows of silence. */
class SignsOfLifeTest {
  private static final Limits LIMITS = new Limits(Duration.ofSeconds(1), 1, 2, Duration.ZERO, 4);

  private final SteppedScheduler stepped =
      new SteppedScheduler(
          OPTIONS.withBreaker(2, new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60))));
  private final Scripted core1 = stepped.open("core1", LIMITS);

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void anAnswerInPartStartsTheTimeOutAnewAndIsASignOfLife() {
    Asked asked = core1.ask("a");
    stepped.settle();
    for (int i = 0; i < 3; i++) {
      stepped.pass(Duration.ofMillis(700));
      core1.last().answeredInPart();
      stepped.settle();
    }
    assertThat(core1.queue.health().rttNanos()).isPositive();
    assertThat(stepped.count(SchedulerCounter.PARTS)).isEqualTo(3);
    stepped.pass(Duration.ofMillis(700));
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of a");
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void aLateAnswerInPartIsASignOfLifeToo() {
    core1.ask("a");
    stepped.settle();
    stepped.passTwoAttempts();
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.OPEN);
    core1.last().answeredInPart();
    stepped.settle();
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.CLOSED);
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void whatTheBackEndSaysToTheSilenceIsInEveryMessageAboutIt() {
    core1.silence = "a wrong password looks like this";
    Asked hasty = core1.ask("a", Duration.ofMillis(300));
    Asked first = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofMillis(300));
    assertThat(hasty.message()).endsWith("; a wrong password looks like this");
    stepped.passTwoAttempts();
    assertThat(first.message())
        .isEqualTo(
            "core1 did not answer within 1000 ms (2 attempts); a wrong password looks like this");
    Asked second = core1.ask("b");
    stepped.settle();
    assertThat(second.message()).contains("(2 exchanges)").endsWith("; " + core1.silence);
    assertThat(core1.queue.health().lastError()).isEqualTo(second.message());
  }

  @Test
  void whyTheBackEndCannotAskIsKeptWhileTheBreakerIsOpen() {
    Failure<String> unknown = new Failure<>(Reason.UNREACHABLE, "core1: no such host name 'x'");
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.answer(core1.last(), new Answer.Failed<>(unknown, true));
    stepped.advance(Duration.ofMillis(125));
    core1.answer(core1.last(), new Answer.Failed<>(unknown, true));
    assertThat(asked.outcomes).isEqualTo(List.of(unknown));
    assertThat(core1.queue.health().lastError()).endsWith("; core1: no such host name 'x'");
    Asked later = core1.ask("b");
    stepped.settle();
    assertThat(later.word()).isEqualTo("UNREACHABLE");
    assertThat(later.message()).endsWith("; core1: no such host name 'x'");
  }
}
