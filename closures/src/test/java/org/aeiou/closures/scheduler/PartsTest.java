package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.again;
import static org.aeiou.closures.scheduler.SteppedScheduler.done;
import static org.aeiou.closures.scheduler.SteppedScheduler.items;
import static org.aeiou.closures.scheduler.SteppedScheduler.more;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Items that go on in several exchanges side by side. */
class PartsTest {
  private static final Limits TWO_AT_ONCE =
      new Limits(Duration.ofSeconds(1), 2, 2, Duration.ZERO, 4);

  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1", TWO_AT_ONCE);

  @AfterEach
  void close() {
    stepped.close();
  }

  private static Answer.Item<String> split(Object... continuations) {
    return new Answer.Item.Split<>(List.of(continuations));
  }

  private static Answer.Item<String> ended(Object found) {
    return new Answer.Item.PartEnded<>(found);
  }

  /** A table that is asked for, and goes on in these parts. */
  private Asked table(Object... continuations) {
    Asked table = core1.ask("table");
    stepped.settle();
    core1.answer(core1.last(), items(split(continuations)));
    return table;
  }

  private List<Object> continuations() {
    return core1.started.stream().map(e -> e.items().get(0).continuation()).toList();
  }

  private Exchange<String, String> of(Object continuation) {
    return core1.started.get(continuations().lastIndexOf(continuation));
  }

  @Test
  void partsAreAskedSideBySideAndJoinedInTheirOrder() {
    core1.joined = found -> done(found.toString());
    Asked table = table("a", "b", "c");
    assertThat(continuations()).as("as many as may be in flight").containsExactly(null, "a", "b");
    core1.answer(of("b"), items(ended("second")));
    assertThat(continuations()).endsWith("c");
    core1.answer(of("c"), items(ended("third")));
    core1.answer(of("a"), items(more("a2")));
    assertThat(table.isPending()).isTrue();
    core1.answer(of("a2"), items(ended("first")));
    assertThat(table.word()).isEqualTo("[first, second, third]");
    assertThat(core1.arrivals).containsExactly("table=[first, second, third]");
    assertThat(core1.ended).containsExactly("table");
    assertThat(stepped.count(SchedulerCounter.SPLIT)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.RETRIES)).isZero();
  }

  @Test
  void aPartMayBeSplitAgainAndItsPartsTakeItsPlace() {
    core1.joined = found -> done(found.toString());
    Asked table = table("a", "b");
    core1.answer(of("a"), items(split("a1", "a2")));
    core1.answer(of("b"), items(ended("3")));
    core1.answer(of("a2"), items(ended("2")));
    core1.answer(of("a1"), items(ended("1")));
    assertThat(table.word()).isEqualTo("[1, 2, 3]");
  }

  @Test
  void whatIsJoinedMayGoOnAsOne() {
    core1.joined = found -> more("anew");
    Asked table = table("a", "b");
    core1.answer(of("a"), items(ended("1")));
    core1.answer(of("b"), items(ended("2")));
    assertThat(continuations()).containsExactly(null, "a", "b", "anew");
    core1.answerLast();
    assertThat(table.word()).isEqualTo("value of table");
    assertThat(core1.ended).containsExactly("table");
  }

  @Test
  void onePartsOutcomeIsTheItemsAndTheOthersAreOfNoMoreUse() {
    Asked table = table("a", "b", "c");
    core1.answer(of("a"), items(done("too much")));
    assertThat(table.word()).isEqualTo("too much");
    assertThat(core1.ended).containsExactly("table");
    core1.answer(of("b"), items(ended("2")));
    assertThat(continuations()).doesNotContain("c");
    assertThat(core1.queue.health().queued()).isZero();
  }

  @Test
  void allButOnePartLeaveTheirTurnToOthers() {
    core1.kinds = key -> null;
    table("a", "b");
    core1.ask("other");
    core1.ask("another");
    stepped.settle();
    core1.answer(of("b"), items(more("b2")));
    assertThat(core1.keys(core1.last())).as("a is under way").containsExactly("other");
    core1.answer(of("a"), items(more("a2")));
    assertThat(core1.keys(core1.last())).as("b is in the queue").containsExactly("another");
    core1.answerLast();
    assertThat(core1.keys(core1.last())).containsExactly("table");
  }

  @Test
  void theRoomIsWhatCouldBeUnderWayBesideAnExchange() {
    table("a", "b");
    assertThat(core1.started).extracting(Exchange::room).containsExactly(1, 0, 0);
    core1.joined = found -> done("all");
    core1.answer(of("b"), items(ended("2")));
    core1.answer(of("a"), items(more("a2")));
    assertThat(of("a2").room()).isEqualTo(1);
    core1.answer(of("a2"), items(ended("1")));
    core1.queue.change(new Limits(Duration.ofSeconds(1), 2, 1, Duration.ZERO, 4), core1);
    core1.ask("one at a time");
    stepped.settle();
    assertThat(core1.last().room()).isZero();
  }

  @Test
  void aPartThatIsNotAnsweredIsTriedAgainAndThenOneIsAskedAtATime() {
    core1.joined = found -> done(found.toString());
    Asked table = table("a", "b", "c");
    core1.answer(of("a"), items(more("a2")));
    stepped.pass(Duration.ofMillis(500));
    core1.answer(of("a2"), items(more("a3")));
    stepped.advance(Duration.ofMillis(600)); // b was not answered
    assertThat(stepped.count(SchedulerCounter.TIMEOUTS)).isEqualTo(1);
    stepped.advance(Duration.ofMillis(150));
    assertThat(core1.queue.health().inFlight()).isEqualTo(1);
    core1.answer(of("a3"), items(ended("1")));
    assertThat(core1.queue.health().inFlight()).isEqualTo(1);
    assertThat(core1.last().items().get(0).continuation()).isEqualTo("b");
    assertThat(core1.last().attempt()).isEqualTo(2);
    core1.answerUntil(table, ended("2"));
    assertThat(table.word()).isEqualTo("[1, 2, 2]");
  }

  @Test
  void aPartThatIsNeverAnsweredEndsTheItem() {
    Asked table = table("a", "b");
    core1.answer(of("a"), items(ended("1")));
    for (int i = 0; i < 8; i++) {
      stepped.advance(Duration.ofSeconds(2));
    }
    assertThat(stepped.count(SchedulerCounter.RETRIES)).isEqualTo(2);
    assertThat(table.word()).isEqualTo("TIMEOUT");
    assertThat(core1.ended).containsExactly("table");
    assertThat(core1.queue.health().queued()).isZero();
    assertThat(stepped.timers()).as("but for the system's own").isLessThanOrEqualTo(1);
  }

  @Test
  void aTableThatNoRequestWaitsForEndsWithWhatWasSentAndMayBeWantedAgain() {
    Asked table = table("a", "b", "c");
    table.request.cancel();
    stepped.settle();
    assertThat(core1.ended).as("two are under way").isEmpty();
    core1.answer(of("a"), items(more("a2")));
    Asked again = core1.ask("table");
    stepped.settle();
    assertThat(continuations()).as("it goes on where it was").endsWith("a2");
    again.request.cancel();
    stepped.settle();
    core1.answer(of("a2"), items(more("a3")));
    core1.answer(of("b"), items(more("b2")));
    assertThat(core1.ended).containsExactly("table");
    assertThat(stepped.count(SchedulerCounter.DROPPED)).isEqualTo(1);
    assertThat(core1.exchanges()).isEqualTo(4);
  }

  @Test
  void aLateAnswerOfAPartIsNotTakenForTheNextOne() {
    core1.joined = found -> done(found.toString());
    Asked table = table("a", "b");
    Exchange<String, String> first = of("b");
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(150));
    Exchange<String, String> second = core1.last();
    String continuation = second.items().get(0).continuation().toString();
    core1.answer(second, items(ended("in time")));
    core1.answer(continuation.equals("b") ? first : of("a"), items(ended("late")));
    core1.answerUntil(table, ended("other"));
    assertThat(table.word()).contains("in time").contains("other").doesNotContain("late");
  }

  @Test
  void aBackEndThatCannotJoinGivesABadAnswer() {
    core1.joined = found -> null;
    Asked table = table("a");
    core1.answer(of("a"), items(ended("1")));
    assertThat(table.word()).isEqualTo("BAD_ANSWER");
    core1.joined =
        found -> {
          throw new IllegalStateException("no");
        };
    Asked second = table("x");
    core1.answer(of("x"), items(ended("1")));
    assertThat(second.word()).isEqualTo("BAD_ANSWER");
    assertThatThrownBy(() -> split()).hasMessage("0 continuations, expected at least 1");
  }

  @Test
  void aPartIsAskedAgainAndInTheEndItIsABadAnswer() {
    Asked table = table("a", "b");
    for (int i = 0; i < 8 && table.isPending(); i++) {
      core1.answer(of("a"), items(again()));
    }
    assertThat(table.word()).isEqualTo("BAD_ANSWER");
  }

  @Test
  void closingEndsPartsWhereverTheyAre() {
    Asked table = table("a", "b", "c");
    core1.queue.close();
    stepped.settle();
    assertThat(table.word()).isEqualTo("STOPPED");
    assertThat(core1.ended).containsExactly("table");
  }

  @Test
  void whatIsUnderWayIsInTheHealth() {
    core1.progress = List.of("walk of a table: 20 rows");
    core1.ask("a");
    stepped.settle();
    assertThat(core1.queue.health().progress()).containsExactly("walk of a table: 20 rows");
  }
}
