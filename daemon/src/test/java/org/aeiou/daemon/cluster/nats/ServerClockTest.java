package org.aeiou.daemon.cluster.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerClockTest {
  private static final long MILLIS = 1_000_000;
  private static final long SINCE_1970 = Duration.ofDays(20_000).toNanos();

  private final ServerClock clock = new ServerClock();

  /** An answer that took from one moment to another, by a clock that is ahead by so much. */
  private long sample(long sentMillis, long receivedMillis, long aheadMillis) {
    long read = (sentMillis + receivedMillis) / 2;
    return clock.sample(
            sentMillis * MILLIS,
            receivedMillis * MILLIS,
            SINCE_1970 + (read + aheadMillis) * MILLIS)
        / MILLIS;
  }

  @Test
  void aClockThatRunsAsThisOneIsNoStep() {
    assertThat(sample(0, 1, 0)).isZero();
    assertThat(sample(1000, 1001, 0)).isZero();
    assertThat(sample(2000, 2900, 0)).isZero();
    assertThat(sample(3000, 3001, 0)).isZero();
  }

  @Test
  void aClockThatIsSetTellsByHowMuch() {
    sample(0, 2, 0);
    assertThat(sample(1000, 1002, 9000)).isBetween(8990L, 9000L);
    assertThat(sample(2000, 2002, 9000)).isZero();
    assertThat(sample(3000, 3002, 4000)).isBetween(-5000L, -4990L);
  }

  @Test
  void aSlowAnswerIsNoStep() {
    sample(0, 1, 0);
    assertThat(clock.sample(1000 * MILLIS, 9000 * MILLIS, SINCE_1970 + 1001 * MILLIS)).isZero();
    assertThat(clock.sample(9000 * MILLIS, 9001 * MILLIS, SINCE_1970 + 9000 * MILLIS)).isZero();
  }

  @Test
  void aStepBehindASlowAnswerIsNoticed() {
    sample(0, 1, 0);
    assertThat(clock.sample(1000 * MILLIS, 9000 * MILLIS, SINCE_1970 + 5000 * MILLIS)).isZero();
    assertThat(sample(10_000, 10_001, 3000)).isBetween(2900L, 3000L);
  }

  @Test
  void whatDriftsOverAnHourIsNoStep() {
    sample(0, 1, 0);
    assertThat(sample(3_600_000, 3_600_001, 300)).isZero();
    assertThat(sample(3_601_000, 3_601_001, 600)).isGreaterThan(250);
  }

  @Test
  void whatItShowsIsKnownAfterTheFirstAnswer() {
    assertThat(clock.now(5)).isZero();
    sample(100, 102, 0);
    assertThat(clock.now(1000 * MILLIS)).isEqualTo(SINCE_1970 + 999 * MILLIS);
  }
}
