package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.LIMITS;
import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one requester may take from the others. */
class FairnessTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");
  private final Requester hog = stepped.scheduler.requester("hog");
  private final Requester reader = stepped.scheduler.requester("reader");

  @AfterEach
  void close() {
    stepped.close();
  }

  private static Asked ask(Scripted system, Requester requester, String key) {
    return system.ask(key, Priority.INTERACTIVE, HOUR, requester.alone());
  }

  private static List<Asked> flood(Scripted system, Requester requester, String prefix, int count) {
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(ask(system, requester, prefix + i));
    }
    return all;
  }

  @Test
  void aRequestLeavesInTheNextExchangeHoweverManyAnotherRequesterHasWaiting() {
    flood(core1, hog, "h", 1000);
    stepped.settle();
    Asked asked = ask(core1, reader, "r");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.asked().get(1)).contains("r").hasSize(LIMITS.maxBatch());
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of r");
  }

  @Test
  void whatNoRequestWaitsForLeavesAnExchangeToOtherUsers() {
    Scripted core2 =
        stepped.open("core2", new Limits(Duration.ofSeconds(1), 0, 2, Duration.ZERO, 1));
    core2.ask("r0", Priority.BACKGROUND, HOUR, reader.alone());
    for (int i = 0; i < 3; i++) {
      core2.ask("h" + i, Priority.BACKGROUND, HOUR, hog.alone());
    }
    stepped.settle();
    assertThat(core2.exchanges()).isEqualTo(1);
    ask(core2, reader, "r1");
    stepped.settle();
    assertThat(core2.exchanges()).isEqualTo(2);
    assertThat(core2.keys(core2.last())).containsExactly("r1");
  }

  @Test
  void whatNoRequestWaitsForMayHaveAllExchangesOfASystemThatOneUserHasToItself() {
    Scripted core2 =
        stepped.open("core2", new Limits(Duration.ofSeconds(1), 0, 2, Duration.ZERO, 1));
    for (int i = 0; i < 3; i++) {
      core2.ask("h" + i, Priority.BACKGROUND, HOUR, hog.alone());
    }
    stepped.settle();
    assertThat(core2.exchanges()).isEqualTo(2);
  }

  @Test
  void usersThatWantMoreThanTheSystemGivesGetEquallyMany() {
    flood(core1, hog, "h", 100);
    flood(core1, reader, "r", 100);
    stepped.settle();
    for (int i = 0; i < 19; i++) {
      core1.answerLast();
    }
    long ofReader =
        core1.asked().stream()
            .flatMap(List::stream)
            .filter(key -> key.startsWith("r"))
            .limit(80)
            .count();
    assertThat(ofReader).isEqualTo(40);
  }

  @Test
  void aUserGainsNothingByBeingManyRequesters() {
    for (int i = 0; i < 7; i++) {
      flood(core1, hog.another("hog " + i), "h" + i + "/", 50);
    }
    flood(core1, reader, "r", 50);
    stepped.settle();
    for (int i = 0; i < 9; i++) {
      core1.answerLast();
    }
    assertThat(core1.asked().stream().flatMap(List::stream).filter(key -> key.startsWith("r")))
        .hasSize(20);
  }

  @Test
  void theRequestersOfAUserTakeTurnsToo() {
    flood(core1, hog.another("one"), "a", 1000);
    Requester other = hog.another("other");
    stepped.settle();
    ask(core1, other, "b");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.asked().get(1)).contains("b");
  }

  @Test
  void whatTravelsAloneTakesTurnsWithTheRest() {
    core1.kinds = key -> key.startsWith("h") ? null : "any";
    flood(core1, hog, "h", 100);
    stepped.settle();
    flood(core1, reader, "r", 8);
    stepped.settle();
    for (int i = 0; i < 4; i++) {
      core1.answerLast();
    }
    assertThat(core1.asked())
        .containsExactly(
            List.of("h0"),
            List.of("h1"),
            List.of("r0", "r1", "r2", "r3"),
            List.of("h2"),
            List.of("r4", "r5", "r6", "r7"));
  }

  @Test
  void aFetchThatTwoWantLeavesWhenTheFirstOfThemHasItsTurn() {
    flood(core1, hog, "h", 100);
    stepped.settle();
    Asked asked = ask(core1, reader, "h99");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.asked().get(1)).contains("h99");
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of h99");
    core1.answerUntilNothingIsPending();
    assertThat(core1.asked().stream().flatMap(List::stream)).doesNotHaveDuplicates();
  }

  @Test
  void aFetchKeepsItsTurnWhenOneThatJoinedItIsWithdrawn() {
    List<Asked> flood = flood(core1, hog, "h", 6);
    stepped.settle();
    flood(core1, reader, "h5", 1);
    Asked joined = ask(core1, reader, "h4");
    stepped.settle();
    joined.request.cancel();
    stepped.settle();
    assertThat(joined.word()).isEqualTo("CANCELLED");
    core1.answerUntilNothingIsPending();
    assertThat(flood).extracting(Asked::word).doesNotContain("pending", "CANCELLED");
  }

  @Test
  void whatIsPastItsDeadlineIsNotSent() {
    ask(core1, hog, "in flight");
    stepped.turn();
    Asked late = core1.ask("late", Priority.INTERACTIVE, Duration.ofMillis(100), reader.alone());
    stepped.turn();
    stepped.pass(Duration.ofMillis(101)); // the timer's own tick has not come yet
    core1.last().answer(SteppedScheduler.items(SteppedScheduler.done("1")));
    stepped.settle();
    assertThat(late.word()).isEqualTo("TIMEOUT");
    assertThat(core1.asked()).containsExactly(List.of("in flight"));
  }

  @Test
  void aUserMayHaveOnlySoManyPendingOnOneSystem() {
    try (SteppedScheduler small = new SteppedScheduler(OPTIONS.withMaxPendingOfUser(10))) {
      Scripted one = small.open("core1");
      Scripted other = small.open("core2");
      Requester greedy = small.scheduler.requester("user 1000");
      List<Asked> asked = flood(one, greedy.another("one"), "a", 6);
      asked.addAll(flood(one, greedy.another("other"), "b", 6));
      Asked elsewhere = ask(other, greedy, "c");
      Asked another = ask(one, small.scheduler.requester("user 1001"), "d");
      small.settle();
      assertThat(asked.stream().filter(a -> a.word().equals("OVERLOADED"))).hasSize(2);
      assertThat(asked.stream().filter(a -> !a.isPending()).findFirst().orElseThrow().message())
          .isEqualTo(
              "core1: other has 10 requests pending, which is all that a user may have on one"
                  + " system; try again");
      assertThat(elsewhere.isPending()).isTrue();
      assertThat(another.isPending()).isTrue();
      assertThat(small.count(SchedulerCounter.REJECTED)).isEqualTo(2);
      other.answerLast();
      one.answerUntilNothingIsPending();
      assertThat(ask(one, greedy, "e").isPending()).isTrue();
    }
  }

  @Test
  void whoHasOneTooManyIsKnownWhereItAsksUntilItHasAnEighthLess() {
    try (SteppedScheduler small = new SteppedScheduler(OPTIONS.withMaxPendingOfUser(16))) {
      Scripted one = small.open("core1");
      Requester greedy = small.scheduler.requester("user 1000");
      Requester other = small.scheduler.requester("user 1001");
      List<Asked> asked = flood(one, greedy, "a", 16);
      small.settle();
      assertThat(one.queue.hasRoom(greedy)).isTrue();

      asked.addAll(flood(one, greedy, "b", 1));
      small.settle();
      assertThat(one.queue.hasRoom(greedy.another("a program of it"))).isFalse();
      assertThat(one.queue.hasRoom(other)).isTrue();

      asked.get(0).request.cancel();
      small.settle();
      assertThat(one.queue.hasRoom(greedy)).isFalse();
      asked.get(1).request.cancel();
      small.settle();
      assertThat(one.queue.hasRoom(greedy)).isTrue();
    }
  }

  @Test
  void thereIsRoomForAnotherUserHoweverManyOneHasPending() {
    try (SteppedScheduler small = new SteppedScheduler(OPTIONS.withMaxPending(900))) {
      Scripted system = small.open("core1", LIMITS);
      flood(system, hogOf(small), "h", 900);
      List<Asked> others = flood(system, small.me, "r", 50);
      assertThat(others).allMatch(asked -> asked.request != null);
    }
  }

  @Test
  void aUserThatHasMoreThanItsShareGetsNoMoreWhenItsRequestsEnd() {
    try (SteppedScheduler small = new SteppedScheduler(OPTIONS.withMaxPending(900))) {
      Scripted system = small.open("core1", LIMITS);
      Requester greedy = hogOf(small);
      flood(system, greedy, "h", 900);
      flood(system, small.me, "r", 900);
      for (int i = 0; i < 400; i++) {
        small.settle();
        system.answerLast();
        flood(system, greedy, "again " + i + "/", 8);
        flood(system, small.me, "too " + i + "/", 8);
      }
      assertThat(small.me.pending())
          .isBetween(greedy.pending() * 9 / 10, greedy.pending() * 11 / 10);
    }
  }

  private static Requester hogOf(SteppedScheduler stepped) {
    return stepped.scheduler.requester("greedy");
  }

  @Test
  void oneUserAloneMayHaveNearlyAllThereIs() {
    try (SteppedScheduler small = new SteppedScheduler(OPTIONS.withMaxPending(90))) {
      List<Asked> asked = flood(small.open("core1"), small.me, "k", 90);
      assertThat(asked.stream().filter(a -> a.request != null)).hasSize(80);
    }
  }

  @Test
  void aUserThatAsksManyDeadSystemsLeavesExchangesForTheOthers() {
    try (SteppedScheduler small =
        new SteppedScheduler(OPTIONS.withMaxInFlight(18).withMaxPending(1000))) {
      Requester greedy = small.scheduler.requester("greedy");
      for (int i = 0; i < 100; i++) {
        ask(small.open("dead" + i), greedy, "a");
      }
      small.settle();
      assertThat(small.count("inFlight")).isEqualTo(16);
      Scripted alive = small.open("alive");
      Asked asked = ask(alive, small.me, "a");
      small.settle();
      alive.answerLast();
      assertThat(asked.word()).isEqualTo("value of a");
      // What waits for a permit goes on when exchanges of the same user end.
      small.advance(LIMITS.timeout());
      small.advance(Duration.ofMillis(20));
      assertThat(small.count("exchanges")).isGreaterThan(30);
    }
  }

  @Test
  void aFloodIsTakenInByTurnsWithOtherUsersAndAnswers() {
    RequesterBurst burst = hog.begin();
    for (int i = 0; i < 50_000; i++) {
      core1.ask("h" + i, Priority.INTERACTIVE, HOUR, burst);
    }
    burst.end();
    Scripted other = stepped.open("other");
    ask(other, reader, "r");
    stepped.turn();
    assertThat(other.asked()).containsExactly(List.of("r"));
    assertThat(stepped.count(SchedulerCounter.SUBMITTED)).isLessThan(2000);
    assertThat(stepped.scheduler.shards()[0].turn()).as("time to the next turn").isZero();
  }

  @Test
  void aSystemThatIsGivenUpEndsAFloodInPartsWhileOthersAreServed() {
    SchedulerOptions once = OPTIONS.withBreaker(1, OPTIONS.breakerPeriods());
    try (SteppedScheduler small = new SteppedScheduler(once)) {
      Scripted dead = small.open("dead", new Limits(Duration.ofSeconds(1), 0, 1, Duration.ZERO, 4));
      List<Asked> flood = flood(dead, small.me, "h", 20_000);
      for (int i = 0; i < 30; i++) {
        small.turn();
      }
      small.pass(Duration.ofMillis(1002));
      Scripted alive = small.open("alive");
      ask(alive, small.scheduler.requester("reader"), "r");
      small.turn();
      assertThat(alive.asked()).containsExactly(List.of("r"));
      assertThat(flood.stream().filter(Asked::isPending).count()).isGreaterThan(10_000);
      for (int i = 0; i < 30; i++) {
        small.turn();
      }
      assertThat(flood.stream().filter(Asked::isPending)).isEmpty();
      assertThat(dead.exchanges()).isEqualTo(1);
    }
  }

  @Test
  void aFloodOfDeadlinesIsEndedInPartsWhileOthersAreServed() {
    List<Asked> flood = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      flood.add(core1.ask("h" + i, Priority.INTERACTIVE, Duration.ofMillis(100), hog.alone()));
    }
    for (int i = 0; i < 30; i++) {
      stepped.turn();
    }
    stepped.pass(Duration.ofMillis(102));
    Scripted other = stepped.open("other");
    ask(other, reader, "r");
    stepped.turn();
    assertThat(other.asked()).containsExactly(List.of("r"));
    for (int i = 0; i < 30; i++) {
      stepped.turn();
    }
    assertThat(flood.stream().filter(Asked::isPending)).isEmpty();
    assertThat(core1.exchanges()).isEqualTo(1);
  }
}
