package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.scheduler.pace.Backoff;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first question to a system that was never heard of. */
class FirstPatienceTest {
  private static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(2), 2, 2, Duration.ZERO, 4, Duration.ofSeconds(1), /* retries */ 1);

  private final SteppedScheduler stepped =
      new SteppedScheduler(
          OPTIONS.withBreaker(5, new Backoff(Duration.ofSeconds(5), Duration.ofSeconds(60))));
  private final Scripted core1 = stepped.open("core1", LIMITS);

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void aSystemNeverHeardOfHasTheShorterPatienceAndIsThenKnownToBeSilent() {
    Asked first = core1.ask("a");
    stepped.settle();
    assertThat(core1.last().timeoutNanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
    stepped.passTwoAttempts();
    assertThat(first.word()).isEqualTo("TIMEOUT");
    assertThat(first.message()).isEqualTo("core1 did not answer within 1000 ms (2 attempts)");
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.OPEN);
    Asked second = core1.ask("b");
    stepped.settle();
    assertThat(second.word()).isEqualTo("UNREACHABLE");
    assertThat(core1.exchanges()).isEqualTo(2);
  }

  @Test
  void whatWaitsWhenASystemIsFoundToBeSilentTimesOutWhicheverWayItEnds() {
    List<Asked> waiting = core1.askAll("a", "b", "c", "d", "e");
    stepped.settle();
    Asked later = core1.ask("f");
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(125));
    Asked last = core1.ask("g");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(waiting).extracting(Asked::word).containsOnly("TIMEOUT");
    assertThat(later.word()).isEqualTo("TIMEOUT");
    assertThat(last.word()).isEqualTo("TIMEOUT");
    stepped.advance(Duration.ofSeconds(7));
    Asked probe = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    assertThat(probe.word()).as("it was known to be silent").isEqualTo("UNREACHABLE");
  }

  @Test
  void onceHeardOfASystemHasTheUsualPatience() {
    core1.ask("a");
    stepped.settle();
    core1.answerLast();
    Asked asked = core1.ask("b");
    stepped.settle();
    assertThat(core1.last().timeoutNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
    stepped.advance(Duration.ofSeconds(2));
    stepped.advance(Duration.ofMillis(125));
    stepped.advance(Duration.ofSeconds(2));
    stepped.advance(Duration.ofMillis(250));
    assertThat(asked.isPending()).isTrue();
    stepped.advance(Duration.ofSeconds(2));
    assertThat(asked.message()).isEqualTo("core1 did not answer within 2000 ms (3 attempts)");
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.CLOSED);
  }

  @Test
  void aSlowSystemIsHeardOfByTheLateAnswerToItsFirstAttempt() {
    Asked asked = core1.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(900));
    core1.answer(core1.started.get(0), "slow ");
    assertThat(asked.word()).isEqualTo("slow a");
    assertThat(core1.breaker()).isEqualTo(Health.BreakerState.CLOSED);
    core1.ask("b");
    stepped.settle();
    assertThat(core1.last().timeoutNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
  }
}
