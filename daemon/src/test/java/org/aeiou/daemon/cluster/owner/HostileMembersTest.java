package org.aeiou.daemon.cluster.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.message.Frame;
import org.junit.jupiter.api.Test;

/** Members that say what no program of this project says, or too much of it. */
class HostileMembersTest extends OwnerFixture {
  private static final long[] NUMBERS = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, 5_000, Long.MAX_VALUE - 1, Long.MAX_VALUE
  };

  private static final Epoch[] EPOCHS = {
    null,
    FIRST,
    SECOND,
    new Epoch(Long.MIN_VALUE, Long.MIN_VALUE),
    new Epoch(Long.MAX_VALUE, Long.MAX_VALUE)
  };

  @Test
  void whateverTheNumbersAreNothingIsThrownAndNothingLeftOver() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      long age = NUMBERS[random.nextInt(NUMBERS.length)];
      Frame.Ask ask = any(random);
      assertThatCode(() -> owned.ask(ask.exchange() % 2 == 0 ? "a" : "x", ask, age))
          .as("%s, %d old", ask, age)
          .doesNotThrowAnyException();
      if (random.nextInt(10) == 0) {
        owned.cancel("a", new Frame.Cancel(NUMBERS[random.nextInt(NUMBERS.length)]));
      }
      while (random.nextInt(3) == 0 && !core1.pending.isEmpty()) {
        core1.answer(new Absent<>(now, 0));
      }
    }
    while (!core1.pending.isEmpty()) {
      core1.answer(new Absent<>(now, 0));
    }
    settle();
    assertThat(count("pending")).isZero();
    assertThat(cache.find(NAME).isUnderWay()).isFalse();
  }

  private static Frame.Ask any(SplittableRandom random) {
    List<Frame.Wanted> wanted = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Question question = random.nextInt(5) == 0 ? set().question() : NAME;
      wanted.add(
          new Frame.Wanted(
              question,
              NUMBERS[random.nextInt(NUMBERS.length)],
              NUMBERS[random.nextInt(NUMBERS.length)]));
    }
    return new Frame.Ask(
        NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(3),
        EPOCHS[random.nextInt(EPOCHS.length)],
        random.nextInt(5) == 0 ? "" : "core1",
        NUMBERS[random.nextInt(NUMBERS.length)],
        random.nextBoolean(),
        wanted);
  }

  @Test
  void anEpochThatNeverWasWritesNothing() {
    for (Epoch epoch : EPOCHS) {
      if (!FIRST.equals(epoch)) {
        owned.ask("a", new Frame.Ask(1, epoch, "core1", 5_000, true, List.of(set())), 0);
      }
    }
    assertThat(core1.asked()).isEmpty();
  }

  @Test
  void aWalkOfEverythingByOneMemberTakesNoMoreThanItsCacheHas() {
    for (int i = 0; i < 500; i++) {
      int from = 200 * i;
      Frame.Wanted[] wanted =
          IntStream.range(from, from + 200)
              .mapToObj(n -> wanted(new Question.Get(Oid.parse("1.3.6.1.4.1." + n)), 0))
              .toArray(Frame.Wanted[]::new);
      owned.ask("a", ask(i, wanted), 0);
      while (!core1.pending.isEmpty()) {
        core1.answer(text("x"));
      }
    }
    assertThat(count("questions")).isEqualTo(100_000);
    assertThat(bound.metrics().values().get("bytes")).isLessThanOrEqualTo(MOST_BYTES);
    assertThat(bound.metrics().values().get("evicted")).isPositive();
    assertThat((long) cache.size()).as("with what is of interest in it").isLessThan(60_000);
  }

  /** Seven thousand times a table of a thousandth of the memory. */
  @Test
  void oneTableAskedForThousandsOfTimesAtOnceIsAnsweredAsOftenAsAnAnswerHasRoom() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    core1.answer(text("x".repeat(1 << 20)));
    Frame.Wanted[] same = new Frame.Wanted[7_000];
    Arrays.fill(same, wanted(NAME, 10_000));
    owned.ask("a", ask(2, same), 0);
    assertThat(reply().outcomes()).hasSize(7_000);
    assertThat(reply().outcomes().stream().filter(Reading.class::isInstance)).hasSize(3);
    assertThat(reply().outcomes().get(6_999))
        .hasToString(reply().outcomes().get(3).toString())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.reason()).isEqualTo(Failure.Reason.OVERLOADED));
  }

  @Test
  void oneAnswerAloneHasRoomHoweverLongItIs() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    core1.answer(text("x".repeat(5 << 20)));
    assertThat(reply().outcomes().get(0)).isInstanceOf(Reading.class);
  }

  @Test
  void namesWithoutEndAreNotRemembered() {
    for (int i = 0; i < 5_000; i++) {
      owned.ask("unknown " + i, ask(1, wanted(NAME, 0)), 0);
      core1.answer(text("x"));
    }
    assertThat(count("askers")).isLessThanOrEqualTo(256);
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    assertThat(core1.asked()).containsExactly(NAME);
  }

  @Test
  void manyThatAreNotKnownKeepOutOneMoreOfThemAndNoKnownMember() {
    for (int i = 0; i < 300; i++) {
      owned.ask("unknown " + i, ask(1, wanted(NAME, 0)), 0);
    }
    assertThat(core1.asked()).hasSize(256);
    assertThat(refusal().why()).isEqualTo(Frame.Refusal.Why.OVERLOADED);
    owned.ask("unknown 299", ask(2, set()), 0);
    assertThat(count("unanswered")).as("could not be remembered").isEqualTo(1);
    owned.ask("a", ask(1, wanted(NAME, 0), set()), 0);
    assertThat(core1.asked()).hasSize(258);
  }

  @Test
  void aCancelOfAnothersExchangeOrOfNoneDoesNothing() {
    owned.ask("a", ask(1, wanted(NAME, 0)), 0);
    for (int i = 0; i < 1_000; i++) {
      owned.cancel("b", new Frame.Cancel(1));
      owned.cancel("unknown " + i, new Frame.Cancel(1));
    }
    assertThat(core1.asked()).containsExactly(NAME);
    assertThat(count("cancelsOfNothing")).isEqualTo(2_000);
    assertThat(count("askers")).as("a cancel makes none").isEqualTo(1);
  }
}
