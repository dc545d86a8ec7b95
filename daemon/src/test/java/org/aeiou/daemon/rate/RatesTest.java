package org.aeiou.daemon.rate;

import static org.aeiou.daemon.rate.ModelAgent.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of samples of a counter, one after another. */
final class RatesTest {
  private static final long PATIENCE = 13 * SECOND;
  private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);
  private static final double TRUE_RATE = 1_000_000;

  private final ModelAgent agent = new ModelAgent();

  private static double value(Rate rate) {
    assertThat(rate.missing()).as("missing").isNull();
    return rate.number().value();
  }

  /** Reads, so that the next reading has something to go on from. */
  private void begin() {
    assertThat(value(agent.readOut(PATIENCE))).isCloseTo(TRUE_RATE, TWO_PERCENT);
  }

  private Rate after(long seconds) {
    agent.pass(seconds * SECOND);
    return agent.read();
  }

  @Test
  void firstReadGivesANumberAfterASecond() {
    long start = agent.now;
    Rate rate = agent.readOut(PATIENCE);
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(agent.now - start).isEqualTo(SECOND);
    assertThat(rate.quality()).isEqualTo(Quality.OK);
    assertThat(rate.properties()).containsEntry("interval_ms", "1000");
  }

  @Test
  void eachReadGoesBackToTheOneBefore() {
    begin();
    agent.perSecond = 5_000;
    Rate rate = after(5);
    assertThat(value(rate)).isCloseTo(5_000, within(1.0));
    assertThat(rate.properties()).containsEntry("interval_ms", "5000");
  }

  @Test
  void readingsCloseTogetherGoBackASecondAtLeast() {
    begin();
    for (int i = 0; i < 100; i++) {
      agent.pass(SECOND / 20);
      Rate rate = agent.read();
      assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
      assertThat(rate.number().to() - rate.number().from()).isGreaterThanOrEqualTo(SECOND);
    }
  }

  @Test
  void idleCounterIsAtZeroOnceItIsKnownHowOftenItsNeighboursAreRenewed() {
    begin();
    agent.perSecond = 0;
    agent.last = null;
    long start = agent.now;
    assertThat(value(agent.readOut(PATIENCE))).isZero();
    assertThat(agent.now - start).isEqualTo(SECOND);
  }

  @Test
  void idleCounterOfAnUnknownSystemIsNotSaidToBeAtZeroAtOnce() {
    agent.perSecond = 0;
    Rate early = agent.readOut(PATIENCE);
    assertThat(early.missing().why()).contains("not known yet");
    assertThat(value(agent.readOut(75 * SECOND))).isZero();
  }

  // What becomes of a counter that does not just go on

  @Test
  void counterOf32BitsThatStartedOverIsReckonedOn() {
    agent.jump(4_294_967_296.0 - 3_500_000);
    begin();
    Rate rate = after(5);
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(rate.quality()).isEqualTo(Quality.WRAP);
    assertThat(after(5).quality()).isEqualTo(Quality.OK);
  }

  @Test
  void wrapIsBelievedAsFarAsTheLinkIsFastEnough() {
    agent.speed = 10_000_000;
    begin();
    agent.jump(1_000);
    Rate rate = after(5);
    assertThat(rate.missing().why()).startsWith("the counter began anew");
    assertThat(rate.quality()).isEqualTo(Quality.RESET);
  }

  @Test
  void restartBeginsAnew() {
    begin();
    agent.restart();
    Rate first = after(5);
    assertThat(first.missing().why()).startsWith("the counter began anew");
    Rate rate = agent.readOut(PATIENCE);
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(rate.quality()).isEqualTo(Quality.RESET);
  }

  @Test
  void restartIsSeenThoughTheSystemIsUpLongerThanBefore() {
    agent.bootNanos = agent.now - 10 * SECOND;
    agent.jump(1_000_000);
    begin();
    agent.pass(SECOND);
    agent.restart();
    agent.perSecond = 100_000_000;
    Rate first = after(60);
    assertThat(first.missing()).isNotNull();
    assertThat(first.quality()).isEqualTo(Quality.RESET);
  }

  @Test
  void discontinuityThatTheSystemTellsBeginsAnew() {
    begin();
    agent.jump(4_200_000_000.0);
    agent.discontinuity = 77;
    assertThat(after(5).quality()).isEqualTo(Quality.RESET);
    assertThat(value(agent.readOut(PATIENCE))).isCloseTo(TRUE_RATE, TWO_PERCENT);
  }

  @Test
  void jumpAboveTheSpeedOfTheLinkBeginsAnewThoughTheSystemDoesNotTell() {
    agent.type = Value.NumberType.COUNTER64;
    agent.speed = 1_000_000_000;
    begin();
    agent.jump(9e12);
    Rate rate = after(5);
    assertThat(rate.missing()).isNotNull();
    assertThat(rate.quality()).isEqualTo(Quality.RESET);
  }

  @Test
  void speedThatMeansNothingIsNotBelievedForLong() {
    agent.type = Value.NumberType.COUNTER64;
    agent.speed = 9_000; // what some systems say of every tunnel
    long start = agent.now;
    assertThat(value(agent.readOut(PATIENCE))).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(agent.now - start).isLessThanOrEqualTo(3 * SECOND);
    for (int i = 0; i < 10; i++) {
      assertThat(value(after(5))).isCloseTo(TRUE_RATE, TWO_PERCENT);
    }
  }

  @Test
  void counterOf64BitsThatGoesBackDidNotStartOver() {
    agent.type = Value.NumberType.COUNTER64;
    begin();
    agent.jump(5);
    assertThat(after(5).quality()).isEqualTo(Quality.RESET);
  }

  @Test
  void timeOfTheSystemThatStartsOverAfter497DaysGoesOn() {
    agent.bootNanos = agent.now - (0x1_0000_0000L - 300) * 10_000_000;
    begin();
    Rate rate = after(5);
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(rate.quality()).isEqualTo(Quality.OK);
    assertThat(rate.properties()).containsEntry("clock", "system");
  }

  @Test
  void readingsTooFarApartAreAGap() {
    begin();
    Rate first = after(400);
    assertThat(first.missing().why()).startsWith("the reading before is too long ago");
    Rate rate = agent.readOut(PATIENCE);
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(rate.quality()).isEqualTo(Quality.GAP);
    assertThat(after(300).quality()).isEqualTo(Quality.OK);
  }

  @Test
  void counterOf32BitsThatMayHaveGoneAroundSeveralTimesIsComparedWithACloserReading() {
    agent.speed = 10_000_000_000L;
    agent.perSecond = 1_200_000_000;
    agent.readOut(PATIENCE);
    Rate first = after(12);
    assertThat(first.missing()).isNotNull();
    assertThat(first.quality()).isEqualTo(Quality.GAP);
    Rate rate = agent.readOut(PATIENCE);
    assertThat(value(rate)).isCloseTo(1_200_000_000, TWO_PERCENT);
    assertThat(rate.quality()).isIn(Quality.GAP, Quality.WRAP);
    assertThat(rate.number().to() - rate.number().from()).isBetween(SECOND, 3 * SECOND / 2);
  }

  @Test
  void counterOf32BitsThatGoesAroundBetweenTwoRenewalsIsNoNumber() {
    agent.renewsEach(5);
    agent.speed = 10_000_000_000L;
    agent.perSecond = 1_200_000_000;
    Rate rate = agent.readOut(30 * SECOND);
    assertThat(rate.missing().why())
        .contains("starts over every 3.436 s", "renews it every 5 s", "64 bits");
    assertThat(rate.missing().againNanos()).isNegative();
    assertThat(rate.quality()).isEqualTo(Quality.WRAP);
  }

  // Whose time

  @Test
  void answerThatWasLongUnderWayIsReckonedByTheTimeOfTheSystem() {
    begin();
    agent.pass(5 * SECOND);
    CounterSample late = agent.sample();
    agent.now += 1_500_000_000L; // the answer is under way
    agent.last =
        agent.rates.of(
            agent.question, agent.last, org.aeiou.closures.Reading.of((Value) late, agent.now, 0));
    Rate rate = (Rate) ((org.aeiou.closures.Reading<Value>) agent.last).value();
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
  }

  @Test
  void systemWithoutATimeOfItsOwnIsReckonedByOurs() {
    agent.hasUptime = false;
    begin();
    Rate rate = after(5);
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(rate.properties()).containsEntry("clock", "daemon");
  }

  @Test
  void timeInWholeSecondsIsNotReckonedBy() {
    agent.hasWholeSeconds = true;
    begin();
    agent.pass(SECOND + SECOND / 2);
    Rate rate = agent.read();
    assertThat(value(rate)).isCloseTo(TRUE_RATE, TWO_PERCENT);
    assertThat(rate.properties()).containsEntry("clock", "daemon");
  }

  // Systems that renew their counters now and then

  @ParameterizedTest
  @ValueSource(longs = {1, 30, 60})
  void ratesAreSteadyHoweverOftenTheSystemRenewsItsCounters(long period) {
    for (int poll = 1; poll <= 7; poll++) {
      ModelAgent slow = new ModelAgent().renewsEach((double) period);
      Rate rate = slow.readOut(PATIENCE);
      for (long end = slow.now + 200 * SECOND; slow.now < end; ) {
        slow.pass(poll * SECOND);
        rate = slow.read();
        assertThat(rate.missing() != null || rate.number().value() > 0).isTrue();
      }
      for (int i = 0; i < 200; i++) {
        slow.pass(poll * SECOND);
        rate = slow.read();
        assertThat(value(rate))
            .as(
                "renewed each %d s, read each %d s, read %d: %s %s",
                period, poll, i, rate.properties(), slow.profile.all())
            .isCloseTo(TRUE_RATE, TWO_PERCENT);
      }
    }
  }

  @Test
  void howOftenCountersAreRenewedIsLearnedAndKeptOverRestarts() {
    ModelAgent slow = new ModelAgent().renewsEach(15);
    slow.readOut(60 * SECOND);
    String learned = slow.profile.text("renewal_ms.interfaces");
    assertThat(learned).matches("1[2-4][0-9]{3}-1[56][0-9]{3}( perhaps)?");
    slow.rates = new Rates();
    slow.rates.learnIn(slow.profile);
    slow.last = null;
    assertThat(slow.readOut(PATIENCE).missing().why()).contains("renews the counter every 15 s");
    slow.profile.forget();
    slow.last = null;
    assertThat(slow.readOut(PATIENCE).missing().why()).contains("not known yet");
  }

  @Test
  void whatIsKeptIsReadOnlyIfItMakesSense() {
    assertThat(Renewal.parse("0-500").isContinuous()).isTrue();
    assertThat(Renewal.parse("14000-16000 now and then").isRegular()).isFalse();
    for (String text : List.of("", "15", "x-y", "9-5", "1-2 never", "-1-2", "1-9999999999999")) {
      assertThat(Renewal.parse(text)).as(text).isNull();
    }
    assertThat(Renewal.parse(null)).isNull();
  }

  @Test
  void firstReadOfACounterThatIsRenewedSeldomSaysWhyThereIsNoNumber() {
    ModelAgent slow = new ModelAgent().renewsEach(30);
    assertThat(slow.readOut(PATIENCE).missing().why()).contains("not known yet");
    assertThat(value(slow.readOut(60 * SECOND))).isCloseTo(TRUE_RATE, Percentage.withPercentage(5));
  }

  @Test
  void shareOfTheSpeedIsInPerCent() {
    ModelAgent link =
        new ModelAgent(new Question.CounterMeaning("interfaces", 8, List.of(1L), true));
    link.speed = 100_000_000;
    assertThat(value(link.readOut(PATIENCE))).isCloseTo(8, TWO_PERCENT);
    link.speed = 0;
    assertThat(link.read().missing().againNanos()).isNegative();
  }
}
