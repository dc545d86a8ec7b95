package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void equalKeysThatAreQueuedShareOneFetch() {
    Asked first = core1.ask("a");
    Asked second = core1.ask(new String("a"));
    stepped.settle();
    assertThat(core1.asked()).containsExactly(List.of("a"));
    core1.answerLast();
    assertThat(first.word()).isEqualTo("value of a");
    assertThat(second.word()).isEqualTo("value of a");
    assertThat(core1.arrivals).containsExactly("a=value of a");
    assertThat(stepped.count(SchedulerCounter.JOINED)).isEqualTo(1);
  }

  @Test
  void aKeyThatIsInFlightIsJoinedNotAskedAgain() {
    Asked first = core1.ask("a");
    stepped.settle();
    Asked second = core1.ask("a");
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(1);
    core1.answerLast();
    assertThat(List.of(first.word(), second.word())).containsOnly("value of a");
  }

  @Test
  void aKeyThatBacksOffIsJoined() {
    Asked first = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    Asked second = core1.ask("a");
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(1);
    stepped.advance(Duration.ofMillis(125));
    assertThat(core1.exchanges()).isEqualTo(2);
    core1.answerLast();
    assertThat(List.of(first.word(), second.word())).containsOnly("value of a");
  }

  @Test
  void outcomeThatCameWhileItsRequestWasOnItsWayIsNotFetchedAgain() {
    RequesterBurst burst = stepped.me.begin();
    Asked asked = core1.ask("a", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    Asked before = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofMillis(1));
    core1.known.put("a", Reading.of("value of a", stepped.now(), 0));
    core1.answerLast();
    burst.end();
    stepped.settle();
    assertThat(List.of(asked.word(), before.word())).containsOnly("value of a");
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.MET)).isEqualTo(1);
    stepped.advance(Duration.ofMillis(1));
    core1.ask("a");
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(2);
  }

  @Test
  void afterItsOutcomeAKeyIsFetchedAnew() {
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    core1.ask("a");
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(2);
  }

  @Test
  void equalKeysOfTwoSystemsAreTwoFetches() {
    Scripted core2 = stepped.open("core2");
    core1.ask("a");
    core2.ask("a");
    stepped.settle();
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(core2.exchanges()).isEqualTo(1);
  }

  @Test
  void anInteractiveRequestPromotesAQueuedBackgroundFetch() {
    core1.ask("in flight");
    stepped.settle();
    for (String key : List.of("r1", "r2", "r3", "r4", "r5")) {
      core1.ask(key, Priority.BACKGROUND);
    }
    core1.ask("r5");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.keys(core1.last())).containsExactly("r5", "r1", "r2", "r3");
    assertThat(stepped.count(SchedulerCounter.PROMOTED)).isEqualTo(1);
  }

  @Test
  void waitersAreToldInTheOrderTheyCame() {
    StringBuilder order = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      core1.queue.submit(
          "a",
          Priority.INTERACTIVE,
          Long.MAX_VALUE,
          stepped.me.alone(),
          (n, outcome, delayed) -> order.append(n),
          i);
    }
    stepped.settle();
    core1.answerLast();
    assertThat(order).hasToString("01234");
  }

  @Test
  void whatStepOneReturnsIsWhatTheRequestersGet() {
    core1.stepOne = outcome -> org.aeiou.closures.Reading.of("decoded", 1, 1);
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("decoded");
  }
}
