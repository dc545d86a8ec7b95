package org.aeiou.closures.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimingWheelTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final long TICK = 1 << 20;
  private static final long ORIGIN = -123_456_789L;

  private final TimingWheel wheel = new TimingWheel(ORIGIN);
  private final List<Ring> rang = new ArrayList<>();

  private final class Ring extends Timer {
    @Override
    protected void fire() {
      rang.add(this);
    }
  }

  private Ring in(Duration duration) {
    Ring ring = new Ring();
    wheel.add(ring, ORIGIN + duration.toNanos());
    return ring;
  }

  @Test
  void aTimerNeverFiresEarlyAndAtMostOneTickLate() {
    for (Duration due :
        List.of(
            Duration.ofNanos(1),
            Duration.ofMillis(5),
            Duration.ofMillis(67),
            Duration.ofSeconds(4),
            Duration.ofMinutes(5),
            Duration.ofDays(3),
            Duration.ofDays(3000))) {
      TimingWheel fresh = new TimingWheel(ORIGIN);
      Ring ring = new Ring();
      fresh.add(ring, ORIGIN + due.toNanos());
      fresh.advance(ORIGIN + due.toNanos() - 1, ALL);
      assertThat(rang).doesNotContain(ring);
      fresh.advance(ORIGIN + due.toNanos() + TICK, ALL);
      assertThat(rang).contains(ring);
      assertThat(fresh.size()).isZero();
    }
  }

  @Test
  void timersFireInTheOrderOfTheirTicksAndThenOfTheirComing() {
    Ring third = in(Duration.ofSeconds(10));
    Ring first = in(Duration.ofMillis(3));
    Ring fourth = in(Duration.ofSeconds(10));
    Ring second = in(Duration.ofMillis(300));
    wheel.advance(ORIGIN + Duration.ofMinutes(1).toNanos(), ALL);
    assertThat(rang).containsExactly(first, second, third, fourth);
  }

  @Test
  void aRemovedTimerLeavesNothing() {
    Ring kept = in(Duration.ofSeconds(1));
    Ring removed = in(Duration.ofSeconds(1));
    Ring far = in(Duration.ofDays(1));
    wheel.remove(removed);
    wheel.remove(removed);
    wheel.remove(far);
    assertThat(wheel.size()).isEqualTo(1);
    wheel.advance(ORIGIN + Duration.ofDays(2).toNanos(), ALL);
    assertThat(rang).containsExactly(kept);
    assertThat(wheel.nanosToNext(ORIGIN)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aTimerMayRemoveAndAddOthersWhileFiring() {
    Ring victim = new Ring();
    Ring again = new Ring();
    Timer actor =
        new Timer() {
          @Override
          protected void fire() {
            wheel.remove(victim);
            wheel.add(again, dueNanos);
          }

          @Override
          protected void receive() {}
        };
    wheel.add(actor, ORIGIN + 5 * TICK);
    wheel.add(victim, ORIGIN + 5 * TICK);
    wheel.advance(ORIGIN + 5 * TICK, ALL);
    assertThat(rang).isEmpty();
    wheel.advance(ORIGIN + 6 * TICK, ALL);
    assertThat(rang).containsExactly(again);
  }

  @Test
  void itSaysHowLongNothingWillHappen() {
    in(Duration.ofNanos(10 * TICK));
    assertThat(wheel.nanosToNext(ORIGIN)).isEqualTo(10 * TICK);
    assertThat(wheel.nanosToNext(ORIGIN + 4 * TICK)).isEqualTo(6 * TICK);
    assertThat(wheel.nanosToNext(ORIGIN + 40 * TICK)).isEqualTo(1);
  }

  @Test
  void itAgreesWithASortedListOverManyRandomSteps() {
    SplittableRandom random = new SplittableRandom(42);
    List<Ring> in = new ArrayList<>();
    long now = ORIGIN;
    for (int step = 0; step < 20_000; step++) {
      int what = random.nextInt(10);
      if (what < 5) {
        Ring ring = new Ring();
        wheel.add(ring, now + (1L << random.nextInt(45)) + random.nextLong(TICK));
        in.add(ring);
      } else if (what < 7 && !in.isEmpty()) {
        Ring gone = in.remove(random.nextInt(in.size()));
        wheel.remove(gone);
      } else {
        long next = wheel.nanosToNext(now);
        now += 1L << random.nextInt(38);
        rang.clear();
        wheel.advance(now, ALL);
        long at = now;
        for (Ring ring : rang) {
          assertThat(ring.dueNanos).isLessThanOrEqualTo(at);
          assertThat(in.remove(ring)).isTrue();
        }
        assertThat(in).allSatisfy(ring -> assertThat(ring.dueNanos).isGreaterThan(at - TICK));
        assertThat(next).isPositive();
      }
      assertThat(wheel.size()).isEqualTo(in.size());
    }
  }
}
