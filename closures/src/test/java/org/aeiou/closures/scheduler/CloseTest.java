package org.aeiou.closures.scheduler;

import static org.aeiou.closures.scheduler.SteppedScheduler.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Failure;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.Test;

class CloseTest {

  @Test
  void takingASystemOutEndsItsRequestsAndLaterOnesAndNoOthers() {
    try (SteppedScheduler stepped = new SteppedScheduler()) {
      Scripted gone = stepped.open("gone");
      Scripted stays = stepped.open("stays");
      List<Asked> asked = gone.askAll("a", "b", "c", "d", "e");
      Asked other = stays.ask("a");
      stepped.settle();
      gone.queue.close();
      Asked later = gone.ask("f");
      stepped.settle();
      assertThat(asked).extracting(Asked::word).containsOnly("STOPPED");
      assertThat(later.word()).isEqualTo("STOPPED");
      assertThat(other.isPending()).isTrue();
      assertThat(gone.exchanges()).isEqualTo(1);
      assertThat(stepped.count("inFlight")).as("still under way").isEqualTo(2);
      stays.answerLast();
      assertThat(other.word()).isEqualTo("value of a");
      stepped.advance(Duration.ofSeconds(1));
      assertThat(gone.queue.health().inFlight()).isZero();
      assertThat(stepped.timers()).isZero();
      assertThat(stepped.count("inFlight")).isZero();
    }
  }

  @Test
  void closeEndsEverythingWhateverItWaitsFor() {
    SteppedScheduler stepped = new SteppedScheduler();
    Scripted backingOff = stepped.open("backing-off");
    Asked retry = backingOff.ask("a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    Scripted busy = stepped.open("busy");
    List<Asked> asked = busy.askAll("a", "b", "c", "d", "e", "f");
    stepped.settle();
    Asked inTheMail = busy.ask("mail");
    RequesterBurst burst = stepped.me.begin();
    Asked staged = busy.ask("staged", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    stepped.close();
    assertThat(retry.word()).isEqualTo("STOPPED");
    assertThat(asked).extracting(Asked::word).containsOnly("STOPPED");
    assertThat(inTheMail.word()).isEqualTo("STOPPED");
    burst.end();
    assertThat(staged.word()).as("ends with its burst").isEqualTo("STOPPED");
    assertThat(staged.delayed).isTrue();
    assertThat(stepped.timers()).isZero();
    assertThat(stepped.count("pending")).isZero();
    assertThat(stepped.count("inFlight")).isZero();
    assertThat(stepped.count(SchedulerCounter.STOPPED)).isEqualTo(9);
  }

  @Test
  void afterCloseNothingIsAcceptedAndNothingBreaks() {
    SteppedScheduler stepped = new SteppedScheduler();
    Scripted core1 = stepped.open("core1");
    Asked asked = core1.ask("a");
    stepped.settle();
    Exchange<String, String> exchange = core1.last();
    stepped.close();
    stepped.close();
    exchange.answer(SteppedScheduler.items(SteppedScheduler.done("late")));
    asked.request.cancel();
    core1.queue.close();
    assertThat(core1.ask("b").request).isNull();
    assertThatThrownBy(() -> stepped.open("core2"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("core2: the scheduler is closed, expected an open one");
    assertThat(asked.word()).isEqualTo("STOPPED");
    assertThat(core1.arrivals).isEmpty();
    assertThat(stepped.count("pending")).isZero();
  }

  @Test
  void closuresThatSubmitWhileStoppingAreRefusedNotLost() {
    SteppedScheduler stepped = new SteppedScheduler();
    Scripted core1 = stepped.open("core1");
    Asked second = new Asked();
    core1.queue.submit(
        "a",
        Priority.INTERACTIVE,
        Long.MAX_VALUE,
        stepped.me.alone(),
        (asked, outcome, delayed) ->
            asked.request =
                core1.queue.submit(
                    "b",
                    Priority.INTERACTIVE,
                    Long.MAX_VALUE,
                    stepped.me.alone(),
                    (a, o, d) -> a.ran(o, d),
                    asked),
        second);
    stepped.settle();
    stepped.close();
    assertThat(second.request).isNull();
    assertThat(second.isPending()).isTrue();
    assertThat(stepped.count("pending")).isZero();
  }

  @Test
  void closeEndsTheThreads() {
    CompletionScheduler<String, String> scheduler =
        new CompletionScheduler<>(
            SchedulerOptions.DEFAULT.withShards(3).withThreadName("close-test-"),
            Ticker.systemTicker(),
            InstantSource.system(),
            new SplittableRandom(1));
    assertThat(threadsNamed("close-test-")).isEqualTo(3);
    AtomicInteger stopped = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      SystemQueue<String, String> queue =
          scheduler.open("sw" + i, LIMITS, new Silent(), (key, outcome, late) -> outcome);
      queue.submit(
          "a",
          Priority.INTERACTIVE,
          Long.MAX_VALUE,
          scheduler.requester("me").alone(),
          (count, outcome, delayed) -> {
            if (outcome instanceof Failure<String> f && f.reason() == Failure.Reason.STOPPED) {
              count.incrementAndGet();
            }
          },
          stopped);
    }
    scheduler.close();
    assertThat(stopped).hasValue(50);
    assertThat(threadsNamed("close-test-")).isZero();
  }

  @Test
  void aClosureMayCloseTheScheduler() throws InterruptedException {
    CompletionScheduler<String, String> scheduler =
        new CompletionScheduler<>(
            SchedulerOptions.DEFAULT.withShards(2).withThreadName("self-close-"),
            Ticker.systemTicker(),
            InstantSource.system(),
            new SplittableRandom(1));
    SystemQueue<String, String> queue =
        scheduler.open("core1", LIMITS, new Silent(), (key, outcome, late) -> outcome);
    queue
        .submit(
            "a",
            Priority.INTERACTIVE,
            Long.MAX_VALUE,
            scheduler.requester("me").alone(),
            (closing, outcome, delayed) -> closing.close(),
            scheduler)
        .cancel();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("self-close-")) {
        thread.join(10_000);
      }
    }
    assertThat(threadsNamed("self-close-")).isZero();
  }

  private static long threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith(prefix))
        .count();
  }

  /** Never answers. */
  private static final class Silent implements Exchanger<String, String> {
    @Override
    public Object kind(String key) {
      return "any";
    }

    @Override
    public void start(Exchange<String, String> exchange) {}
  }
}
