package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.aeiou.closures.shard.Shard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens when code that is not the scheduler's does what it must not. */
class MisbehaviourTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  /** Held, so that its level stays set. What is logged here is what the tests provoke. */
  private final Logger log = Logger.getLogger(Shard.class.getPackageName());

  @BeforeEach
  void beQuiet() {
    log.setLevel(Level.OFF);
  }

  @AfterEach
  void close() {
    stepped.close();
    log.setLevel(null);
  }

  @Test
  void aClosureThatThrowsIsCountedAndDisturbsNoOther() {
    Asked before = core1.ask("a");
    for (Throwable thrown :
        new Throwable[] {new IllegalStateException("test"), new AssertionError("test")}) {
      core1.queue.submit(
          "a",
          Priority.INTERACTIVE,
          Long.MAX_VALUE,
          stepped.me.alone(),
          (t, outcome, delayed) -> {
            if (t instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) t;
          },
          thrown);
    }
    Asked after = core1.ask("a");
    stepped.settle();
    core1.answerLast();
    assertThat(before.word()).isEqualTo("value of a");
    assertThat(after.word()).isEqualTo("value of a");
    assertThat(stepped.count(SchedulerCounter.CLOSURE_FAILURES)).isEqualTo(2);
    assertThat(stepped.count("pending")).isZero();
  }

  @Test
  void aBackEndThatThrowsEndsTheExchangeAtOnce() {
    core1.thrownByStart = new IllegalStateException("socket is closed");
    Asked asked = core1.ask("a");
    stepped.settle();
    assertThat(asked.word()).isEqualTo("UNREACHABLE");
    assertThat(asked.message())
        .isEqualTo("core1 could not be asked: java.lang.IllegalStateException: socket is closed");
    assertThat(stepped.count(SchedulerCounter.CALLBACK_FAILURES)).isEqualTo(1);
    assertThat(stepped.count("inFlight")).isZero();
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void aKindThatThrowsEndsThatRequestOnly() {
    core1.kinds =
        key -> {
          if (key.equals("odd")) {
            throw new IllegalArgumentException("no kind");
          }
          return "any";
        };
    Asked odd = core1.ask("odd");
    Asked even = core1.ask("even");
    stepped.settle();
    core1.answerLast();
    assertThat(odd.word()).isEqualTo("BAD_ANSWER");
    assertThat(even.word()).isEqualTo("value of even");
    assertThat(stepped.timers()).isZero();
  }

  @Test
  void aStepOneThatThrowsLeavesTheOutcomeAsItCame() {
    core1.stepOne =
        outcome -> {
          throw new IllegalStateException("cache is broken");
        };
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of a");
    assertThat(stepped.count(SchedulerCounter.CALLBACK_FAILURES)).isEqualTo(1);
  }

  @Test
  void aStepOneThatReturnsNullLeavesTheOutcomeAsItCame() {
    core1.stepOne = outcome -> null;
    Asked asked = core1.ask("a");
    stepped.settle();
    core1.answerLast();
    assertThat(asked.word()).isEqualTo("value of a");
  }

  @Test
  void closuresThatSubmitForEverDoNotKeepOtherSystemsWaiting() {
    Scripted closed = stepped.open("closed");
    closed.queue.close();
    resubmit(closed);
    core1.ask("a");
    stepped.turn();
    assertThat(core1.exchanges()).isEqualTo(1);
  }

  private void resubmit(Scripted system) {
    system.queue.submit(
        "a",
        Priority.INTERACTIVE,
        Long.MAX_VALUE,
        stepped.me.alone(),
        (again, outcome, delayed) -> resubmit(again),
        system);
  }

  @Test
  void everyRequestIsCountedOnceInAndOnceOut() {
    core1.askAll("a", "b", "b", "c").get(0).request.cancel();
    stepped.settle();
    core1.answerLast();
    assertThat(stepped.scheduler.metrics().values())
        .containsEntry("submitted", 4L)
        .containsEntry("joined", 1L)
        .containsEntry("exchanges", 1L)
        .containsEntry("items", 2L)
        .containsEntry("outcome.reading", 3L)
        .containsEntry("outcome.cancelled", 1L)
        .containsEntry("mostInFlight", 1L)
        .containsEntry("pending", 0L);
  }
}
