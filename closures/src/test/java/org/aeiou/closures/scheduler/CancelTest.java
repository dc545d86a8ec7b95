package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancelTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void cancelRunsTheClosureOnTheShardNotInsideTheCall() {
    Asked asked = core1.ask("a");
    stepped.settle();
    asked.request.cancel();
    assertThat(asked.isPending()).isTrue();
    assertThat(asked.request.isDone()).isFalse();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    assertThat(asked.message()).isEqualTo("core1: the request was withdrawn");
    assertThat(asked.request.isDone()).isTrue();
    assertThat(stepped.count(SchedulerCounter.CANCELLED)).isEqualTo(1);
  }

  @Test
  void aFetchThatWasNotSentAndLostItsLastWaiterIsDropped() {
    core1.ask("in flight");
    stepped.settle();
    Asked asked = core1.ask("a");
    stepped.settle();
    asked.request.cancel();
    core1.answerLast();
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.DROPPED)).isEqualTo(1);
  }

  @Test
  void aFetchThatOthersWaitForGoesOn() {
    Asked first = core1.ask("a");
    Asked second = core1.ask("a");
    Asked third = core1.ask("a");
    second.request.cancel();
    stepped.settle();
    core1.answerLast();
    assertThat(first.word()).isEqualTo("value of a");
    assertThat(second.word()).isEqualTo("CANCELLED");
    assertThat(third.word()).isEqualTo("value of a");
  }

  @Test
  void cancelInTheSameTurnAsTheSubmissionAsksNoSystem() {
    Asked asked = core1.ask("a");
    asked.request.cancel();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    assertThat(core1.exchanges()).isZero();
    assertThat(stepped.count(SchedulerCounter.CANCELLED)).isEqualTo(1);
  }

  @Test
  void cancelWhileTheFetchBacksOffTakesTheRetryBack() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    asked.request.cancel();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    assertThat(stepped.timers()).isZero();
    assertThat(core1.queue.health().queued()).isZero();
  }

  @Test
  void cancelAfterTheOutcomeDoesNothing() {
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.answerLast();
    asked.request.cancel();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("value of a");
    assertThat(stepped.count(SchedulerCounter.CANCELLED)).isZero();
  }

  @Test
  void tenThousandOfManySystemsAreOneMailAndOneStepOfTheShard() {
    List<Scripted> systems = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      systems.add(stepped.open("sys" + i));
    }
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      all.add(systems.get(i % 100).ask("key" + i));
    }
    Asked other = systems.get(7).ask("of another");
    for (int i = 0; i < 20; i++) {
      stepped.turn();
    }
    int before = exchanges(systems);
    all.forEach(asked -> asked.request.cancel());
    assertThat(all).allMatch(Asked::isPending);
    stepped.turn();
    assertThat(all).allMatch(asked -> asked.word().equals("CANCELLED"));
    assertThat(stepped.count(SchedulerCounter.WITHDRAWALS)).isEqualTo(1);
    assertThat(stepped.count("pending")).isEqualTo(1);
    assertThat(other.isPending()).isTrue();
    assertThat(exchanges(systems)).as("nothing more was sent for them").isEqualTo(before);
  }

  private static int exchanges(List<Scripted> systems) {
    return systems.stream().mapToInt(Scripted::exchanges).sum();
  }

  @Test
  void cancelTwiceIsOnce() {
    Asked asked = core1.ask("a");
    asked.request.cancel();
    stepped.settle();
    asked.request.cancel();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    assertThat(stepped.count(SchedulerCounter.CANCELLED)).isEqualTo(1);
  }

  @Test
  void anAnswerThatCameBeforeTheCancelWins() {
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.last().answer(SteppedScheduler.items(SteppedScheduler.done("first")));
    asked.request.cancel();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("first");
  }

  @Test
  void aRequestOfABurstThatHasNotEndedIsWithdrawnAtOnce() {
    RequesterBurst burst = stepped.me.begin();
    Asked asked = core1.ask("a", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    asked.request.cancel();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    burst.end();
    stepped.settle();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    assertThat(core1.exchanges()).isZero();
    assertThat(stepped.count(SchedulerCounter.SUBMITTED)).isEqualTo(1);
    assertThat(stepped.count("pending")).isZero();
  }
}
