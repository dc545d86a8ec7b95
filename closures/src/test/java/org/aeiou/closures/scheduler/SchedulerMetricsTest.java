package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.metric.Metric;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the scheduler describes what it counts. */
class SchedulerMetricsTest {
  private static final Limits LIMITS = new Limits(Duration.ofSeconds(1), 1, 1, Duration.ZERO, 4);

  private final SteppedScheduler stepped = new SteppedScheduler(SteppedScheduler.OPTIONS);
  private final Scripted core1 = stepped.open("core1", LIMITS);

  @AfterEach
  void close() {
    stepped.close();
  }

  private Metric.Histogram histogram(String name) {
    return stepped.scheduler.metrics().all().stream()
        .filter(metric -> metric.name().equals(name))
        .map(Metric.Histogram.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** How many values are in the bucket that ends with {@code bound}. */
  private long inBucket(String name, long bound) {
    Metric.Histogram histogram = histogram(name);
    return histogram.value().get().counts().get(histogram.bounds().indexOf(bound));
  }

  @Test
  void aRoundTripIsCountedInTheBucketOfItsTime() {
    core1.ask("a");
    stepped.settle();
    stepped.pass(Duration.ofMillis(30));
    core1.answerLast();
    stepped.settle();
    assertThat(inBucket("roundTrip", 50_000)).isEqualTo(1);
    assertThat(histogram("roundTrip").value().get().count()).isEqualTo(1);
    assertThat(histogram("roundTrip").value().get().sum()).isBetween(30_000L, 31_000L);
  }

  @Test
  void aRoundTripThatTookNoLongerThanABoundIsInItsBucket() {
    core1.ask("a");
    stepped.settle();
    stepped.pass(Duration.ofMillis(25));
    core1.answerLast();
    stepped.settle();
    assertThat(inBucket("roundTrip", 25_000)).isEqualTo(1);
  }

  @Test
  void anExchangeWithoutAnAnswerHasNoRoundTrip() {
    core1.ask("a");
    stepped.settle();
    stepped.passTwoAttempts();
    assertThat(stepped.count("timeouts")).isPositive();
    assertThat(stepped.count("roundTrip.count")).isZero();
  }

  @Test
  void eachExchangeIsCountedWithItsItems() {
    core1.ask("a");
    core1.ask("b");
    core1.ask("c");
    stepped.settle();
    assertThat(stepped.count("batch.count")).isEqualTo(stepped.count("exchanges"));
    assertThat(stepped.count("batch.sum")).isEqualTo(stepped.count("items"));
  }

  @Test
  void eachCounterIsOneMetricWithAHelp() {
    List<Metric> all = stepped.scheduler.metrics().all();
    assertThat(all.stream().map(Metric::name)).doesNotHaveDuplicates();
    assertThat(all).allSatisfy(metric -> assertThat(metric.help()).endsWith("."));
  }
}
