package org.aeiou.daemon.cluster.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.aeiou.closures.Failure;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.Frame.Refusal.Why;
import org.junit.jupiter.api.Test;

/** Becoming the owner of a system, and being it no longer, with requests pending. */
class RoutedQueueTest extends RemoteFixture {
  private final Agent core1 = system("core1");

  private void own() {
    owners.all("me");
    core1.queue.own();
    settle();
  }

  private void disown(String next) {
    core1.queue.disown();
    settle();
    owners.all(next);
  }

  static Question.Set set() {
    return new Question.Set(
        List.of(
            new Question.Assignment(
                Oid.parse("1.3.6.1.2.1.1.5.0"), null, (Value.Single) text("new"))),
        () -> {});
  }

  @Test
  void anOwnedSystemIsAskedHereAsItsLimitsSay() {
    own();
    Asked name = core1.asked(NAME);
    Asked location = core1.asked(LOCATION);
    assertThat(core1.started).hasSize(1);
    assertThat(p.asks).isEmpty();
    core1.answers("core1");
    assertThat(name.word()).isEqualTo("core1");
    assertThat(core1.started).as("a second apart").hasSize(1);
    advance(Duration.ofSeconds(1));
    core1.answers("cellar");
    assertThat(location.word()).isEqualTo("cellar");
    assertThat(core1.queue.health().rttNanos()).isNotNegative();
  }

  @Test
  void whatIsStartedAndNotYetSentIsRefusedWhenItMayNotBeSentAnyMore() {
    own();
    core1.asked(set());
    Exchange<Question, Value> prepared = core1.started.get(0);
    assertThat(prepared.refusal()).isNull();
    core1.refusal = new Failure<>(Failure.Reason.UNREACHABLE, "its lease ended meanwhile");
    assertThat(prepared.refusal()).isSameAs(core1.refusal);
  }

  @Test
  void whatIsQueuedWhenItIsLostIsAskedOfTheNextOwnerAtOnce() {
    own();
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(core1.ask(get(i), Duration.ofMinutes(1), false));
      settle();
    }
    assertThat(core1.started).hasSize(1);
    disown("p");
    assertThat(p.asked()).hasSize(19).doesNotHaveDuplicates();
    List.copyOf(p.asks)
        .forEach(ask -> p.answers(ask, ask.wanted().stream().map(w -> "p").toArray(String[]::new)));
    core1.answers("here");
    assertThat(all.get(0).word()).as("what was on its way is taken").isEqualTo("here");
    assertThat(all.subList(1, 20)).allMatch(asked -> asked.word().equals("p"));
    assertThat(core1.started).hasSize(1);
    assertThat(core1.arrivals).as("each is taken in once").hasSize(20);
  }

  @Test
  void whatIsQueuedWhenItIsLostAndThereIsNoOwnerEndsAtOnceOrSoon() {
    own();
    core1.asked(NAME);
    Asked queued = core1.asked(LOCATION);
    core1.queue.disown();
    owners.all(null);
    assertThat(queued.word()).as("the next owner may be heard of soon").isEqualTo("pending");
    advance(Duration.ofSeconds(4));
    assertThat(queued.word()).isEqualTo("UNREACHABLE");
  }

  @Test
  void whatWaitsForAnOwnerIsAskedHereWhenThisMemberBecomesIt() {
    owners.all("p");
    Asked sent = core1.asked(NAME);
    Asked refused = core1.asked(LOCATION);
    p.refuses(Why.NOT_OWNER);
    own();
    assertThat(core1.started).hasSize(1);
    assertThat(p.cancels).hasSize(1);
    core1.answers("here");
    advance(Duration.ofSeconds(1));
    core1.answers("here");
    assertThat(List.of(sent.word(), refused.word())).containsOnly("here");
    assertThat(core1.arrivals).hasSize(2);
    assertThat(count("underWay")).isZero();
    assertThat(count("heldNow")).isZero();
  }

  @Test
  void limitsAndExchangerThatCameMeanwhileHoldWhenItIsOwned() {
    Agent other = system("core2");
    core1.queue.change(new Limits(Duration.ofSeconds(2), 0, 8, Duration.ZERO, 8), other);
    own();
    for (int i = 0; i < 8; i++) {
      core1.asked(get(i));
    }
    assertThat(core1.started).isEmpty();
    assertThat(other.started).hasSize(8);
  }

  @Test
  void aSystemThatIsGivenAwayIsAskedForWhatIsPendingAndForNothingElse() {
    own();
    Asked pending = core1.asked(NAME);
    Asked queued = core1.asked(LOCATION);
    core1.queue.giveAway();
    Asked next = core1.asked(get(1));
    assertThat(core1.queue.isOwn()).isFalse();
    assertThat(core1.queue.owned()).isNotNull();
    assertThat(core1.queue.pendingHere()).isEqualTo(2);
    core1.answers("here");
    advance(Duration.ofSeconds(1));
    core1.answers("here");
    assertThat(List.of(pending.word(), queued.word())).containsOnly("here");
    assertThat(core1.queue.pendingHere()).isZero();
    assertThat(core1.started).hasSize(2);
    assertThat(next.word()).isEqualTo("pending");
    disown("p");
    p.answers("there");
    assertThat(next.word()).isEqualTo("there");
    assertThat(core1.queue.owned()).isNull();
  }

  @Test
  void aSystemThatIsNotGivenAwayAfterAllIsAskedHereAgain() {
    own();
    core1.queue.giveAway();
    Asked held = core1.asked(NAME);
    core1.queue.own();
    settle();
    core1.answers("here");
    assertThat(held.word()).isEqualTo("here");
  }

  @Test
  void aRequestThatWasPassedOnIsCancelledThereToo() {
    own();
    core1.asked(NAME);
    Asked queued = core1.asked(LOCATION);
    disown("p");
    queued.request.cancel();
    settle();
    assertThat(queued.word()).isEqualTo("CANCELLED");
    assertThat(p.cancels).hasSize(1);
    assertThat(count("underWay")).isZero();
  }

  @Test
  void aWriteThatWasNotSentWhenItIsLostWasNotDone() {
    own();
    core1.asked(NAME);
    Asked write = core1.asked(set());
    assertThat(core1.started).hasSize(1);
    disown("p");
    assertThat(write.word()).isEqualTo("UNREACHABLE");
    assertThat(write.message()).contains("it was not done");
    assertThat(p.asks).isEmpty();
    own();
    assertThat(core1.started).hasSize(1);
  }

  @Test
  void aWriteThatWaitedForAnOwnerIsDoneHereOnceWhenThisMemberBecomesIt() {
    owners.all("p");
    Asked write = core1.asked(set());
    p.refuses(Why.NOT_OWNER);
    own();
    assertThat(core1.started).hasSize(1);
    core1.answers("done");
    assertThat(write.word()).isEqualTo("done");
    assertThat(core1.arrivals).as("taken in once").containsExactly("done");
  }

  @Test
  void closingEndsAllThatIsPendingInEither() {
    own();
    Asked sent = core1.asked(NAME);
    Asked queued = core1.asked(LOCATION);
    disown("p");
    Asked there = core1.asked(get(1));
    core1.queue.close();
    settle();
    assertThat(List.of(sent.word(), queued.word(), there.word())).containsOnly("STOPPED");
    assertThat(core1.asked(get(2)).word()).isEqualTo("STOPPED");
    assertThat(count("underWay")).isZero();
  }

  @Test
  void healthIsWhatTheOwnerSays() {
    owners.all("p");
    assertThat(core1.queue.health().rttNanos()).isNegative();
    core1.asked(NAME);
    assertThat(core1.queue.health().inFlight()).as("an answer will tell").isEqualTo(1);
    Health down =
        new Health(
            Health.BreakerState.OPEN,
            now() + 5,
            3_000,
            now(),
            "silent",
            28,
            1,
            3,
            List.of(),
            List.of());
    p.says(new Frame.Reply(p.last().exchange(), p.last().epoch(), List.of(reading("x")), down));
    assertThat(core1.queue.health().breaker()).isEqualTo(Health.BreakerState.OPEN);
    assertThat(core1.queue.health().lastError()).isEqualTo("silent");
    assertThat(core1.queue.health().inFlight()).as("at the owner, when it answered").isZero();
    own();
    assertThat(core1.queue.health().breaker()).isEqualTo(Health.BreakerState.CLOSED);
  }

  /** Whatever comes in whatever order: each request has one outcome, and none waits for ever. */
  @Test
  void eachRequestHasOneOutcomeWhileOwnershipComesAndGoes() {
    for (int world = 0; world < 400; world++) {
      new World(world).play();
    }
  }

  /** Random ownership, answers, losses and withdrawals. */
  private final class World {
    private final SplittableRandom random;
    private final Agent system;
    private final int seed;
    private final List<Asked> all = new ArrayList<>();
    private final List<Asked> writes = new ArrayList<>();
    private int answered;

    World(int seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.system = system("world" + seed);
      p.asks.clear();
      q.asks.clear();
    }

    void play() {
      owners.all("p");
      for (int step = 0; step < 60; step++) {
        step();
        if (random.nextBoolean()) {
          settle();
        }
      }
      network.dropping(message -> false);
      for (int i = 0; i < 80; i++) {
        answerSome();
        advance(Duration.ofMillis(500));
      }
      for (Asked asked : all) {
        assertThat(asked.outcomes).as("world %d: %s", seed, asked.outcomes).hasSize(1);
        assertThat(asked.word()).as("world %d", seed).isNotIn("BAD_ANSWER", "STOPPED");
      }
      assertThat(count("underWay")).as("world %d", seed).isZero();
      assertThat(count("heldNow")).as("world %d", seed).isZero();
      assertThat(count("questionsUnderWay")).as("world %d", seed).isZero();
      assertThat(scheduler.metrics().values().get("pending")).as("world %d", seed).isZero();
      assertThat(system.queue.pendingHere()).as("world %d", seed).isZero();
      system.queue.close();
      settle();
    }

    private void step() {
      switch (random.nextInt(14)) {
        case 0, 1, 2 -> all.add(system.ask(get(random.nextInt(6))));
        case 3 -> all.add(system.ask(get(random.nextInt(6)), Duration.ofMillis(700), true));
        case 4 -> {
          Asked write = system.ask(set());
          all.add(write);
          writes.add(write);
        }
        case 5 -> {
          if (!all.isEmpty()) {
            all.get(random.nextInt(all.size())).request.cancel();
          }
        }
        case 6 -> {
          owners.all("me");
          system.queue.own();
        }
        case 7 -> system.queue.giveAway();
        case 8 -> {
          system.queue.disown();
          owners.all(random.nextInt(3) == 0 ? null : random.nextBoolean() ? "p" : "q");
        }
        case 9 -> owners.all(random.nextBoolean() ? "p" : "q");
        case 10 -> network.dropping(message -> random.nextInt(4) == 0);
        case 11 -> advance(Duration.ofMillis(random.nextInt(900)));
        default -> answerSome();
      }
    }

    private void answerSome() {
      answer(p);
      answer(q);
      for (; answered < system.started.size(); answered++) {
        Exchange<Question, Value> exchange = system.started.get(answered);
        if (random.nextInt(5) > 0) {
          exchange.answer(
              new Answer.Items<>(
                  exchange.items().stream()
                      .<Answer.Item<Value>>map(item -> new Answer.Item.Done<>(reading("own")))
                      .toList()));
        }
      }
    }

    private void answer(Poller poller) {
      for (Frame.Ask ask : List.copyOf(poller.asks)) {
        switch (random.nextInt(5)) {
          case 0 ->
              poller.post.toMember("me", new Frame.Refusal(ask.exchange(), Why.NOT_OWNER, "moved"));
          case 1 -> {}
          default ->
              poller.post.toMember(
                  "me",
                  new Frame.Reply(
                      ask.exchange(),
                      ask.epoch(),
                      ask.wanted().stream()
                          .map(
                              wanted ->
                                  random.nextInt(9) == 0
                                      ? new Failure<Value>(Failure.Reason.TIMEOUT, "silent")
                                      : reading("remote"))
                          .toList(),
                      null));
        }
      }
      poller.asks.clear();
    }
  }
}
