package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of each system and each user, for whatever shows all of them. */
class CountsOfSystemsTest {
  private static final Limits ONE_TRY = new Limits(Duration.ofSeconds(1), 0, 1, Duration.ZERO, 4);

  private final SteppedScheduler stepped =
      new SteppedScheduler(
          OPTIONS.withBreaker(2, new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60))));
  private final Scripted core1 = stepped.open("core1", ONE_TRY);
  private final Scripted core2 = stepped.open("core2", ONE_TRY);

  @AfterEach
  void close() {
    stepped.close();
  }

  private void letTimeOut() {
    core1.ask("key");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
  }

  @Test
  void requestsExchangesAndTimeoutsAreCountedBySystem() {
    core1.askAll("a", "b", "c");
    stepped.settle();
    core1.answerLast();
    letTimeOut();
    assertThat(core1.queue.counts()).isEqualTo(new SystemCounts(4, 2, 1));
    assertThat(core2.queue.counts()).isEqualTo(SystemCounts.NONE);
  }

  @Test
  void aRequestThatFailsAtOnceIsCountedAndIsNoExchange() {
    letTimeOut();
    letTimeOut();
    assertThat(core1.queue.health().breaker()).isEqualTo(Health.BreakerState.OPEN);
    core1.ask("at once");
    stepped.settle();
    assertThat(core1.queue.counts()).isEqualTo(new SystemCounts(3, 2, 2));
  }

  @Test
  void silenceIsCountedFromTheFirstExchangeThatWasNotAnswered() {
    long opened = stepped.now();
    assertThat(core1.queue.health().sinceNanos()).isEqualTo(opened);
    stepped.advance(Duration.ofSeconds(3));
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    long heard = stepped.now();
    assertThat(core1.queue.health().sinceNanos()).as("answers since").isEqualTo(heard);
    stepped.advance(Duration.ofSeconds(3));
    letTimeOut();
    long silent = stepped.now();
    assertThat(core1.queue.health().sinceNanos()).as("still in doubt").isEqualTo(heard);
    letTimeOut();
    assertThat(core1.queue.health().sinceNanos()).isEqualTo(silent);
    stepped.advance(Duration.ofSeconds(8));
    letTimeOut();
    assertThat(core1.queue.health().sinceNanos()).as("asked once more").isEqualTo(silent);
    stepped.advance(Duration.ofSeconds(30));
    core1.ask("again");
    stepped.settle();
    core1.answerLast();
    assertThat(core1.queue.health().sinceNanos()).isEqualTo(stepped.now());
  }

  @Test
  void aUserIsKnownByItsFirstRequesterWithWhatAllOfThemAsked() {
    Requester other = stepped.scheduler.requester("user 1000");
    core1.askAll("a", "b");
    core2.ask(
        "c",
        Priority.INTERACTIVE,
        Duration.ofHours(1),
        other.another("a program of user 1000").alone());
    stepped.settle();
    assertThat(stepped.scheduler.requesters())
        .extracting(Requester::toString, Requester::requests, Requester::inFlight)
        .containsExactlyInAnyOrder(tuple("me", 2L, 1), tuple("user 1000", 1L, 1));
  }
}
