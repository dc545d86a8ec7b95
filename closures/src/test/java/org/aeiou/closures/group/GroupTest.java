package org.aeiou.closures.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.junit.jupiter.api.Test;

class GroupTest {
  private final ScriptedSource source = new ScriptedSource();
  private final Group<String, String> group = Group.begin(source);
  private final List<String> told = new ArrayList<>();

  private Request ask(String key) {
    return group.submit(
        key,
        (context, outcome, delayed) ->
            told.add(context + ": " + word(outcome) + (delayed ? " delayed" : " immediate")),
        key);
  }

  private static String word(Outcome<String> outcome) {
    return outcome instanceof Reading<String> r
        ? r.value()
        : ((Failure<String>) outcome).reason().name();
  }

  @Test
  void hitsAndMissesAreTold() {
    source.cache.put("hit", Reading.of("1", 0, 0));
    assertThat(ask("hit")).isSameAs(Request.IMMEDIATE);
    assertThat(ask("miss").isDone()).isFalse();
    assertThat(told).containsExactly("hit: 1 immediate");
    assertThat(source.burst.ended).isZero();
    group.end();
    assertThat(source.burst.ended).isEqualTo(1);
    assertThat(group.progress()).isEqualTo(new Progress(2, 1, 1, 1, 0, 0, null));
    assertThat(group.progress().isDone()).isFalse();
    source.pending.remove().end(Reading.of("2", 0, 0));
    assertThat(told).containsExactly("hit: 1 immediate", "miss: 2 delayed");
    assertThat(group.progress()).isEqualTo(new Progress(2, 1, 1, 0, 0, 0, null));
    assertThat(group.progress().isDone()).isTrue();
  }

  @Test
  void waitingEndsWithTheOutcomesThatAreWaitedForAndNotBefore() throws Exception {
    assertThat(group.await(Duration.ZERO)).as("for nothing").isTrue();
    ask("a");
    ask("b");
    ask("c");
    assertThat(group.await(Duration.ZERO)).isFalse();
    assertThat(group.awaitSome(0, Duration.ZERO)).isTrue();
    assertThat(group.awaitSome(1, Duration.ZERO)).isFalse();
    Thread answering =
        new Thread(
            () -> {
              for (int i = 0; i < 3; i++) {
                source.pending.remove().end(Reading.of("1", 0, 0));
              }
            });
    answering.start();
    assertThat(group.awaitSome(2, Duration.ofSeconds(20))).isTrue();
    assertThat(group.await(Duration.ofSeconds(20))).isTrue();
    assertThat(group.progress().pending()).isZero();
    answering.join();
    assertThat(told).hasSize(3);
  }

  @Test
  void threadThatOutcomesComeOnCannotWaitForThem() {
    ask("a");
    source.mayWait = false;
    assertThatThrownBy(() -> group.await(Duration.ofDays(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wait on another one");
  }

  @Test
  void failuresAreCountedImmediateOrDelayedAndTheFirstIsKept() {
    Failure<String> first = new Failure<>(Reason.UNKNOWN_NAME, "no such name");
    source.cache.put("bad", first);
    ask("bad");
    ask("miss");
    source.pending.remove().end(new Failure<>(Reason.TIMEOUT, "late"));
    assertThat(group.progress()).isEqualTo(new Progress(2, 1, 1, 0, 2, 0, first));
  }

  @Test
  void refusalsAreCountedAndTheirClosuresNeverRun() {
    source.full = true;
    assertThat(ask("miss")).isNull();
    source.full = false;
    ask("other");
    assertThat(group.progress()).isEqualTo(new Progress(2, 0, 1, 1, 0, 1, null));
    source.pending.remove().end(Reading.of("x", 0, 0));
    assertThat(told).containsExactly("other: x delayed");
  }

  @Test
  void aDelayedRequestKeepsItsClosureWhileHitsReuseTheNextMember() {
    source.cache.put("hit", Reading.of("1", 0, 0));
    ask("m1");
    ask("hit");
    ask("m2");
    ask("hit");
    source.pending.remove().end(Reading.of("a", 0, 0));
    source.pending.remove().end(Reading.of("b", 0, 0));
    assertThat(told)
        .containsExactly("hit: 1 immediate", "hit: 1 immediate", "m1: a delayed", "m2: b delayed");
  }

  @Test
  void aClosureMaySubmitToItsOwnGroup() {
    source.cache.put("outer", Reading.of("1", 0, 0));
    source.cache.put("inner", Reading.of("2", 0, 0));
    group.submit(
        "outer",
        (context, outcome, delayed) -> {
          ask("inner");
          told.add(context + ": " + word(outcome));
        },
        "outer");
    assertThat(told).containsExactly("inner: 2 immediate", "outer: 1");
    assertThat(group.progress()).isEqualTo(new Progress(2, 2, 0, 0, 0, 0, null));
  }

  @Test
  void cancelReachesEverythingPendingAndNothingElse() {
    List<ScriptedSource.Miss> misses = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      ask("m" + i);
      ScriptedSource.Miss miss = source.pending.remove();
      misses.add(miss);
      if (i % 3 != 0) {
        miss.end(Reading.of("x", 0, 0));
      }
    }
    group.end();
    group.cancel();
    for (int i = 0; i < 500; i++) {
      assertThat(misses.get(i).cancelled).isEqualTo(i % 3 == 0);
    }
  }

  @Test
  void aGroupThatLivesLongKeepsOnlyWhatIsPending() {
    ask("stays");
    ScriptedSource.Miss stays = source.pending.remove();
    for (int i = 0; i < 10_000; i++) {
      ask("m" + i);
      source.pending.remove().end(Reading.of("x", 0, 0));
    }
    source.cancels = 0;
    group.cancel();
    assertThat(stays.cancelled).isTrue();
    assertThat(source.cancels).as("ended ones met on the way").isLessThan(200);
  }

  @Test
  void anImmediateClosureThatThrowsThrowsAtItsRequester() {
    source.cache.put("hit", Reading.of("1", 0, 0));
    assertThatThrownBy(
            () ->
                group.submit(
                    "hit",
                    (context, outcome, delayed) -> {
                      throw new IllegalStateException("the requester's own");
                    },
                    null))
        .hasMessage("the requester's own");
    ask("hit");
    assertThat(group.progress()).isEqualTo(new Progress(2, 2, 0, 0, 0, 0, null));
  }

  @Test
  void theSameGroupServesTheNextBurst() {
    ask("m1");
    group.end();
    ask("m2");
    group.end();
    assertThat(source.burst.ended).isEqualTo(2);
    assertThat(source.begun).isEqualTo(1);
  }

  /** A cache that the test fills, and misses that the test ends. */
  private static final class ScriptedSource implements Source<String, String> {
    final Map<String, Outcome<String>> cache = new HashMap<>();
    final Queue<Miss> pending = new ArrayDeque<>();
    final CountingBurst burst = new CountingBurst();
    boolean full;
    int begun;
    int cancels;
    boolean mayWait = true;

    @Override
    public boolean mayWait() {
      return mayWait;
    }

    @Override
    public Burst begin() {
      begun++;
      return burst;
    }

    @Override
    public <C> Request submit(String key, Burst given, Closure<String, C> closure, C context) {
      assertThat(given).isSameAs(burst);
      Outcome<String> hit = cache.get(key);
      if (hit != null) {
        closure.run(context, hit, false);
        return Request.IMMEDIATE;
      }
      if (full) {
        return null;
      }
      Miss miss = new Miss(outcome -> closure.run(context, outcome, true));
      pending.add(miss);
      return miss;
    }

    private static final class CountingBurst implements Burst {
      int ended;

      @Override
      public void end() {
        ended++;
      }
    }

    private final class Miss implements Request {
      private final java.util.function.Consumer<Outcome<String>> closure;
      boolean cancelled;
      private boolean done;

      Miss(java.util.function.Consumer<Outcome<String>> closure) {
        this.closure = closure;
      }

      void end(Outcome<String> outcome) {
        done = true;
        closure.accept(outcome);
      }

      @Override
      public void cancel() {
        cancels++;
        cancelled |= !done;
      }

      @Override
      public boolean isDone() {
        return done;
      }
    }
  }
}
