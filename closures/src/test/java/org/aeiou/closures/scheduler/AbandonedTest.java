package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.again;
import static org.aeiou.closures.scheduler.SteppedScheduler.items;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a back end is told of those that wait for an exchange. */
class AbandonedTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");

  @AfterEach
  void close() {
    stepped.close();
  }

  private void cancel(Asked asked) {
    asked.request.cancel();
    stepped.settle();
  }

  @Test
  void theLastWithdrawalAbandonsTheExchange() {
    List<Asked> all = core1.askAll("a", "b", "b");
    stepped.settle();
    cancel(all.get(0));
    cancel(all.get(1));
    assertThat(core1.abandoned).isEmpty();
    cancel(all.get(2));
    assertThat(core1.abandoned).containsExactly(core1.last());
  }

  @Test
  void theLastDeadlineAbandonsTheExchange() {
    core1.ask("a", Duration.ofMillis(300));
    core1.ask("b", Duration.ofMillis(500));
    stepped.settle();
    stepped.advance(Duration.ofMillis(300));
    assertThat(core1.abandoned).isEmpty();
    stepped.advance(Duration.ofMillis(200));
    assertThat(core1.abandoned).containsExactly(core1.last());
  }

  @Test
  void whatWasNotSentOrWasAnsweredIsNotAbandoned() {
    Asked first = core1.ask("a");
    stepped.settle();
    Asked queued = core1.ask("b");
    stepped.settle();
    cancel(queued);
    core1.answerLast();
    cancel(first);
    assertThat(core1.abandoned).isEmpty();
  }

  @Test
  void aRequestThatJoinsAnAbandonedExchangeIsAskedAgainIfThatWasNotAnswered() {
    cancelWhenSent(core1.ask("a"));
    Asked next = core1.ask("a");
    stepped.settle();
    assertThat(core1.exchanges()).as("it joined").isEqualTo(1);
    core1.answer(core1.last(), items(again()));
    assertThat(core1.exchanges()).isEqualTo(2);
    core1.answerLast();
    assertThat(next.word()).isEqualTo("value of a");
  }

  @Test
  void anAbandonedExchangeThatIsEndedAsksNothingMore() {
    cancelWhenSent(core1.ask("a"));
    core1.answer(core1.last(), items(again()));
    assertThat(core1.exchanges()).isEqualTo(1);
    assertThat(core1.queue.health().inFlight()).isZero();
    assertThat(stepped.timers()).isZero();
  }

  private void cancelWhenSent(Asked asked) {
    stepped.settle();
    cancel(asked);
    assertThat(core1.abandoned).containsExactly(core1.last());
  }

  @Test
  void eachPartInFlightIsAbandoned() {
    Scripted parts = stepped.open("parts", limitsOfThree());
    Asked walk = parts.ask("walk");
    stepped.settle();
    parts.answer(parts.last(), items(new Answer.Item.Split<>(List.of(1, 2))));
    assertThat(parts.exchanges()).isEqualTo(3);
    cancel(walk);
    assertThat(parts.abandoned).containsExactlyElementsOf(parts.started.subList(1, 3));
  }

  private static Limits limitsOfThree() {
    return Limits.passedOn(Duration.ofSeconds(1), 3, 4);
  }

  @Test
  void anExchangeSaysUntilWhenAndForWhomItIsWaitedFor() {
    core1.ask("a", Priority.BACKGROUND, Duration.ofSeconds(3), stepped.me.alone());
    stepped.settle();
    Exchange<String, String> background = core1.last();
    assertThat(background.isInteractive()).isFalse();
    assertThat(background.deadlineNanos() - stepped.now()).isEqualTo(3_000_000_000L);
    core1.answerLast();
    core1.ask("a", Duration.ofSeconds(3));
    core1.ask("a", Duration.ofSeconds(7));
    stepped.settle();
    assertThat(core1.last().isInteractive()).isTrue();
    assertThat(core1.last().deadlineNanos() - stepped.now()).isEqualTo(7_000_000_000L);
    core1.answerLast();
    var unused =
        core1.queue.submit(
            "a",
            Priority.INTERACTIVE,
            Long.MAX_VALUE,
            stepped.me.alone(),
            (c, outcome, delayed) -> {},
            null);
    stepped.settle();
    assertThat(core1.last().deadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }
}
