package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How soon a lost message is sent once more: as soon as the answers before let expect. */
class RepeatedMessagesTest {
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(2), 2, 2, Duration.ZERO, 28, Duration.ofSeconds(1), 1);

  private final SteppedScheduler stepped = new SteppedScheduler();
  private final ModelledAgent agent = new ModelledAgent(stepped, LIMITS);

  @AfterEach
  void close() {
    stepped.close();
  }

  private void hearOf(Duration roundTrip) {
    agent.roundTrip = roundTrip;
    agent.run(roundTrip.multipliedBy(20).plusMillis(50), 1);
    agent.run(roundTrip.multipliedBy(2).plusMillis(10), 0);
    agent.resetCounts();
  }

  @Test
  void oneLostMessageOfANearAgentIsSentAgainAfterTensOfMilliseconds() {
    hearOf(Duration.ofMillis(2));
    agent.loses = number -> number == 1;
    Duration took = agent.await(agent.ask("a"));
    assertThat(took).isBetween(Duration.ofMillis(50), Duration.ofMillis(60));
    assertThat(agent.messages).isEqualTo(2);
    assertThat(agent.repeated).as("in the same exchange").isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.REPEATED)).isEqualTo(1);
    assertThat(stepped.count(SchedulerCounter.TIMEOUTS)).isZero();
    assertThat(stepped.count(SchedulerCounter.RETRIES)).isZero();
  }

  @Test
  void theWaitFollowsTheRoundTripsAndHowMuchTheyVary() {
    hearOf(Duration.ofMillis(300));
    agent.loses = number -> number == 1;
    Duration took = agent.await(agent.ask("a"));
    assertThat(took).isBetween(Duration.ofMillis(700), Duration.ofMillis(960));
  }

  @Test
  void eachWaitIsTwiceAsLongAndTheTimeOutIsTheLast() {
    hearOf(Duration.ofMillis(2));
    agent.loses = number -> true;
    Asked asked = agent.ask("a");
    agent.idle(Duration.ofMillis(49));
    assertThat(agent.messages).isEqualTo(1);
    agent.idle(Duration.ofMillis(100 + 5));
    assertThat(agent.messages).isEqualTo(3);
    agent.idle(Duration.ofMillis(200 + 400 + 5));
    assertThat(agent.messages).isEqualTo(5);
    agent.idle(Duration.ofMillis(1200));
    assertThat(agent.messages).as("no more within the time-out").isEqualTo(5);
    assertThat(stepped.count(SchedulerCounter.TIMEOUTS)).isZero();
    agent.await(asked);
    assertThat(asked.word()).isEqualTo("TIMEOUT");
    assertThat(agent.messages).as("its retries are sent once each").isEqualTo(5 + 2);
  }

  @Test
  void anAgentThatBecameSlowIsNotAskedTwiceForLong() {
    hearOf(Duration.ofMillis(2));
    agent.roundTrip = Duration.ofSeconds(1);
    agent.await(agent.ask("first"));
    int first = agent.messages;
    assertThat(first).isBetween(2, 5);
    agent.idle(Duration.ofSeconds(2));
    agent.resetCounts();
    for (int i = 0; i < 5; i++) {
      agent.await(agent.ask("later" + i));
      agent.idle(Duration.ofSeconds(1));
    }
    assertThat(agent.repeated).as("the wait stays doubled until it is known again").isLessThan(2);
    assertThat(stepped.count(SchedulerCounter.LIMITS_CHANGED)).isZero();
    assertThat(agent.queue.health().rttNanos())
        .as("an answer to a message that was sent twice tells nothing, the others do")
        .isGreaterThan(Duration.ofMillis(400).toNanos());
  }

  @Test
  void theAnswerToTheFirstMessageEndsTheExchangeAlsoAfterTheSecondWasSent() {
    hearOf(Duration.ofMillis(2));
    agent.roundTrip = Duration.ofMillis(70);
    Asked asked = agent.ask("a");
    assertThat(agent.await(asked)).isBetween(Duration.ofMillis(70), Duration.ofMillis(72));
    assertThat(asked.word()).isEqualTo("a");
    agent.idle(Duration.ofMillis(100));
    assertThat(agent.messages).isEqualTo(2);
    assertThat(stepped.count(SchedulerCounter.DUPLICATES)).isEqualTo(1);
    assertThat(asked.outcomes).hasSize(1);
  }

  @Test
  void aSystemThatLetAnExchangeTimeOutIsAskedAtThePaceOfRetriesUntilItAnswers() {
    hearOf(Duration.ofMillis(2));
    agent.loses = number -> number <= 6;
    agent.await(agent.ask("a"));
    assertThat(agent.messages).as("five, one retry that is lost, and one").isEqualTo(7);
    agent.resetCounts();
    agent.loses = number -> number == 1;
    assertThat(agent.await(agent.ask("b"))).as("it answered").isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void whatMustNotBeRetriedIsNotRepeatedEither() {
    ModelledAgent strict =
        new ModelledAgent(stepped, new Limits(Duration.ofSeconds(1), 0, 2, Duration.ZERO, 4));
    strict.run(Duration.ofMillis(100), 1);
    strict.run(Duration.ofMillis(50), 0);
    strict.resetCounts();
    strict.loses = number -> true;
    strict.await(strict.ask("a"));
    assertThat(strict.messages).isEqualTo(1);
  }

  @Test
  void aSystemNeverHeardOfIsWaitedForAsConfigured() {
    agent.loses = number -> number == 1;
    assertThat(agent.await(agent.ask("a"))).isGreaterThan(Duration.ofSeconds(1));
    assertThat(agent.repeated).isZero();
  }

  @Test
  void aStepOfAWalkHasARoundTripOfItsOwn() {
    hearOf(Duration.ofMillis(2));
    agent.roundTrip = Duration.ofMillis(400);
    Asked first = agent.ask("alone 1");
    agent.await(first);
    assertThat(agent.repeated).as("nothing is known of walks").isZero();
    agent.await(agent.ask("alone 2"));
    assertThat(agent.repeated).isZero();
    agent.roundTrip = Duration.ofMillis(2);
    agent.loses = number -> number == agent.messages;
    agent.resetCounts();
    agent.loses = number -> number == 1;
    assertThat(agent.await(agent.ask("a")))
        .as("of what is quick")
        .isLessThan(Duration.ofMillis(60));
  }

  @Test
  void aRepeatedMessageKeepsToTheConfiguredInterval() {
    ModelledAgent slow =
        new ModelledAgent(
            stepped, new Limits(Duration.ofSeconds(2), 2, 2, Duration.ofMillis(200), 4));
    slow.leastGap = Duration.ofMillis(200);
    slow.roundTrip = Duration.ofMillis(2);
    slow.run(Duration.ofSeconds(2), 1);
    slow.loses = number -> number % 4 == 0;
    slow.run(Duration.ofSeconds(20), 3);
    assertThat(slow.repeated).isPositive();
    assertThat(slow.tooSoon).isZero();
  }
}
