package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A system that is asked through something that knows how to ask it. */
class PassedOnTest {
  private static final Limits LIMITS = Limits.passedOn(Duration.ofMinutes(10), 64, 256);

  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1", LIMITS);

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void lateAnswersAreNoLossesAndNothingIsLearnedOfThem() {
    for (int i = 0; i < 40; i++) {
      core1.ask("quick " + i);
      stepped.settle();
      core1.answerLast();
    }
    for (int i = 0; i < 200; i++) {
      core1.ask("slow " + i);
      core1.ask("slow too " + i);
      stepped.settle();
      stepped.advance(Duration.ofSeconds(1));
      core1.answerLast();
    }
    assertThat(stepped.count(SchedulerCounter.PRESUMED_LOST)).isZero();
    assertThat(stepped.count(SchedulerCounter.REPEATED)).isZero();
    assertThat(stepped.count(SchedulerCounter.TIMEOUTS)).isZero();
    Learned learned = core1.queue.health().learned();
    assertThat(learned.batch()).isNull();
    assertThat(learned.inFlight()).isNull();
    assertThat(learned.gapNanos()).isNull();
    assertThat(core1.changes).isEmpty();
  }

  @Test
  void whatWasLearnedBeforeHoldsNothingUpAndHoldsAgainLater() {
    Duration hour = Duration.ofHours(1);
    Limits paced = new Limits(Duration.ofSeconds(1), 0, 4, Duration.ofMillis(1), 1);
    core1.queue.change(paced, core1);
    core1.queue.learn(
        new Learned(
            null, new Learned.Bound(1, hour), new Learned.Bound(500_000_000L, hour), 1_000, 0));
    IntStream.range(0, 8).forEach(i -> core1.ask("queued " + i));
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(1);
    core1.queue.change(LIMITS, core1);
    stepped.settle();
    assertThat(core1.started.stream().mapToInt(exchange -> exchange.items().size()).sum())
        .isEqualTo(8);
    core1.queue.change(paced, core1);
    List.copyOf(core1.started).forEach(exchange -> core1.answer(exchange, "value of "));
    assertThat(stepped.count("pending")).isZero();
    stepped.advance(Duration.ofSeconds(1));
    core1.ask("one");
    core1.ask("two");
    stepped.settle();
    int before = core1.exchanges();
    core1.answerLast();
    assertThat(core1.exchanges()).as("half a second apart").isEqualTo(before);
  }

  @Test
  void manyQuestionsToOneSystemLeaveAtOnce() {
    IntStream.range(0, 1_000).forEach(i -> core1.ask("a" + i));
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(4);
    assertThat(core1.started.stream().mapToInt(exchange -> exchange.items().size()).sum())
        .isEqualTo(1_000);
  }
}
