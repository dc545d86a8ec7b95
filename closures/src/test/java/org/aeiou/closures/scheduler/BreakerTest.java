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

class BreakerTest {
  private static final Limits ONE_TRY = new Limits(Duration.ofSeconds(1), 0, 1, Duration.ZERO, 1);

  private final SteppedScheduler stepped =
      new SteppedScheduler(
          OPTIONS.withBreaker(3, new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60))));
  private final Scripted core1 = stepped.open("core1", ONE_TRY);

  @AfterEach
  void close() {
    stepped.close();
  }

  private void letTimeOut(int exchanges) {
    for (int i = 0; i < exchanges; i++) {
      core1.ask("key" + i);
      stepped.settle();
      stepped.advance(Duration.ofSeconds(1));
    }
  }

  private Health.BreakerState state() {
    return core1.queue.health().breaker();
  }

  @Test
  void opensAfterSoManyUnansweredExchangesAndFailsWhatIsQueued() {
    letTimeOut(2);
    Asked sent = core1.ask("sent");
    Asked queued = core1.ask("queued");
    stepped.settle();
    assertThat(state()).isEqualTo(Health.BreakerState.CLOSED);
    stepped.advance(Duration.ofSeconds(1));
    assertThat(state()).isEqualTo(Health.BreakerState.OPEN);
    assertThat(sent.word()).isEqualTo("TIMEOUT");
    assertThat(queued.word()).as("it waited for nothing").isEqualTo("TIMEOUT");
    assertThat(queued.message())
        .matches(
            "core1 has not answered since 2023-11-14T22:13:\\d\\dZ \\(3 exchanges\\);"
                + " the next request after 2023-11-14T22:13:\\d\\dZ asks it again");
    assertThat(core1.queue.health().lastError()).isEqualTo(queued.message());
    assertThat(stepped.count(SchedulerCounter.BREAKER_OPENED)).isEqualTo(1);
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void whileOpenRequestsFailAtOnceButStillDelayed() {
    letTimeOut(3);
    Asked asked = core1.ask("a");
    assertThat(asked.isPending()).isTrue();
    stepped.turn();
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
    assertThat(asked.delayed).isTrue();
    assertThat(core1.exchanges()).isEqualTo(3);
  }

  @Test
  void thatItStoppedAnsweringAndAnswersAgainIsToldOnceEach() {
    letTimeOut(3);
    for (int i = 0; i < 3; i++) {
      stepped.advance(Duration.ofSeconds(75));
      letTimeOut(1);
    }
    stepped.advance(Duration.ofSeconds(75));
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    core1.ask("b");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.arrivals)
        .containsExactly(
            "down: core1 did not answer within 1000 ms (1 attempt)",
            "up",
            "a=value of a",
            "b=value of b");
  }

  @Test
  void eachChangeOfTheBreakerIsToldWithHowLongItIsOpen() {
    letTimeOut(3);
    stepped.advance(Duration.ofSeconds(75));
    letTimeOut(1);
    stepped.advance(Duration.ofSeconds(75));
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.changes)
        .hasSize(5)
        .satisfies(
            changes -> {
              assertThat(changes.get(0)).startsWith("CLOSED > OPEN PT").isNotEqualTo("PT0S");
              assertThat(changes.get(1)).isEqualTo("OPEN > HALF_OPEN PT0S");
              assertThat(changes.get(2)).startsWith("HALF_OPEN > OPEN PT");
              assertThat(changes.get(3)).isEqualTo("OPEN > HALF_OPEN PT0S");
              assertThat(changes.get(4)).isEqualTo("HALF_OPEN > CLOSED PT0S");
            });
  }

  @Test
  void aRetryIsNotWaitedForOnceOpen() {
    Scripted retrying =
        stepped.open("retrying", new Limits(Duration.ofSeconds(1), 9, 1, Duration.ZERO, 1));
    Asked asked = retrying.ask("a");
    stepped.settle();
    for (int i = 0; i < 3; i++) {
      stepped.advance(Duration.ofSeconds(1));
      stepped.advance(Duration.ofMillis(500));
    }
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(retrying.exchanges()).isEqualTo(3);
  }

  @Test
  void afterThePeriodOneExchangeGoesThroughAndItsAnswerCloses() {
    letTimeOut(3);
    stepped.advance(Duration.ofMillis(6250));
    assertThat(state()).as("nothing happens without a request").isEqualTo(Health.BreakerState.OPEN);
    Asked probe = core1.ask("probe");
    Asked next = core1.ask("next");
    stepped.settle();
    assertThat(state()).isEqualTo(Health.BreakerState.HALF_OPEN);
    assertThat(core1.keys(core1.last())).containsExactly("probe");
    core1.answerLast();
    assertThat(state()).isEqualTo(Health.BreakerState.CLOSED);
    assertThat(probe.word()).isEqualTo("value of probe");
    core1.answerLast();
    assertThat(next.word()).isEqualTo("value of next");
    assertThat(stepped.count(SchedulerCounter.BREAKER_PROBES)).isEqualTo(1);
    assertThat(core1.queue.health().lastError()).isNull();
  }

  @Test
  void halfOpenLetsOnlyOneExchangeThroughWhateverTheLimit() {
    Scripted wide = stepped.open("wide", new Limits(Duration.ofSeconds(1), 0, 4, Duration.ZERO, 1));
    wide.askAll("a", "b", "c");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(wide.queue.health().breaker()).isEqualTo(Health.BreakerState.OPEN);
    stepped.advance(Duration.ofMillis(6250));
    wide.askAll("d", "e", "f");
    stepped.settle();
    assertThat(wide.exchanges()).isEqualTo(4);
  }

  @Test
  void anUnansweredProbeOpensForTwiceAsLongAndFailsWhatGathered() {
    letTimeOut(3);
    stepped.advance(Duration.ofMillis(6250));
    core1.ask("probe");
    Asked gathered = core1.ask("gathered");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(state()).isEqualTo(Health.BreakerState.OPEN);
    assertThat(gathered.word()).isEqualTo("UNREACHABLE");
    stepped.advance(Duration.ofMillis(7300));
    Asked early = core1.ask("early");
    stepped.settle();
    assertThat(early.word()).as("10 s ± a quarter").isEqualTo("UNREACHABLE");
    stepped.advance(Duration.ofMillis(5300));
    core1.ask("probe2");
    stepped.settle();
    assertThat(state()).isEqualTo(Health.BreakerState.HALF_OPEN);
  }

  @Test
  void anAnswerInBetweenStartsTheCountAnew() {
    letTimeOut(2);
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    letTimeOut(2);
    assertThat(state()).isEqualTo(Health.BreakerState.CLOSED);
  }

  @Test
  void aLateAnswerClosesToo() {
    letTimeOut(3);
    core1.answer(core1.started.get(0), "");
    assertThat(state()).isEqualTo(Health.BreakerState.CLOSED);
  }

  @Test
  void aBackEndThatSaysUnreachableCountsAsSilence() {
    Failure<String> noRoute = new Failure<>(Reason.UNREACHABLE, "core1: no route to host");
    for (int i = 0; i < 3; i++) {
      core1.ask("key" + i);
      stepped.settle();
      core1.answer(core1.last(), new Answer.Failed<>(noRoute, false));
    }
    assertThat(state()).isEqualTo(Health.BreakerState.OPEN);
  }

  @Test
  void anyOtherFailureIsASignOfLife() {
    letTimeOut(2);
    core1.ask("a");
    stepped.settle();
    Failure<String> refused = new Failure<>(Reason.REFUSED, "core1: bad credentials");
    core1.answer(core1.last(), new Answer.Failed<>(refused, false));
    letTimeOut(1);
    assertThat(state()).isEqualTo(Health.BreakerState.CLOSED);
  }

  @Test
  void whatWasNotSentIsNeitherSilenceNorASignOfLife() {
    Failure<String> wrong = new Failure<>(Reason.BAD_REQUEST, "core1: cannot be asked that");
    for (int i = 0; i < 3; i++) {
      core1.ask("key" + i);
      stepped.settle();
      core1.answer(core1.last(), new Answer.Failed<>(wrong, false));
    }
    assertThat(state()).isEqualTo(Health.BreakerState.CLOSED);
    letTimeOut(2);
    core1.ask("another");
    stepped.settle();
    core1.answer(core1.last(), new Answer.Failed<>(wrong, false));
    letTimeOut(1);
    assertThat(state()).isEqualTo(Health.BreakerState.OPEN);
  }

  @Test
  void oneSystemsBreakerIsNotAnothers() {
    letTimeOut(3);
    Scripted core2 = stepped.open("core2");
    Asked asked = core2.ask("a");
    stepped.settle();
    core2.answerLast();
    assertThat(asked.word()).isEqualTo("value of a");
  }

  @Test
  void exchangesFromBeforeTheOpeningDoNotOpenItAgain() {
    Scripted wide = stepped.open("wide", new Limits(Duration.ofSeconds(1), 0, 9, Duration.ZERO, 1));
    List<Asked> asked = wide.askAll("a", "b", "c", "d", "e", "f");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(asked).extracting(Asked::word).containsOnly("TIMEOUT");
    assertThat(stepped.count(SchedulerCounter.BREAKER_OPENED)).isEqualTo(1);
  }
}
