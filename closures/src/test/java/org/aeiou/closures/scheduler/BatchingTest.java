package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.LIMITS;
import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchingTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void whatIsSubmittedTogetherLeavesTogether() {
    List<Asked> asked = core1.askAll("a", "b", "c");
    stepped.turn();
    assertThat(core1.asked()).containsExactly(List.of("a", "b", "c"));
    core1.answerLast();
    assertThat(asked)
        .extracting(Asked::word)
        .containsExactly("value of a", "value of b", "value of c");
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void whatComesWhileAnExchangeIsInFlightGathersForTheNext() {
    core1.ask("a");
    stepped.turn();
    core1.ask("b");
    stepped.turn();
    core1.ask("c");
    stepped.turn();
    assertThat(core1.asked()).containsExactly(List.of("a"));
    core1.answerLast();
    assertThat(core1.asked()).containsExactly(List.of("a"), List.of("b", "c"));
  }

  @Test
  void aBatchCarriesNoMoreThanTheLimit() {
    core1.askAll("a", "b", "c", "d", "e", "f");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.asked()).containsExactly(List.of("a", "b", "c", "d"), List.of("e", "f"));
  }

  @Test
  void aBatchCarriesOneKindInQueueOrder() {
    core1.kinds = key -> key.substring(0, 1);
    core1.askAll("x1", "y1", "x2", "y2", "x3");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.asked()).containsExactly(List.of("x1", "x2", "x3"), List.of("y1", "y2"));
  }

  @Test
  void aKeyWithoutAKindTravelsAlone() {
    core1.kinds = key -> key.equals("lonely") ? null : "any";
    core1.askAll("a", "lonely", "b");
    stepped.settle();
    core1.answerLast();
    core1.answerLast();
    assertThat(core1.asked()).containsExactly(List.of("a", "b"), List.of("lonely"));
  }

  @Test
  void manyOfAnotherKindDoNotHideABatchForEver() {
    core1.kinds = key -> key.substring(0, 1);
    for (int i = 0; i < 1000; i++) {
      core1.ask("y" + i);
    }
    core1.ask("x");
    stepped.settle();
    for (int i = 0; i < 251; i++) {
      core1.answerLast();
    }
    assertThat(core1.asked().get(250)).containsExactly("x");
    assertThat(stepped.count("pending")).isZero();
  }

  @Test
  void interactiveGoesBeforeBackgroundAndBackgroundFillsTheRest() {
    core1.ask("refresh1", Priority.BACKGROUND);
    core1.ask("refresh2", Priority.BACKGROUND);
    core1.askAll("a", "b", "c");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.asked())
        .containsExactly(List.of("a", "b", "c", "refresh1"), List.of("refresh2"));
  }

  @Test
  void aBurstIsSentWhenItEndsNotBefore() {
    RequesterBurst burst = stepped.me.begin();
    core1.ask("a", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    core1.ask("b", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    stepped.settle();
    assertThat(core1.asked()).isEmpty();
    burst.end();
    stepped.settle();
    assertThat(core1.asked()).containsExactly(List.of("a", "b"));
    core1.ask("c", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    core1.answerLast();
    burst.end();
    burst.end();
    stepped.settle();
    assertThat(core1.asked()).containsExactly(List.of("a", "b"), List.of("c"));
  }

  @Test
  void aBurstOverManySystemsFillsOneExchangeOfEach() {
    try (SteppedScheduler many = new SteppedScheduler(OPTIONS.withShards(3))) {
      List<Scripted> systems = new ArrayList<>();
      RequesterBurst burst = many.me.begin();
      for (int i = 0; i < 20; i++) {
        Scripted system = many.open("sw" + i);
        systems.add(system);
        system.ask("a", Priority.INTERACTIVE, Duration.ofHours(1), burst);
        system.ask("b", Priority.INTERACTIVE, Duration.ofHours(1), burst);
      }
      burst.end();
      many.turn();
      for (Scripted system : systems) {
        assertThat(system.asked()).containsExactly(List.of("a", "b"));
      }
    }
  }

  @Test
  void aRequesterOfAnotherSchedulerIsRefused() {
    try (SteppedScheduler other = new SteppedScheduler()) {
      RequesterBurst burst = other.me.begin();
      assertThatThrownBy(() -> core1.ask("a", Priority.INTERACTIVE, Duration.ofHours(1), burst))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("of another scheduler");
      assertThat(stepped.count("pending")).isZero();
    }
  }

  @Test
  void whatClosuresSubmitLeavesInTheSameTurnBatched() {
    Scripted core2 = stepped.open("core2", LIMITS);
    for (String key : List.of("a", "b")) {
      core1.queue.submit(
          key,
          Priority.INTERACTIVE,
          Long.MAX_VALUE,
          stepped.me.alone(),
          (next, outcome, delayed) -> core2.ask(next),
          key + " next");
    }
    stepped.settle();
    core1.last().answer(SteppedScheduler.items(SteppedScheduler.done("1"), again()));
    stepped.turn();
    assertThat(core2.asked()).containsExactly(List.of("a next"));
    core1.answerLast();
    core2.answerLast();
    assertThat(core2.asked()).containsExactly(List.of("a next"), List.of("b next"));
  }

  @Test
  void closuresOfOneAnswerThatSubmitFillOneExchange() {
    Scripted core2 = stepped.open("core2", LIMITS);
    for (String key : List.of("a", "b", "c")) {
      core1.queue.submit(
          key,
          Priority.INTERACTIVE,
          Long.MAX_VALUE,
          stepped.me.alone(),
          (next, outcome, delayed) -> core2.ask(next),
          key + " next");
    }
    stepped.settle();
    core1
        .last()
        .answer(
            SteppedScheduler.items(
                SteppedScheduler.done("1"),
                SteppedScheduler.done("2"),
                SteppedScheduler.done("3")));
    stepped.turn();
    assertThat(core2.asked()).containsExactly(List.of("a next", "b next", "c next"));
  }

  @Test
  void anAnswerGivenInsideTheStartIsTakenInTheNextTurn() {
    Scripted quick = stepped.open("quick");
    SystemQueue<String, String> queue =
        stepped.scheduler.open(
            "inline",
            LIMITS,
            new Exchanger<>() {
              @Override
              public Object kind(String key) {
                return "any";
              }

              @Override
              public void start(Exchange<String, String> exchange) {
                quick.answer(exchange, "inline ");
              }
            },
            (key, outcome, late) -> outcome);
    Asked asked = new Asked();
    queue.submit(
        "a",
        Priority.INTERACTIVE,
        Long.MAX_VALUE,
        stepped.me.alone(),
        (a, o, d) -> a.ran(o, d),
        asked);
    stepped.settle();
    assertThat(asked.word()).isEqualTo("inline a");
    assertThat(asked.delayed).isTrue();
  }

  private static Answer.Item<String> again() {
    return SteppedScheduler.again();
  }
}
