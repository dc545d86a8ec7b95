package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.aeiou.closures.shard.SchedulerCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that their requesters wait for, behind those of all others. */
class BackgroundTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");
  private final Requester one = stepped.scheduler.requester("one");
  private final Requester other = stepped.scheduler.requester("other");

  @AfterEach
  void close() {
    stepped.close();
  }

  private Asked ask(Requester requester, String key) {
    return core1.ask(key, Priority.INTERACTIVE, HOUR, requester.alone());
  }

  @Test
  void whatIsInteractiveOfAnyUserGoesBeforeIt() {
    ask(one, "in flight");
    stepped.settle();
    for (int i = 0; i < 8; i++) {
      ask(one.inBackground(), "b" + i);
    }
    stepped.settle();
    for (int i = 0; i < 5; i++) {
      ask(i % 2 == 0 ? one : other, "i" + i);
    }
    stepped.settle();
    for (int i = 0; i < 4; i++) {
      core1.answerLast();
    }

    assertThat(core1.asked().get(1)).containsExactlyInAnyOrder("i0", "i1", "i2", "i3");
    assertThat(core1.asked().get(2)).containsExactly("i4", "b0", "b1", "b2");
    assertThat(core1.asked().get(3)).containsExactly("b3", "b4", "b5", "b6");
  }

  @Test
  void usersTakeTurnsInItAsTheyDoOtherwise() {
    ask(one, "in flight");
    stepped.settle();
    for (int i = 0; i < 100; i++) {
      ask(one.inBackground(), "h" + i);
    }
    ask(other.inBackground(), "r0");
    ask(other.inBackground(), "r1");
    stepped.settle();
    core1.answerLast();

    assertThat(core1.asked().get(1)).contains("r0", "r1");
  }

  @Test
  void interactiveRequestThatJoinsOneTakesItAlong() {
    ask(one, "in flight");
    stepped.settle();
    List<Asked> behind = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      behind.add(ask(one.inBackground(), "b" + i));
    }
    stepped.settle();
    Asked joining = ask(other, "b8");
    stepped.settle();
    core1.answerLast();
    core1.answerLast();

    assertThat(core1.asked().get(1)).contains("b8");
    assertThat(joining.word()).isEqualTo("value of b8");
    assertThat(behind.get(8).word()).isEqualTo("value of b8");
    assertThat(stepped.count(SchedulerCounter.PROMOTED)).isEqualTo(1);
  }

  @Test
  void itIsTriedAsOftenAsAnythingThatARequesterWaitsFor() {
    Asked waiting = ask(one.inBackground(), "a");
    stepped.settle();
    stepped.advance(Duration.ofSeconds(1));
    stepped.advance(Duration.ofMillis(125));
    core1.answerLast();

    assertThat(waiting.word()).isEqualTo("value of a");
    assertThat(stepped.count(SchedulerCounter.RETRIES)).isEqualTo(1);
  }

  @Test
  void itEndsWithTheBurstThatItIsAPartOfAndWhatFollowsClosuresIsDone() {
    List<String> done = new ArrayList<>();
    one.afterClosures(() -> done.add("done"));
    RequesterBurst burst = one.begin();
    Asked first = core1.ask("i", Priority.INTERACTIVE, HOUR, burst);
    Asked second = core1.ask("b", Priority.INTERACTIVE, HOUR, burst.inBackground());
    stepped.settle();
    assertThat(core1.exchanges()).isZero();
    burst.end();
    stepped.settle();
    core1.answerLast();

    assertThat(core1.asked()).containsExactly(List.of("i", "b"));
    assertThat(first.word() + second.word()).isEqualTo("value of ivalue of b");
    assertThat(done).hasSize(1);
  }

  @Test
  void itIsTheSameRequesterEachTimeAndCountsForItsUser() {
    assertThat(one.inBackground()).isSameAs(one.inBackground());
    assertThat(one.inBackground().inBackground()).isSameAs(one.inBackground());
    assertThat(one.alone().inBackground().requester()).isSameAs(one.inBackground());
    RequesterBurst burst = one.begin();
    assertThat(burst.inBackground()).isSameAs(burst.inBackground().inBackground());
    ask(one.inBackground(), "a");

    assertThat(one.pending()).isEqualTo(1);
    assertThat(one.inBackground()).hasToString("one");
  }
}
