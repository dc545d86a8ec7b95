package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deadlines that cannot be met are not sent. */
class DeadlineTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  /** Lets a system answer so often that its fastest answer is known. */
  private void learn(Duration roundTrip) {
    for (int i = 0; i < 8; i++) {
      core1.ask("known" + i);
      stepped.settle();
      stepped.pass(roundTrip);
      core1.answerLast();
    }
  }

  @Test
  void aDeadlineNearerThanTheFastestAnswerEndsAtOnceAndIsNotSent() {
    learn(Duration.ofMillis(50));
    int before = core1.exchanges();
    Asked asked = core1.ask("a", Duration.ofMillis(40));
    stepped.settle();
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(asked.message())
        .isEqualTo(
            "core1 was not asked: the deadline, in 40 ms, cannot be met; its fastest answer took"
                + " 50 ms");
    assertThat(core1.exchanges()).isEqualTo(before);
    assertThat(stepped.count(SchedulerCounter.UNMET)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.DEADLINES)).isZero();
    assertThat(stepped.timers()).isZero();
    assertThat(core1.ask("b", Duration.ofMillis(60)).isPending()).isTrue();
  }

  @Test
  void anAnswerThatIsUnderWayMayComeInTime() {
    learn(Duration.ofMillis(50));
    core1.ask("a");
    stepped.settle();
    stepped.pass(Duration.ofMillis(30));
    Asked late = core1.ask("a", Duration.ofMillis(25));
    stepped.settle();
    stepped.pass(Duration.ofMillis(20));
    core1.answerLast();
    assertThat(late.word()).isEqualTo("value of a");
  }

  @Test
  void whatCouldBeMetWhenItCameAndCannotWhenItsTurnComesIsNotSent() {
    learn(Duration.ofMillis(50));
    core1.kinds = key -> null;
    core1.ask("first");
    Asked second = core1.ask("second", Duration.ofMillis(90));
    stepped.settle();
    stepped.pass(Duration.ofMillis(60));
    core1.answerLast();
    assertThat(second.word()).isEqualTo("TIMEOUT");
    assertThat(second.message()).contains("cannot be met");
    assertThat(core1.last().items().get(0).key()).isEqualTo("first");
  }

  @Test
  void noneFillsAnExchangeThatComesTooLateForIt() {
    learn(Duration.ofMillis(50));
    core1.ask("first");
    stepped.settle();
    core1.ask("patient");
    Asked hasty = core1.ask("hasty", Duration.ofMillis(90));
    stepped.settle();
    stepped.pass(Duration.ofMillis(60));
    core1.answerLast();
    assertThat(hasty.word()).isEqualTo("TIMEOUT");
    assertThat(core1.keys(core1.last())).containsExactly("patient");
  }

  @Test
  void whatWasAskedAndCannotBeAskedAgainInTimeIsNotSaidToBeUnasked() {
    learn(Duration.ofMillis(50));
    Asked asked = core1.ask("a", Duration.ofMillis(1_120));
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.pass(Duration.ofMillis(90));
    stepped.settle();
    stepped.advance(Duration.ofMillis(30));
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(asked.message()).startsWith("core1 did not answer before the request's deadline");
  }

  @Test
  void afterALongSilenceOneIsSentToFindOutWhetherTheSystemHasBecomeFaster() {
    learn(Duration.ofMillis(50));
    stepped.advance(Duration.ofSeconds(10));
    Asked asked = core1.ask("a", Duration.ofMillis(40));
    stepped.settle();
    stepped.pass(Duration.ofMillis(5));
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of a");
    Asked next = core1.ask("b", Duration.ofMillis(40));
    stepped.settle();
    assertThat(next.isPending()).as("sent").isTrue();
  }

  @Test
  void aSingleSlowAnswerProvesNothing() {
    core1.ask("slow");
    stepped.settle();
    stepped.pass(Duration.ofMillis(500));
    core1.answerLast();
    Asked asked = core1.ask("a", Duration.ofMillis(40));
    stepped.settle();
    assertThat(asked.isPending()).isTrue();
  }

  @Test
  void aDeadlineBeforeItsTurnUnderARateEndsAtOnce() {
    Limits limits = new Limits(Duration.ofHours(1), 0, 100, Duration.ZERO, 1).with(new Rate(10, 5));
    Scripted slow = stepped.open("slow", limits);
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(slow.ask("k" + i, Duration.ofSeconds(1)));
    }
    stepped.settle();
    assertThat(slow.exchanges()).isEqualTo(5);
    assertThat(all.stream().filter(Asked::isPending))
        .as("5 at once, 9 before it is over")
        .hasSize(14);
    assertThat(all.get(99).word()).isEqualTo("TIMEOUT");
    assertThat(all.get(99).message())
        .startsWith("slow was not asked: the deadline, in 1000 ms, cannot be met; its rate")
        .contains("sent after 1000 ms");
    assertThat(stepped.count(SchedulerCounter.UNMET)).isEqualTo(86);
  }

  @Test
  void aDeadlineBeforeItsTurnUnderASharedBudgetEndsAtOnce() {
    var budget = stepped.scheduler.budget("site", new Rate(10, 1), null);
    Limits one = new Limits(Duration.ofHours(1), 0, 100, Duration.ZERO, 1);
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Scripted system = stepped.open("sys" + i, one);
      system.queue.share(budget);
      stepped.settle();
      all.add(system.ask("k", Duration.ofSeconds(1)));
      stepped.settle();
    }
    long pending = all.stream().filter(Asked::isPending).count();
    assertThat(pending).as("those that have their turn within a second").isBetween(9L, 12L);
    assertThat(all.get(49).message()).contains("or the budget it shares");
  }
}
