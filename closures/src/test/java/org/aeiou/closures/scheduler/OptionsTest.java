package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void optionsOutOfRangeAreNamedWithWhatWasExpected() {
    assertThatThrownBy(() -> SchedulerOptions.DEFAULT.withShards(0))
        .hasMessage("shards: 0, expected 1 to 256");
    assertThatThrownBy(() -> SchedulerOptions.DEFAULT.withMaxPending(0))
        .hasMessage("maxPending: 0, expected 1 or more");
    assertThatThrownBy(() -> SchedulerOptions.DEFAULT.withMaxInFlight(-1))
        .hasMessage("maxInFlight: -1, expected 1 or more");
    assertThatThrownBy(
            () ->
                SchedulerOptions.DEFAULT.withBreaker(0, SchedulerOptions.DEFAULT.breakerPeriods()))
        .hasMessage("breakerThreshold: 0, expected 1 or more");
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessage("first: PT0S, expected more than zero");
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageStartingWith("most: PT1S, expected at least first (PT2S)");
  }

  @Test
  void eachOptionIsSetByItsNameAndLeavesTheOthersAlone() {
    Backoff retries = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2));
    Backoff periods = new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(4));
    SchedulerOptions options =
        SchedulerOptions.DEFAULT
            .withShards(2)
            .withMaxPending(3)
            .withMaxPendingOfUser(4)
            .withMaxInFlight(5)
            .withRetryBackoff(retries)
            .withBreaker(6, periods)
            .withThreadName("seven-");
    assertThat(options.shards()).isEqualTo(2);
    assertThat(options.maxPending()).isEqualTo(3);
    assertThat(options.maxPendingOfUser()).isEqualTo(4);
    assertThat(options.maxInFlight()).isEqualTo(5);
    assertThat(options.retryBackoff()).isEqualTo(retries);
    assertThat(options.breakerThreshold()).isEqualTo(6);
    assertThat(options.breakerPeriods()).isEqualTo(periods);
    assertThat(options.threadName()).isEqualTo("seven-");
    assertThat(SchedulerOptions.DEFAULT.maxInFlight()).isEqualTo(4096);
  }

  @Test
  void aBackoffDoublesUpToItsMostAndVariesByAQuarter() {
    Backoff backoff = new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60));
    SplittableRandom random = new SplittableRandom(3);
    long[] middles = {5, 10, 20, 40, 60, 60};
    for (int failures = 1; failures <= 200; failures++) {
      long middle = middles[Math.min(failures, 6) - 1] * 1_000_000_000L;
      assertThat(backoff.nanosAfter(failures, random))
          .isBetween(middle - middle / 4, middle + middle / 4);
    }
  }
}
