package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.closures.exchange.LimitChange;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an agent takes at once and how fast, found out from what it drops. */
class LearnedLoadTest {
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(2), 2, 4, Duration.ZERO, 4, Duration.ofSeconds(1), 1);

  private SteppedScheduler stepped = new SteppedScheduler();
  private ModelledAgent agent = new ModelledAgent(stepped, LIMITS);

  @AfterEach
  void close() {
    stepped.close();
  }

  private Learned learned() {
    return agent.queue.health().learned();
  }

  @Test
  void anAgentThatDropsWhatItIsAskedAtOnceIsFoundOut() {
    agent.oneAtATime = true;
    agent.run(Duration.ofSeconds(30), 16);
    assertThat(learned().inFlight()).isEqualTo(new Learned.Bound(1, Duration.ofMinutes(10)));
    assertThat(learned().gapNanos()).as("it is not the pace").isNull();
    assertThat(stepped.count(SchedulerCounter.LIMITS_CHANGED)).isEqualTo(2);
    String why = "it drops what it is asked too fast";
    assertThat(agent.changes)
        .containsExactly(
            new LimitChange(LimitChange.Kind.IN_FLIGHT, 4, 2, why),
            new LimitChange(LimitChange.Kind.IN_FLIGHT, 2, 1, why));
    agent.resetCounts();
    agent.run(Duration.ofMinutes(2), 16);
    assertThat(agent.atOnce).isZero();
    assertThat(agent.dropped).isZero();
  }

  @Test
  void anAgentThatDropsWhatComesTooFastIsFoundOut() {
    agent.leastGap = Duration.ofMillis(50);
    agent.run(Duration.ofSeconds(60), 16);
    assertThat(learned().gapNanos()).isNotNull();
    LimitChange last = agent.changes.get(agent.changes.size() - 1);
    assertThat(last.kind()).isEqualTo(LimitChange.Kind.GAP);
    assertThat(last.to()).isEqualTo(learned().gapNanos().value());
    assertThat(learned().gapNanos().value())
        .isBetween(Duration.ofMillis(50).toNanos(), Duration.ofMillis(90).toNanos());
    agent.resetCounts();
    agent.run(Duration.ofMinutes(2), 16);
    assertThat(agent.tooSoon).isZero();
    assertThat(agent.dropped).isZero();
    assertThat(agent.messages).as("and no slower than it must").isGreaterThan(120 * 1000 / 90);
  }

  @Test
  void aLineThatLosesATenthIsNotTakenForAnAgentThatDrops() {
    agent.loss = 0.1;
    agent.run(Duration.ofMinutes(3), 16);
    assertThat(learned().inFlight()).isNull();
    assertThat(learned().gapNanos()).isNull();
    int busy = agent.messages;
    agent.resetCounts();
    agent.loss = 0;
    agent.run(Duration.ofMinutes(3), 16);
    assertThat(busy).as("trials cost little").isGreaterThan(agent.messages / 3);
  }

  @Test
  void aLineThatLosesAThirdIsNotTakenForAnAgentThatDropsEither() {
    agent.loss = 0.33;
    agent.run(Duration.ofMinutes(5), 16);
    assertThat(learned().inFlight()).isNull();
    assertThat(learned().gapNanos()).isNull();
  }

  @Test
  void anAgentThatDropsIsFoundOutBehindALineThatLosesToo() {
    agent.oneAtATime = true;
    agent.loss = 0.02;
    agent.run(Duration.ofMinutes(3), 16);
    agent.resetCounts();
    agent.run(Duration.ofMinutes(1), 16);
    assertThat(agent.atOnce).isLessThan(agent.messages / 50);
  }

  @Test
  void anAgentThatAnswersAllIsAskedAsConfigured() {
    agent.run(Duration.ofMinutes(1), 16);
    assertThat(learned().inFlight()).isNull();
    assertThat(learned().gapNanos()).isNull();
    assertThat(stepped.count(SchedulerCounter.PRESUMED_LOST)).isZero();
  }

  @Test
  void anAgentThatIsNotAskedFastIsNotFoundOutAndNeedNotBe() {
    agent.leastGap = Duration.ofMillis(50);
    agent.loss = 0.1;
    for (int i = 0; i < 200; i++) {
      agent.await(agent.ask("key" + i));
      agent.idle(Duration.ofSeconds(2));
    }
    assertThat(learned().gapNanos()).isNull();
  }

  @Test
  void whatWasLearnedIsTriedAgainAfterItsTimeAndGivenUpIfTheAgentHasImproved() {
    agent.oneAtATime = true;
    agent.run(Duration.ofSeconds(30), 16);
    assertThat(learned().inFlight()).isNotNull();
    agent.oneAtATime = false;
    stepped.pass(Duration.ofMinutes(10));
    agent.run(Duration.ofSeconds(10), 16);
    stepped.pass(Duration.ofMinutes(20));
    agent.run(Duration.ofSeconds(10), 16);
    stepped.pass(Duration.ofMinutes(20));
    agent.run(Duration.ofSeconds(10), 16);
    assertThat(learned().inFlight()).isNull();
  }

  @Test
  void whatHoldsWhenItIsTriedAgainIsTrustedForTwiceAsLong() {
    agent.oneAtATime = true;
    agent.run(Duration.ofSeconds(30), 16);
    stepped.pass(Duration.ofMinutes(10));
    agent.resetCounts();
    agent.run(Duration.ofSeconds(30), 16);
    assertThat(learned().inFlight()).isEqualTo(new Learned.Bound(1, Duration.ofMinutes(20)));
    assertThat(agent.atOnce).as("it cost").isBetween(2, 6);
  }

  @Test
  void whatWasLearnedInAnEarlierLifeHoldsFromTheFirstMessage() {
    agent.oneAtATime = true;
    agent.leastGap = Duration.ofMillis(50);
    agent.mostItems = 2;
    agent.run(Duration.ofMinutes(3), 16);
    Learned learned = learned();
    stepped.close();
    stepped = new SteppedScheduler();
    agent = new ModelledAgent(stepped, LIMITS);
    agent.oneAtATime = true;
    agent.leastGap = Duration.ofMillis(50);
    agent.mostItems = 2;
    agent.queue.learn(learned);
    agent.run(Duration.ofMinutes(2), 16);
    assertThat(agent.atOnce + agent.tooSoon + agent.tooLarge).isZero();
    assertThat(agent.messages).isGreaterThan(500);
    assertThat(learned().batch().value()).isEqualTo(2);
  }

  @Test
  void anAgentOf484BytesOneInFlightAndTwentyRequestsASecondIsNotExceededOnceItIsKnown() {
    Limits usual =
        new Limits(Duration.ofSeconds(2), 2, 2, Duration.ZERO, 28, Duration.ofSeconds(1), 1);
    agent = strict(usual);
    agent.run(Duration.ofMinutes(3), 100);
    agent.resetCounts();
    agent.run(Duration.ofMinutes(2), 100);
    assertThat(agent.tooLarge + agent.atOnce + agent.tooSoon).as("messages too many").isZero();
    assertThat(agent.failures()).isZero();
    assertThat(agent.ended)
        .as("values, at a quarter of its pace or more")
        .isGreaterThan(2 * 60 * 45);
    Learned learned = learned();

    stepped.close();
    stepped = new SteppedScheduler(OPTIONS);
    agent = strict(usual);
    agent.queue.learn(learned);
    agent.run(Duration.ofMinutes(2), 100);
    assertThat(agent.tooLarge + agent.atOnce + agent.tooSoon).as("after a restart").isZero();
    assertThat(agent.failures()).isZero();
  }

  @Test
  void suchAnAgentIsNeverExceededWhereItIsConfigured() {
    agent = strict(new Limits(Duration.ofSeconds(2), 2, 1, Duration.ofMillis(50), 10));
    agent.run(Duration.ofMinutes(1), 100);
    assertThat(agent.tooLarge + agent.atOnce + agent.tooSoon).isZero();
    assertThat(agent.failures()).isZero();
    assertThat(agent.ended).isGreaterThan(60 * 150);
  }

  private ModelledAgent strict(Limits limits) {
    ModelledAgent strict = new ModelledAgent(stepped, limits);
    strict.mostBytes = 484;
    strict.oneAtATime = true;
    strict.leastGap = Duration.ofMillis(50);
    return strict;
  }

  @Test
  void whatWasLearnedNeverAsksMoreThanIsConfigured() {
    Limits narrow = new Limits(Duration.ofSeconds(2), 2, 1, Duration.ofMillis(100), 2);
    ModelledAgent strict = new ModelledAgent(stepped, narrow);
    Duration day = Duration.ofDays(1);
    strict.queue.learn(
        new Learned(
            new Learned.Bound(28, day),
            new Learned.Bound(100, day),
            new Learned.Bound(1, day),
            1_000_000,
            0));
    strict.oneAtATime = true;
    strict.leastGap = Duration.ofMillis(99);
    strict.mostItems = 2;
    strict.run(Duration.ofSeconds(10), 16);
    assertThat(strict.atOnce + strict.tooSoon + strict.tooLarge).isZero();
  }

  @Test
  void whatWasLearnedIsForgottenWhenToldSo() {
    agent.oneAtATime = true;
    agent.run(Duration.ofSeconds(30), 16);
    assertThat(learned().inFlight()).isNotNull();
    agent.queue.learn(Learned.NOTHING);
    stepped.settle();
    assertThat(learned()).isEqualTo(Learned.NOTHING);
  }
}
