package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.done;
import static org.aeiou.closures.scheduler.SteppedScheduler.items;
import static org.aeiou.closures.scheduler.SteppedScheduler.more;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LateAnswerTest {
  private static final Limits NO_RETRY = new Limits(Duration.ofSeconds(1), 0, 1, Duration.ZERO, 4);

  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void lateAnswerOfAFetchThatEndedUpdatesTheCacheAndIsCounted() {
    Scripted strict = stepped.open("strict", NO_RETRY);
    Asked asked = strict.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    strict.answerLast();
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(strict.arrivals).containsExactly("late a=value of a");
    assertThat(stepped.count(SchedulerCounter.LATE)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.LATE_ITEMS)).isEqualTo(1);
  }

  @Test
  void lateAnswerEndsAFetchThatBacksOff() {
    List<Asked> asked = core1.askAll("a", "b");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    core1.answerLast();
    assertThat(asked).extracting(Asked::word).containsExactly("value of a", "value of b");
    assertThat(core1.arrivals).containsExactly("a=value of a", "b=value of b");
    assertThat(stepped.timers()).as("the backoff is taken back").isZero();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(core1.queue.health().queued()).isZero();
  }

  @Test
  void lateAnswerEndsAFetchWhoseRetryIsUnderWayAndTheRetrysAnswerIsLate() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(125));
    core1.answer(core1.started.get(0), "first ");
    assertThat(asked.word()).isEqualTo("first a");
    core1.answer(core1.started.get(1), "second ");
    assertThat(asked.word()).isEqualTo("first a");
    assertThat(core1.arrivals).containsExactly("a=first a", "late a=second a");
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void lateAnswerEndsAFetchThatIsQueuedForItsRetry() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    core1.ask("b");
    stepped.settle();
    stepped.advance(Duration.ofMillis(125));
    assertThat(core1.asked()).containsExactly(List.of("a"), List.of("b"));
    core1.answer(core1.started.get(0), "late ");
    core1.answer(core1.started.get(1), "");
    assertThat(asked.word()).isEqualTo("late a");
    assertThat(core1.exchanges()).as("it left the queue").isEqualTo(2);
  }

  @Test
  void lateAnswerOfAnEarlierPartIsNotTakenForTheNextOne() {
    Asked asked = core1.ask("table");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(125));
    core1.answer(core1.started.get(1), items(more("row 2")));
    core1.answer(core1.started.get(0), items(done("only the first part")));
    assertThat(asked.isPending()).isTrue();
    core1.answer(core1.started.get(2), items(done("all")));
    assertThat(asked.word()).isEqualTo("all");
  }

  @Test
  void duplicateAnswersAreCountedAndDropped() {
    Asked asked = core1.ask("a");
    stepped.settle();
    Exchange<String, String> exchange = core1.last();
    exchange.answer(items(done("first")));
    exchange.answer(items(done("second")));
    stepped.settle();
    exchange.answer(items(done("third")));
    stepped.settle();
    assertThat(asked.word()).isEqualTo("first");
    assertThat(core1.arrivals).containsExactly("a=first");
    assertThat(stepped.count(SchedulerCounter.DUPLICATES)).isEqualTo(2);
  }

  @Test
  void lateFinalFailureEndsWhatIsStillPending() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    core1.answer(
        core1.last(), new Answer.Failed<>(new Failure<>(Reason.REFUSED, "core1: no"), false));
    assertThat(asked.word()).isEqualTo("REFUSED");
  }

  @Test
  void lateTooBigTeachesTheLimitAndEndsNothing() {
    core1.askAll("a", "b", "c", "d");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    core1.answer(core1.last(), new Answer.TooBig<>());
    stepped.advance(Duration.ofMillis(125));
    assertThat(core1.keys(core1.last())).as("half of two").containsExactly("a");
    assertThat(core1.queue.health().batchLimit()).isEqualTo(2);
  }

  @Test
  void answersAfterTheSystemWasTakenOutTouchNothing() {
    Scripted wide = stepped.open("wide", new Limits(Duration.ofSeconds(1), 0, 2, Duration.ZERO, 1));
    wide.askAll("a", "b");
    stepped.settle();
    wide.queue.close();
    stepped.settle();
    wide.answer(wide.started.get(0), "in time ");
    stepped.advance(Duration.ofSeconds(1));
    wide.answer(wide.started.get(1), "late ");
    assertThat(wide.arrivals).isEmpty();
    assertThat(stepped.count(SchedulerCounter.LATE)).isEqualTo(1);
  }
}
