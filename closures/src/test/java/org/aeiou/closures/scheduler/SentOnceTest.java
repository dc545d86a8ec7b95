package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.again;
import static org.aeiou.closures.scheduler.SteppedScheduler.done;
import static org.aeiou.closures.scheduler.SteppedScheduler.items;
import static org.aeiou.closures.scheduler.SteppedScheduler.more;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Health.BreakerState;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are neither shared nor repeated: writes. */
class SentOnceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Limits SIDE_BY_SIDE = new Limits(SECOND, 2, 4, Duration.ZERO, 4);

  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");
  private final Scripted wide = stepped.open("wide", SIDE_BY_SIDE);

  @BeforeEach
  void writesAreKnownByTheirNames() {
    for (Scripted system : List.of(core1, wide)) {
      system.repeatable = key -> !key.startsWith("set ");
      system.concerns = (write, key) -> write.equals("set " + key);
    }
  }

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void eachRequestHasAnExchangeOfItsOwnHoweverEqualTheyAre() {
    List<Asked> asked = wide.askAll("set a", "set a", "b");
    stepped.settle();
    assertThat(wide.asked()).containsExactly(List.of("set a"), List.of("set a"), List.of("b"));
    wide.answer(wide.started.get(0), items(done("first")));
    assertThat(asked).extracting(Asked::word).containsExactly("first", "pending", "pending");
    wide.answer(wide.started.get(1), items(done("second")));
    assertThat(asked).extracting(Asked::word).containsExactly("first", "second", "pending");
  }

  @Test
  void whatWasAnsweredJustNowIsNoAnswerToIt() {
    core1.known.put("set a", Reading.of("known", stepped.now(), 1));
    Asked asked = core1.ask("set a");
    stepped.settle();
    assertThat(asked.isPending()).isTrue();
    assertThat(core1.exchanges()).isEqualTo(1);
  }

  @Test
  void aLostAnswerIsNotAskedForAgainAndItMayHaveHappened() {
    Asked asked = core1.ask("set a");
    stepped.settle();
    stepped.advance(SECOND);
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(asked.message())
        .isEqualTo("core1 did not answer within 1000 ms (1 attempt): it may have happened");
    stepped.advance(Duration.ofSeconds(10));
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void itsLateAnswerGoesThroughStepOneAndIsCounted() {
    Asked asked = core1.ask("set a");
    stepped.settle();
    stepped.advance(SECOND);
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(core1.arrivals).containsExactly("late set a=value of set a");
    assertThat(stepped.count(SchedulerCounter.LATE_ITEMS)).isEqualTo(1);
  }

  @Test
  void aDuplicateAnswerIsDropped() {
    Asked asked = core1.ask("set a");
    stepped.settle();
    core1.answerLast();
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of set a");
    assertThat(stepped.count(SchedulerCounter.DUPLICATES)).isEqualTo(1);
    assertThat(core1.arrivals).hasSize(1);
  }

  @Test
  void withdrawnBeforeItIsSentItIsNotSent() {
    core1.ask("b");
    stepped.settle();
    Asked asked = core1.ask("set a");
    stepped.settle();
    asked.request.cancel();
    stepped.settle();
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("CANCELLED");
    assertThat(asked.message()).isEqualTo("core1: the request was withdrawn");
    assertThat(core1.asked()).containsExactly(List.of("b"));
  }

  @Test
  void withdrawnAfterItWasSentItMayHaveHappenedAndItsAnswerGoesThroughStepOne() {
    Asked asked = core1.ask("set a");
    stepped.settle();
    asked.request.cancel();
    stepped.settle();
    assertThat(asked.message())
        .isEqualTo("core1: the request was withdrawn after it was sent: it may have happened");
    core1.answerLast();
    assertThat(core1.arrivals).containsExactly("set a=value of set a");
  }

  @Test
  void atItsDeadlineItSaysWhetherItMayHaveHappened() {
    Asked sent = core1.ask("set a", Duration.ofMillis(500));
    Asked unsent = core1.ask("set b", Duration.ofMillis(500));
    stepped.settle();
    stepped.advance(Duration.ofMillis(500));
    assertThat(sent.word()).isEqualTo("TIMEOUT");
    assertThat(sent.message())
        .isEqualTo("core1 did not answer before the request's deadline: it may have happened");
    assertThat(unsent.word()).isEqualTo("OVERLOADED");
    assertThat(unsent.message()).contains("it did not happen");
    core1.answerLast();
    stepped.advance(Duration.ofSeconds(5));
    assertThat(core1.asked()).containsExactly(List.of("set a"));
  }

  @Test
  void whileTheBreakerIsOpenItFailsAtOnceAndIsNotSent() {
    SteppedScheduler other =
        new SteppedScheduler(
            SteppedScheduler.OPTIONS.withBreaker(1, new Backoff(SECOND, Duration.ofSeconds(60))));
    Scripted dead = other.open("dead");
    dead.repeatable = key -> !key.startsWith("set ");
    dead.ask("a");
    other.settle();
    Asked queued = dead.ask("set b");
    other.settle();
    other.advance(SECOND);
    assertThat(dead.breaker()).isEqualTo(BreakerState.OPEN);
    Asked asked = dead.ask("set a");
    other.settle();
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
    assertThat(queued.word()).isEqualTo("UNREACHABLE");
    assertThat(dead.asked()).containsExactly(List.of("a"));
    other.close();
  }

  @Test
  void whatTheBackEndWouldTryAgainIsNot() {
    Asked asked = core1.ask("set a");
    stepped.settle();
    core1.answer(
        core1.last(), new Answer.Failed<>(new Failure<>(Reason.BAD_ANSWER, "nonsense"), true));
    stepped.advance(Duration.ofSeconds(5));
    assertThat(asked.message()).isEqualTo("nonsense");
    assertThat(core1.exchanges()).isEqualTo(1);
  }

  @Test
  void anAnswerThatWouldHaveItGoOnEndsIt() {
    for (Answer.Item<String> item : List.of(more("there"), again())) {
      Asked asked = core1.ask("set a");
      stepped.settle();
      core1.answer(core1.last(), items(item));
      assertThat(asked.word()).isEqualTo("BAD_ANSWER");
    }
    assertThat(core1.exchanges()).isEqualTo(2);
  }

  @Test
  void whenItsSystemIsTakenOutItSaysWhetherItMayHaveHappened() {
    List<Asked> asked = core1.askAll("set a", "set b");
    stepped.settle();
    core1.queue.close();
    stepped.settle();
    assertThat(asked).extracting(Asked::word).containsOnly("STOPPED");
    assertThat(asked.get(0).message()).endsWith("the request was sent, and may have happened");
    assertThat(asked.get(1).message()).doesNotContain("may have happened");
  }

  @Test
  void itHasItsTurnAsAnyRequest() {
    Requester other = stepped.scheduler.requester("other");
    core1.ask("first");
    stepped.settle();
    List<Asked> many = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      many.add(core1.ask("set " + i));
    }
    core1.ask("b", Priority.INTERACTIVE, Duration.ofHours(1), other.alone());
    stepped.settle();
    core1.answerUntilNothingIsPending();
    assertThat(core1.asked().indexOf(List.of("b"))).isLessThanOrEqualTo(2);
    assertThat(many).extracting(Asked::word).allMatch(word -> word.startsWith("value of set"));
  }

  @Test
  void whatWasAskedBeforeItAndIsAnsweredAfterItIsAskedAgain() {
    List<Asked> before = wide.askAll("a", "b");
    stepped.settle();
    Asked set = wide.ask("set a");
    stepped.settle();
    Exchange<String, String> reads = wide.started.get(0);
    wide.answer(wide.started.get(1), items(done("done")));
    Asked after = wide.ask("a");
    stepped.settle();
    wide.answer(reads, "old ");
    assertThat(set.word()).isEqualTo("done");
    assertThat(before).extracting(Asked::word).containsExactly("pending", "old b");
    assertThat(wide.keys(wide.last())).containsExactly("a");
    wide.answer(wide.last(), "new ");
    assertThat(before.get(0).word()).isEqualTo("new a");
    assertThat(after.word()).isEqualTo("new a");
    assertThat(wide.arrivals).doesNotContain("a=old a");
    assertThat(stepped.count(SchedulerCounter.BEFORE_A_WRITE)).isEqualTo(1);
  }

  @Test
  void theLateAnswerOfWhatWasAskedBeforeItIsNotTaken() {
    Asked before = wide.ask("a");
    stepped.settle();
    Exchange<String, String> lost = wide.last();
    stepped.advance(SECOND);
    wide.ask("set a");
    stepped.settle();
    wide.answer(wide.last(), items(done("done")));
    wide.answer(lost, "old ");
    assertThat(before.isPending()).isTrue();
    stepped.advance(Duration.ofMillis(200));
    wide.answer(wide.last(), "new ");
    assertThat(before.word()).isEqualTo("new a");
    assertThat(wide.arrivals).containsExactly("set a=done", "a=new a");
  }

  @Test
  void itsTimeoutAndItsLateAnswerOvertakeToo() {
    wide.ask("set a");
    stepped.settle();
    stepped.pass(Duration.ofMillis(900));
    Asked during = wide.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofMillis(100));
    wide.answer(wide.started.get(1), "old ");
    assertThat(during.isPending()).as("asked before the time-out").isTrue();
    wide.answer(wide.started.get(0), items(done("done at last")));
    wide.answer(wide.started.get(2), "old ");
    assertThat(during.isPending()).as("asked before the late answer").isTrue();
    wide.answer(wide.last(), "new ");
    assertThat(during.word()).isEqualTo("new a");
  }

  @Test
  void ofVeryManyWritesTheOldestConcernAllThatWasAskedBefore() {
    Asked before = wide.ask("z");
    stepped.settle();
    Exchange<String, String> read = wide.last();
    for (int i = 0; i < 20; i++) {
      wide.ask("set " + i);
      stepped.settle();
      wide.answer(wide.last(), items(done("done")));
    }
    wide.answer(read, "perhaps old ");
    assertThat(before.isPending()).isTrue();
    wide.answer(wide.last(), "");
    assertThat(before.word()).isEqualTo("z");
  }
}
