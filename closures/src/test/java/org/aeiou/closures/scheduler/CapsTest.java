package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.junit.jupiter.api.Test;

class CapsTest {
  private static final Limits ONE_BY_ONE =
      new Limits(Duration.ofSeconds(1), 0, 1, Duration.ZERO, 1);

  @Test
  void aSystemHasNoMoreExchangesInFlightThanItMay() {
    try (SteppedScheduler stepped = new SteppedScheduler()) {
      Scripted core1 =
          stepped.open("core1", new Limits(Duration.ofSeconds(1), 0, 3, Duration.ZERO, 1));
      core1.askAll("a", "b", "c", "d", "e");
      stepped.settle();
      assertThat(core1.exchanges()).isEqualTo(3);
      assertThat(core1.queue.health().inFlight()).isEqualTo(3);
      assertThat(core1.queue.health().queued()).isEqualTo(2);
      core1.answer(core1.started.get(1), "");
      assertThat(core1.exchanges()).isEqualTo(4);
    }
  }

  @Test
  void anIntervalSeparatesTheStartsOfExchanges() {
    try (SteppedScheduler stepped = new SteppedScheduler()) {
      Scripted slow =
          stepped.open("slow", new Limits(Duration.ofSeconds(9), 0, 9, Duration.ofMillis(100), 1));
      slow.askAll("a", "b", "c");
      stepped.settle();
      assertThat(slow.exchanges()).isEqualTo(1);
      stepped.pass(Duration.ofMillis(99));
      stepped.settle();
      assertThat(slow.exchanges()).isEqualTo(1);
      stepped.advance(Duration.ofMillis(1));
      assertThat(slow.exchanges()).isEqualTo(2);
      stepped.advance(Duration.ofMillis(100));
      assertThat(slow.exchanges()).isEqualTo(3);
    }
  }

  @Test
  void allSystemsTogetherHaveNoMoreExchangesInFlightThanTheCap() {
    try (SteppedScheduler stepped =
        new SteppedScheduler(OPTIONS.withShards(3).withMaxInFlight(4))) {
      List<Scripted> systems = new ArrayList<>();
      List<Asked> asked = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        systems.add(stepped.open("sw" + i));
        asked.add(systems.get(i).ask("a"));
      }
      for (int i = 0; i < 30; i++) {
        stepped.settle();
        List<Scripted> open =
            systems.stream().filter(s -> s.queue.health().inFlight() > 0).toList();
        assertThat(open)
            .hasSize((int) Math.min(4, asked.stream().filter(Asked::isPending).count()));
        open.get(0).answerLast();
      }
      assertThat(asked).noneMatch(Asked::isPending);
      assertThat(stepped.count("mostInFlight")).isEqualTo(4);
      assertThat(stepped.count("inFlight")).isZero();
    }
  }

  @Test
  void oneShardAloneMayUseTheWholeCap() {
    try (SteppedScheduler stepped =
        new SteppedScheduler(OPTIONS.withShards(4).withMaxInFlight(8))) {
      Scripted core1 =
          stepped.open("core1", new Limits(Duration.ofSeconds(1), 0, 100, Duration.ZERO, 1));
      for (int i = 0; i < 20; i++) {
        core1.ask("key" + i);
      }
      stepped.settle();
      assertThat(core1.exchanges()).isEqualTo(8);
    }
  }

  @Test
  void aBusyShardDoesNotKeepAnotherFromThePermits() {
    try (SteppedScheduler stepped =
        new SteppedScheduler(OPTIONS.withShards(2).withMaxInFlight(1))) {
      Scripted busy = stepped.open("a", ONE_BY_ONE);
      Scripted other = onAnotherShard(stepped, busy);
      for (int i = 0; i < 100; i++) {
        busy.ask("key" + i);
      }
      stepped.settle();
      other.ask("please");
      stepped.settle();
      busy.answerLast();
      assertThat(other.exchanges()).as("the first permit given back goes to it").isEqualTo(1);
      other.answerLast();
      assertThat(busy.exchanges()).isEqualTo(2);
    }
  }

  @Test
  void systemsOfAShardTakeTurns() {
    try (SteppedScheduler stepped = new SteppedScheduler(OPTIONS.withMaxInFlight(1))) {
      Scripted greedy = stepped.open("greedy", ONE_BY_ONE);
      Scripted modest = stepped.open("modest", ONE_BY_ONE);
      for (int i = 0; i < 10; i++) {
        greedy.ask("key" + i);
      }
      stepped.settle();
      modest.askAll("a", "b");
      stepped.settle();
      greedy.answerLast();
      assertThat(modest.exchanges()).isEqualTo(1);
      modest.answerLast();
      assertThat(greedy.exchanges()).isEqualTo(2);
      greedy.answerLast();
      assertThat(modest.exchanges()).isEqualTo(2);
    }
  }

  @Test
  void anExchangeThatTimedOutGivesItsPlaceBack() {
    try (SteppedScheduler stepped = new SteppedScheduler(OPTIONS.withMaxInFlight(1))) {
      Scripted dead = stepped.open("dead", ONE_BY_ONE);
      Scripted alive = stepped.open("alive", ONE_BY_ONE);
      dead.ask("a");
      stepped.settle();
      alive.ask("a");
      stepped.settle();
      assertThat(alive.exchanges()).isZero();
      stepped.advance(Duration.ofSeconds(1));
      assertThat(alive.exchanges()).isEqualTo(1);
    }
  }

  private static Scripted onAnotherShard(SteppedScheduler stepped, Scripted than) {
    for (int i = 0; ; i++) {
      Scripted candidate = stepped.open("b" + i, ONE_BY_ONE);
      if (((OpenedSystem<?, ?>) candidate.queue).shard()
          != ((OpenedSystem<?, ?>) than.queue).shard()) {
        return candidate;
      }
    }
  }

  @Test
  void whatIsPendingIsAskedInTheNewWayAfterAChange() {
    try (SteppedScheduler stepped = new SteppedScheduler()) {
      Scripted before = stepped.open("core1");
      List<SteppedScheduler.Asked> asked = before.askAll("a", "b", "c", "d", "e", "f");
      stepped.settle();
      Scripted after = stepped.open("spare");
      before.queue.change(new Limits(Duration.ofSeconds(3), 0, 2, Duration.ZERO, 1), after);
      stepped.settle();
      assertThat(before.asked()).containsExactly(List.of("a", "b", "c", "d"));
      assertThat(after.asked()).containsExactly(List.of("e"));
      assertThat(after.last().timeoutNanos()).isEqualTo(3_000_000_000L);
      before.answerLast();
      for (int i = 0; i < 2; i++) {
        after.answer(after.started.get(i), "value of ");
      }
      assertThat(asked).extracting(SteppedScheduler.Asked::word).doesNotContain("pending");
    }
  }
}
