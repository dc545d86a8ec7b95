package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.again;
import static org.aeiou.closures.scheduler.SteppedScheduler.done;
import static org.aeiou.closures.scheduler.SteppedScheduler.items;
import static org.aeiou.closures.scheduler.SteppedScheduler.more;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerShapesTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void tooBigHalvesTheLimitAndAsksAgainInOrderWithoutCountingARetry() {
    List<Asked> asked = core1.askAll("a", "b", "c", "d");
    stepped.settle();
    core1.answer(core1.last(), new Answer.TooBig<>());
    assertThat(core1.keys(core1.last())).containsExactly("a", "b");
    assertThat(core1.last().attempt()).isEqualTo(1);
    core1.answerLast();
    core1.answerLast();
    assertThat(asked).extracting(Asked::word).doesNotContain("pending");
    assertThat(core1.asked())
        .containsExactly(List.of("a", "b", "c", "d"), List.of("a", "b"), List.of("c", "d"));
    assertThat(core1.queue.health().batchLimit()).isEqualTo(2);
    assertThat(stepped.count(SchedulerCounter.TOO_BIG)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.RETRIES)).isZero();
  }

  @Test
  void tooBigForASingleItemIsABadAnswer() {
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.answer(core1.last(), new Answer.TooBig<>());
    assertThat(asked.word()).isEqualTo("BAD_ANSWER");
    assertThat(asked.message()).startsWith("core1: ").contains("does not fit");
    assertThat(core1.queue.health().batchLimit()).as("says nothing about many").isEqualTo(4);
  }

  @Test
  void theLimitGrowsToWhatIsKnownToFailAndIsTriedAgainWhenItWasTrustedForLongEnough() {
    core1.askAll("a", "b", "c", "d");
    stepped.settle();
    core1.answer(core1.last(), new Answer.TooBig<>());
    answerMany("key");
    assertThat(core1.started).extracting(e -> e.items().size()).contains(3);
    assertThat(core1.started.subList(1, core1.exchanges()))
        .as("four are known to be too many")
        .allSatisfy(exchange -> assertThat(exchange.items()).hasSizeLessThan(4));
    assertThat(core1.queue.health().batchLimit()).isEqualTo(3);
    stepped.advance(Duration.ofMinutes(10));
    answerMany("later");
    assertThat(core1.queue.health().batchLimit()).as("as configured, and no more").isEqualTo(4);
    assertThat(core1.queue.health().learned().batch()).isNull();
  }

  @Test
  void aLimitThatHoldsWhenItIsTriedIsTrustedForTwiceAsLong() {
    core1.askAll("a", "b", "c", "d");
    stepped.settle();
    core1.answer(core1.last(), new Answer.TooBig<>());
    answerMany("key");
    stepped.advance(Duration.ofMinutes(10));
    for (int i = 0; i < 40; i++) {
      core1.ask("later" + i);
    }
    stepped.settle();
    while (stepped.count("pending") > 0) {
      if (core1.last().items().size() == 4) {
        core1.answer(core1.last(), new Answer.TooBig<>());
      } else {
        core1.answerLast();
      }
    }
    assertThat(stepped.count(SchedulerCounter.TOO_BIG)).isEqualTo(2);
    assertThat(core1.queue.health().learned().batch())
        .isEqualTo(new Learned.Bound(3, Duration.ofMinutes(20)));
  }

  private void answerMany(String prefix) {
    for (int i = 0; i < 100; i++) {
      core1.ask(prefix + i);
    }
    stepped.settle();
    core1.answerUntilNothingIsPending();
  }

  @Test
  void moreGoesToTheFrontWithItsContinuation() {
    Asked table = core1.ask("table");
    stepped.settle();
    core1.askAll("a", "b");
    core1.answer(core1.last(), items(more("row 10")));
    assertThat(core1.last().items())
        .containsExactly(
            new Exchange.Item<>("table", "row 10"),
            new Exchange.Item<>("a", null),
            new Exchange.Item<>("b", null));
    core1.answer(core1.last(), items(done("all rows"), done("1"), done("2")));
    assertThat(table.word()).isEqualTo("all rows");
    assertThat(stepped.count(SchedulerCounter.CONTINUED)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.RETRIES)).isZero();
  }

  @Test
  void aContinuationSurvivesATimeout() {
    core1.ask("table");
    stepped.settle();
    core1.answer(core1.last(), items(more("row 10")));
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(125));
    assertThat(core1.last().items()).containsExactly(new Exchange.Item<>("table", "row 10"));
  }

  @Test
  void moreThatNoRequestWaitsForIsDropped() {
    Asked table = core1.ask("table");
    stepped.settle();
    table.request.cancel();
    core1.answer(core1.last(), items(more("row 10")));
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.DROPPED)).isEqualTo(1);
  }

  @Test
  void againIsAskedNextAndNotARetry() {
    List<Asked> asked = core1.askAll("a", "bad", "c");
    stepped.settle();
    core1.answer(core1.last(), items(again(), done("error"), again()));
    assertThat(asked.get(1).word()).isEqualTo("error");
    assertThat(core1.keys(core1.last())).containsExactly("a", "c");
    assertThat(core1.last().attempt()).isEqualTo(1);
    core1.answerLast();
    assertThat(asked).extracting(Asked::word).containsExactly("value of a", "error", "value of c");
  }

  @Test
  void againWithoutAnyProgressIsABadAnswerInTheEnd() {
    List<Asked> asked = core1.askAll("a", "b");
    stepped.settle();
    for (int i = 0; i < 8; i++) {
      assertThat(asked.get(0).isPending()).isTrue();
      core1.answer(core1.last(), items(again(), again()));
    }
    assertThat(asked).extracting(Asked::word).containsOnly("BAD_ANSWER");
    assertThat(core1.exchanges()).isEqualTo(8);
    assertThat(stepped.count(SchedulerCounter.NO_PROGRESS)).isEqualTo(2);
  }

  @Test
  void againWhileOthersGetOnIsBoundedToo() {
    Asked starved = core1.ask("starved");
    stepped.settle();
    for (int i = 0; starved.isPending(); i++) {
      assertThat(i).isLessThan(70);
      core1.ask("other" + i);
      int size = core1.last().items().size();
      core1.answer(core1.last(), size == 1 ? items(again()) : items(again(), done("x")));
    }
    assertThat(starved.word()).isEqualTo("BAD_ANSWER");
    assertThat(core1.exchanges()).isGreaterThan(50);
  }

  @Test
  void aWrongNumberOfItemsIsABadAnswerForAll() {
    List<Asked> asked = core1.askAll("a", "b");
    stepped.settle();
    core1.answer(core1.last(), items(done("only one")));
    assertThat(asked).extracting(Asked::word).containsOnly("BAD_ANSWER");
    assertThat(asked.get(0).message()).isEqualTo("core1: it answered 1 items, expected 2");
    assertThat(core1.arrivals).isEmpty();
    assertThat(stepped.count(SchedulerCounter.BAD_ANSWERS)).isEqualTo(1);
  }

  @Test
  void nullWhereAnAnswerOrAnOutcomeBelongsIsABadAnswer() {
    Asked first = core1.ask("a");
    stepped.settle();
    core1.answer(core1.last(), (Answer<String>) null);
    assertThat(first.word()).isEqualTo("BAD_ANSWER");
    Asked second = core1.ask("a");
    stepped.settle();
    core1.answer(core1.last(), items(new Answer.Item.Done<>(null)));
    assertThat(second.word()).isEqualTo("BAD_ANSWER");
  }

  @Test
  void roundTripsAreSmoothed() {
    assertThat(core1.queue.health().rttNanos()).isEqualTo(-1);
    core1.ask("a");
    stepped.settle();
    stepped.pass(Duration.ofMillis(80));
    core1.answerLast();
    assertThat(core1.queue.health().rttNanos()).isEqualTo(80_000_000);
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.queue.health().rttNanos()).isEqualTo(70_000_000);
    assertThat(core1.queue.health().lastAnswerNanos()).isEqualTo(stepped.now());
  }

  @Test
  void theBackEndIsToldWhenAnAnswerIsTakenAndWhenAContinuationIsOfNoMoreUse() {
    core1.ask("table");
    core1.ask("hasty table", Duration.ofMillis(300));
    core1.ask("a");
    stepped.settle();
    Exchange<String, String> first = core1.last();
    assertThat(first.answer(items(more("row 10"), more("row 20"), done("1")))).isTrue();
    assertThat(first.answer(items(done("again"), done("again"), done("again")))).isFalse();
    assertThat(core1.taken).as("still in the mail").isEmpty();
    stepped.settle();
    assertThat(core1.taken).containsExactly(first);
    assertThat(core1.ended).as("'a' had no continuation").isEmpty();
    stepped.advance(Duration.ofMillis(300));
    core1.answer(core1.last(), items(done("all rows"), more("row 30")));
    assertThat(core1.ended).containsExactlyInAnyOrder("table", "hasty table");
  }

  @Test
  void whatTheBackEndNoticedIsInTheHealth() {
    core1.notes = List.of("the clock was set back");
    core1.ask("a");
    stepped.settle();
    assertThat(core1.queue.health().notes()).containsExactly("the clock was set back");
  }
}
