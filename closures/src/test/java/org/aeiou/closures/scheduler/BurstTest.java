package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.junit.jupiter.api.Test;

/** What requests of one burst share, and what is handed on with them. */
class BurstTest {
  private static final SchedulerOptions OPTIONS = SteppedScheduler.OPTIONS.withMaxPending(8192);

  private static Request ask(Scripted core1, RequesterBurst burst, int i) {
    return core1.queue.submit(
        "k" + i, Priority.INTERACTIVE, Long.MAX_VALUE, burst, (context, outcome, delayed) -> {}, i);
  }

  @Test
  void placesThatABurstTookAheadAreGivenBackWhenItEnds() {
    try (SteppedScheduler stepped = new SteppedScheduler(OPTIONS)) {
      Scripted core1 = stepped.open("core1");
      RequesterBurst burst = stepped.me.begin();
      for (int i = 0; i < 5; i++) {
        ask(core1, burst, i);
      }
      assertThat(stepped.count("pending")).isGreaterThanOrEqualTo(5);
      burst.end();
      assertThat(stepped.count("pending")).isEqualTo(5);
      assertThat(stepped.me.pending()).isEqualTo(5);
    }
  }

  @Test
  void burstTakesNoPlacesAheadThatOthersCouldWant() {
    try (SteppedScheduler stepped = new SteppedScheduler(OPTIONS)) {
      Scripted core1 = stepped.open("core1");
      List<RequesterBurst> open = new ArrayList<>();
      int taken = 0;
      for (int i = 0; i < 8192; i++) {
        RequesterBurst burst = stepped.me.begin();
        open.add(burst);
        taken += ask(core1, burst, i) == null ? 0 : 1;
      }
      // One user may have eight ninths of all. Half of all places may go in pairs, of which one is
      // of no use; after that they go one by one.
      assertThat(taken).isGreaterThan(8192 * 8 / 9 - 8192 / 4 - 2);
      open.forEach(RequesterBurst::end);
      assertThat(stepped.count("pending")).isEqualTo(taken);
    }
  }

  @Test
  void burstThatIsSentOffInPiecesSharesNoSystemBetweenTwo() {
    try (SteppedScheduler stepped = new SteppedScheduler()) {
      Scripted core1 = stepped.open("core1");
      Scripted core2 = stepped.open("core2");
      RequesterBurst burst = stepped.me.begin();
      ask(core1, burst, 1);
      ask(core2, burst, 2);
      ask(core2, burst, 3);
      assertThat(burst.endButLast()).isEqualTo(2);
      stepped.settle();
      ask(core2, burst, 4);
      burst.end();
      stepped.settle();
      assertThat(core1.asked()).containsExactly(List.of("k1"));
      assertThat(core2.asked()).containsExactly(List.of("k2", "k3", "k4"));
    }
  }

  @Test
  void whatAShardTakesInAtOnceSharesNoSystemWithWhatItTakesInNext() {
    try (SteppedScheduler stepped = new SteppedScheduler(OPTIONS)) {
      Limits limits = new Limits(Duration.ofSeconds(1), 2, 2, Duration.ZERO, 24);
      List<Scripted> systems = new ArrayList<>();
      RequesterBurst burst = stepped.me.begin();
      for (int i = 0; i < 250; i++) {
        Scripted system = stepped.open("s" + i, limits);
        systems.add(system);
        for (int j = 0; j < 10; j++) {
          ask(system, burst, j);
        }
      }
      burst.end();
      stepped.settle();
      assertThat(systems).allSatisfy(system -> assertThat(system.exchanges()).isEqualTo(1));
    }
  }

  @Test
  void stepOneIsHandedThePlaceThatTheFirstRequestWasGivenWith() {
    try (SteppedScheduler stepped = new SteppedScheduler()) {
      Scripted core1 = stepped.open("core1");
      List<String> handed = new ArrayList<>();
      CompletionHandler<String, String> stepOne =
          new CompletionHandler<>() {
            @Override
            public Outcome<String> arrived(String key, Outcome<String> outcome, boolean late) {
              return outcome;
            }

            @Override
            public Outcome<String> arrived(
                String key, Object place, Outcome<String> outcome, boolean late) {
              handed.add("arrived " + key + " " + place);
              return outcome;
            }

            @Override
            public Outcome<String> since(String key, Object place, long askedNanos) {
              handed.add("since " + key + " " + place);
              return null;
            }
          };
      SystemQueue<String, String> queue =
          stepped.scheduler.open("core2", SteppedScheduler.LIMITS, core1, stepOne);
      for (String place : List.of("first", "second")) {
        queue.submit(
            "a",
            place,
            Priority.INTERACTIVE,
            stepped.now() + Duration.ofHours(1).toNanos(),
            stepped.now(),
            stepped.me.alone(),
            (context, outcome, delayed) -> {},
            null);
      }
      stepped.settle();
      core1.answerLast();
      assertThat(handed).containsExactly("since a first", "arrived a first");
    }
  }
}
