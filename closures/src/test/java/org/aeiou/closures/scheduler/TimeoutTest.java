package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeoutTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void anUnansweredExchangeIsTriedAgainAndThenTimesOut() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(core1.exchanges()).as("backing off").isEqualTo(1);
    stepped.advance(Duration.ofMillis(125));
    assertThat(core1.exchanges()).isEqualTo(2);
    assertThat(core1.last().attempt()).isEqualTo(2);
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(250));
    assertThat(core1.exchanges()).isEqualTo(3);
    assertThat(asked.isPending()).isTrue();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(asked.message()).isEqualTo("core1 did not answer within 1000 ms (3 attempts)");
    assertThat(core1.arrivals).as("nothing came from the system").isEmpty();
    assertThat(stepped.count(SchedulerCounter.TIMEOUTS)).isEqualTo(3);
    assertThat(stepped.count(SchedulerCounter.RETRIES)).isEqualTo(2);
    assertThat(stepped.timers()).isZero();
    assertThat(core1.queue.health().lastError()).contains("did not answer");
  }

  @Test
  void whatNoRequesterWaitsForIsAskedOnce() {
    Asked ahead = core1.ask("ahead", Priority.BACKGROUND);
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(ahead.word()).isEqualTo("TIMEOUT");
    assertThat(ahead.message()).isEqualTo("core1 did not answer within 1000 ms (1 attempt)");
    stepped.advance(Duration.ofMillis(125));
    assertThat(core1.exchanges()).isEqualTo(1);
  }

  @Test
  void whatARequesterHasComeToWaitForIsTriedAgain() {
    Asked ahead = core1.ask("a", Priority.BACKGROUND);
    stepped.settle();
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(125));
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of a");
    assertThat(ahead.word()).isEqualTo("value of a");
  }

  @Test
  void theBackoffIsJitteredByTheInjectedRandomness() {
    core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.pass(Duration.ofMillis(70));
    stepped.settle();
    assertThat(core1.exchanges()).as("not before three quarters of 100 ms").isEqualTo(1);
    stepped.advance(Duration.ofMillis(55));
    assertThat(core1.exchanges()).as("not after five quarters").isEqualTo(2);
  }

  @Test
  void aBatchThatTimedOutIsTriedAgainInOrderInSmallerParts() {
    core1.askAll("a", "b", "c");
    stepped.settle();
    core1.ask("d");
    stepped.advance(Duration.ofSeconds(1));
    assertThat(core1.keys(core1.last())).containsExactly("d");
    core1.ask("e");
    stepped.pass(Duration.ofMillis(130));
    core1.answerLast();
    assertThat(core1.keys(core1.last())).containsExactly("a", "b");
    core1.answerLast();
    assertThat(core1.keys(core1.last())).containsExactly("c", "e");
  }

  @Test
  void timeoutsThatGoAwayWithSizeShrinkTheLimitALostPacketDoesNot() {
    bigOneIsLostSmallOnesAreNot("lost once ");
    assertThat(core1.queue.health().batchLimit()).isEqualTo(4);
    core1.askAll("1", "2", "3", "4");
    stepped.settle();
    core1.answerLast();
    bigOneIsLostSmallOnesAreNot("lost again, but a big one was answered in between ");
    assertThat(core1.queue.health().batchLimit()).isEqualTo(4);
    bigOneIsLostSmallOnesAreNot("lost twice in a row ");
    assertThat(core1.queue.health().batchLimit()).isEqualTo(2);
  }

  private void bigOneIsLostSmallOnesAreNot(String prefix) {
    core1.askAll(prefix + "a", prefix + "b", prefix + "c", prefix + "d");
    stepped.settle();
    assertThat(core1.last().items()).hasSize(4);
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(125));
    assertThat(core1.last().items()).hasSize(2);
    core1.answerUntilNothingIsPending();
  }

  @Test
  void aDeadlineEndsThatRequestOnly() {
    Asked patient = core1.ask("a");
    Asked hasty = core1.ask("a", Duration.ofMillis(300));
    stepped.settle();
    stepped.pass(Duration.ofMillis(299));
    stepped.settle();
    assertThat(hasty.isPending()).as("never early").isTrue();
    stepped.advance(Duration.ofMillis(1));
    assertThat(hasty.word()).isEqualTo("TIMEOUT");
    assertThat(hasty.message())
        .isEqualTo(
            "core1 did not answer before the request's deadline (1 attempt, time-out 1000 ms)");
    assertThat(patient.isPending()).isTrue();
    core1.answerLast();
    assertThat(patient.word()).isEqualTo("value of a");
    assertThat(hasty.outcomes).hasSize(1);
  }

  @Test
  void aFetchThatNoRequestWaitsForAndWasNotSentIsDropped() {
    core1.ask("in flight");
    stepped.settle();
    Asked hasty = core1.ask("a", Duration.ofMillis(300));
    stepped.settle();
    stepped.advance(Duration.ofMillis(300));
    assertThat(hasty.word()).isEqualTo("TIMEOUT");
    assertThat(hasty.message()).contains("0 attempts");
    core1.answerLast();
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.DROPPED)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.DEADLINES)).isEqualTo(1);
  }

  @Test
  void aFetchThatNoRequestWaitsForIsNotTriedAgain() {
    core1.ask("a", Duration.ofMillis(300));
    stepped.settle();
    stepped.advance(Duration.ofMillis(300));
    stepped.advance(Duration.ofSeconds(5));
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void theAnswerOfAnAbandonedFetchInFlightIsStillTakenIn() {
    core1.ask("a", Duration.ofMillis(300));
    stepped.settle();
    stepped.advance(Duration.ofMillis(300));
    core1.answerLast();
    assertThat(core1.arrivals).containsExactly("a=value of a");
  }

  @Test
  void aDeadlineThatHasPassedEndsTheRequestWithoutAskingAnyone() {
    Asked asked = core1.ask("a", Duration.ofMillis(-1));
    assertThat(asked.isPending()).as("a miss is always delayed").isTrue();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(core1.exchanges()).isZero();
  }

  @Test
  void anAnswerInTheMailIsOnTimeEvenIfTheTimerIsDueInTheSameTurn() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.pass(Duration.ofSeconds(2));
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of a");
    assertThat(stepped.count(SchedulerCounter.LATE)).isZero();
  }

  @Test
  void aFailedAnswerThatMayBeTriedAgainIsAndKeepsItsReason() {
    Asked asked = core1.ask("a");
    stepped.settle();
    Failure<String> busy = new Failure<>(Reason.BAD_ANSWER, "core1: resource unavailable");
    core1.answer(core1.last(), new Answer.Failed<>(busy, true));
    stepped.advance(Duration.ofMillis(125));
    core1.answer(core1.last(), new Answer.Failed<>(busy, true));
    stepped.advance(Duration.ofMillis(250));
    assertThat(asked.isPending()).isTrue();
    core1.answer(core1.last(), new Answer.Failed<>(busy, true));
    assertThat(asked.outcomes).isEqualTo(List.of(busy));
    assertThat(core1.arrivals).containsExactly("a=BAD_ANSWER");
    assertThat(core1.queue.health().lastError()).isEqualTo("core1: resource unavailable");
  }

  @Test
  void aFailedAnswerThatIsFinalEndsAllOfTheExchangeAtOnce() {
    List<Asked> asked = core1.askAll("a", "b");
    stepped.settle();
    Failure<String> refused = new Failure<>(Reason.REFUSED, "core1: unknown user");
    core1.answer(core1.last(), new Answer.Failed<>(refused, false));
    assertThat(asked).extracting(Asked::word).containsOnly("REFUSED");
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.REFUSED)).isEqualTo(2);
  }
}
