package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.LIMITS;
import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes without having been asked for. */
class DeliveryTest {
  private static final int BOUND = 18;

  private final SteppedScheduler stepped = new SteppedScheduler(OPTIONS.withMaxInFlight(BOUND));
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  /** Delivers a value that is taken now. */
  private boolean deliver(Scripted system, String key, String value) {
    return system.queue.deliver(key, Reading.of(value, stepped.now(), 0));
  }

  @Test
  void deliveredValueTakesStepOneOnTheThreadOfItsSystem() {
    assertThat(deliver(core1, "a", "pushed")).isTrue();
    assertThat(core1.arrivals).as("before the shard's turn").isEmpty();
    stepped.turn();
    assertThat(core1.arrivals).containsExactly("a=pushed");
    assertThat(core1.exchanges()).isZero();
    assertThat(stepped.count(SchedulerCounter.DELIVERED)).isEqualTo(1);
  }

  @Test
  void requestsThatWaitHaveWhatIsDeliveredAndTheSystemIsNotAsked() {
    Scripted slow = stepped.open("slow", LIMITS);
    slow.ask("first");
    stepped.settle();
    List<Asked> both = List.of(slow.ask("a"), slow.ask("a"));
    stepped.settle();
    slow.stepOne = outcome -> Reading.of("from step 1", 0, 0);
    deliver(slow, "a", "pushed");
    stepped.settle();
    assertThat(both).extracting(Asked::word).containsOnly("from step 1");
    assertThat(both).allMatch(asked -> asked.delayed);
    slow.answerLast();
    stepped.settle();
    assertThat(slow.asked()).containsExactly(List.of("first"));
    assertThat(stepped.count(SchedulerCounter.MET)).isEqualTo(2);
    assertThat(stepped.count("pending")).isZero();
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void deliveredAbsenceIsAnOutcomeToo() {
    core1.ask("first");
    stepped.settle();
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.queue.deliver("a", new Absent<>(stepped.now(), 0));
    stepped.settle();
    assertThat(asked.word()).isEqualTo("absent");
  }

  @Test
  void valueTakenBeforeARequestAskedIsNoOutcomeOfIt() {
    Asked before = core1.ask("a");
    Reading<String> value = Reading.of("pushed", stepped.now(), 0);
    stepped.pass(Duration.ofMillis(1));
    Asked after = core1.ask("a");
    stepped.settle();
    core1.queue.deliver("a", value);
    stepped.settle();
    assertThat(before.word()).isEqualTo("pushed");
    assertThat(after.isPending()).isTrue();
    core1.answerLast();
    assertThat(after.word()).isEqualTo("value of a");
  }

  @Test
  void exchangeInFlightGoesOnWithoutItsRequestsAndIsStillTheOnlyOneOfItsKey() {
    Asked early = core1.ask("a");
    stepped.settle();
    stepped.pass(Duration.ofMillis(1));
    deliver(core1, "a", "pushed");
    stepped.settle();
    assertThat(early.word()).isEqualTo("pushed");
    Asked late = core1.ask("a");
    stepped.settle();
    assertThat(core1.exchanges()).as("it joins").isEqualTo(1);
    core1.answerLast();
    assertThat(early.word()).isEqualTo("pushed");
    assertThat(late.word()).isEqualTo("value of a");
    assertThat(core1.arrivals).containsExactly("a=pushed", "a=value of a");
  }

  @Test
  void retryIsNotMadeForWhatWasDelivered() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    deliver(core1, "a", "pushed");
    stepped.settle();
    assertThat(asked.word()).isEqualTo("pushed");
    stepped.passTwoAttempts();
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.timers()).isZero();
    assertThat(core1.queue.health().queued()).isZero();
  }

  @Test
  void valueOlderThanWhatCameInMeanwhileIsDroppedAndCounted() {
    Reading<String> old = Reading.of("old", stepped.now(), 0);
    stepped.pass(Duration.ofMillis(1));
    core1.known.put("a", Reading.of("new", stepped.now(), 0));
    core1.queue.deliver("a", old);
    stepped.settle();
    assertThat(core1.arrivals).isEmpty();
    assertThat(stepped.count(SchedulerCounter.OVERTAKEN)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.DELIVERED)).isZero();
  }

  @Test
  void deliveryIsNoSignOfLife() {
    Scripted dead = stepped.open("dead");
    Health before = dead.queue.health();
    deliver(dead, "a", "pushed");
    stepped.settle();
    assertThat(dead.queue.health()).isEqualTo(before);
  }

  @Test
  void floodIsRefusedAtItsBoundAndCountedUntilTheShardHasTakenItIn() {
    int taken = 0;
    for (int i = 0; i < 10 * BOUND; i++) {
      taken += deliver(core1, "key " + i, "pushed") ? 1 : 0;
    }
    assertThat(taken).isEqualTo(BOUND * 8 / 9);
    assertThat(stepped.count(SchedulerCounter.DELIVERIES_REFUSED)).isEqualTo(10 * BOUND - taken);
    stepped.settle();
    assertThat(core1.arrivals).hasSize(taken);
    assertThat(deliver(core1, "again", "pushed")).isTrue();
  }

  @Test
  void floodOfOneSystemLeavesRoomForAnother() {
    for (int i = 0; i < 10 * BOUND; i++) {
      deliver(core1, "a", "pushed");
    }
    assertThat(deliver(stepped.open("core2"), "a", "pushed")).isTrue();
  }

  @Test
  void systemThatWasTakenOutDropsWhatComesForIt() {
    core1.queue.close();
    assertThat(deliver(core1, "a", "pushed")).isTrue();
    stepped.settle();
    assertThat(core1.arrivals).isEmpty();
    stepped.scheduler.close();
    assertThat(deliver(core1, "a", "pushed")).isFalse();
    assertThat(stepped.count(SchedulerCounter.DELIVERIES_REFUSED)).isEqualTo(1);
  }

  @Test
  void aTaskRunsOnTheThreadOfItsSystemAndHurtsNoneIfItThrows() {
    List<String> ran = new ArrayList<>();
    core1.queue.run(
        () -> {
          throw new IllegalStateException("a task");
        });
    assertThat(core1.queue.run(() -> ran.add("a"))).isTrue();
    assertThat(ran).as("before the shard's turn").isEmpty();
    stepped.settle();
    assertThat(ran).containsExactly("a");
    assertThat(stepped.count(SchedulerCounter.CALLBACK_FAILURES)).isEqualTo(1);
    stepped.scheduler.close();
    assertThat(core1.queue.run(() -> ran.add("b"))).isFalse();
  }

  @Test
  void failureIsRefusedWhereItIsDelivered() {
    assertThatThrownBy(
            () -> core1.queue.deliver("a", new Failure<>(Failure.Reason.TIMEOUT, "no answer")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no answer")
        .hasMessageContaining("expected a reading or an absence");
  }

  @Test
  void stepOneThatThrowsLosesNothing() {
    core1.ask("first");
    stepped.settle();
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.stepOne =
        outcome -> {
          throw new IllegalStateException("step 1");
        };
    deliver(core1, "a", "pushed");
    stepped.settle();
    assertThat(asked.word()).isEqualTo("pushed");
    assertThat(stepped.count(SchedulerCounter.CALLBACK_FAILURES)).isEqualTo(1);
  }
}
