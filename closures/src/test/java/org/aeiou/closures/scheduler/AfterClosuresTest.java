package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.scheduler.SteppedScheduler.Asked;
import org.aeiou.closures.scheduler.SteppedScheduler.Scripted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AfterClosuresTest {
  private final SteppedScheduler stepped = new SteppedScheduler();
  private final Scripted core1 = stepped.open("core1");
  private final List<String> done = new ArrayList<>();

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void whatFollowsIsDoneOnceForClosuresThatRanTogether() {
    Asked first = core1.ask("a");
    Asked second = core1.ask("b");
    stepped.me.afterClosures(() -> done.add(first.word() + ", " + second.word()));
    stepped.settle();
    assertThat(done).isEmpty();
    core1.answerLast();
    assertThat(done).containsExactly("value of a, value of b");
  }

  @Test
  void whatFollowsDoesNotWaitForMoreThanAFewClosures() {
    stepped.me.afterClosures(() -> done.add("done"));
    for (int i = 0; i < 100; i++) {
      core1.ask("same");
    }
    stepped.settle();
    core1.answerLast();
    assertThat(done).hasSize(2);
  }

  @Test
  void whatFollowsIsDoneAlsoWhenTheSchedulerStops() {
    core1.ask("a");
    stepped.settle();
    stepped.me.afterClosures(() -> done.add("done"));
    stepped.close();
    assertThat(done).containsExactly("done");
    RequesterBurst burst = stepped.me.begin();
    core1.ask("b", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    burst.end();
    assertThat(done).containsExactly("done", "done");
  }

  @Test
  void oneThatThrowsKeepsNoOtherFromBeingDone() {
    stepped.me.afterClosures(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    Requester other = stepped.me.another("other");
    other.afterClosures(() -> done.add("done"));
    Asked mine = core1.ask("a");
    RequesterBurst burst = other.begin();
    core1.ask("a", Priority.INTERACTIVE, Duration.ofHours(1), burst);
    burst.end();
    stepped.settle();
    core1.answerLast();
    assertThat(mine.word()).isEqualTo("value of a");
    assertThat(done).containsExactly("done");
  }
}
