package org.aeiou.daemon.cluster.owner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.CompletionHandler;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.scheduler.CompletionScheduler;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.SchedulerOptions;
import org.aeiou.closures.scheduler.SystemQueue;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.cluster.message.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Members and users here on one system that answers ten questions at a time, through the scheduler
 * itself. The test answers for the system, so that no time matters.
 */
class FairMembersTest extends OwnerFixture {
  private static final Limits TEN_AT_A_TIME =
      new Limits(Duration.ofMinutes(10), 0, 1, Duration.ZERO, 10);

  private final CompletionScheduler<Question, Value> scheduler =
      new CompletionScheduler<>(
          SchedulerOptions.DEFAULT.withShards(1).withThreadName("fairness-"),
          Ticker.systemTicker(),
          InstantSource.system(),
          new SplittableRandom(1));
  private final ReadingCache answers =
      new ReadingCache(
          Ticker.systemTicker(), observer(), new CacheBound(MOST_BYTES, Ticker.systemTicker()));
  private final BlockingQueue<Exchange<Question, Value>> started = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> answered = new LinkedBlockingQueue<>();
  private final SystemQueue<Question, Value> queue =
      scheduler.open(
          "core1",
          TEN_AT_A_TIME,
          new Exchanger<>() {
            @Override
            public Object kind(Question key) {
              return "one kind";
            }

            @Override
            public void start(Exchange<Question, Value> exchange) {
              started.add(exchange);
            }
          },
          new CompletionHandler<>() {
            @Override
            public Outcome<Value> arrived(Question question, Outcome<Value> outcome, boolean late) {
              return answers.accept(question, outcome);
            }

            @Override
            public Outcome<Value> since(Question question, long askedNanos) {
              return answers.since(question, askedNanos);
            }
          });
  private final OwnedSystems asked =
      new OwnedSystems(
          new Sender() {
            @Override
            public boolean toMember(String id, Frame frame) {
              return answered.add(frame instanceof Frame.Reply ? id : id + " " + frame);
            }

            @Override
            public boolean toSlot(int slot, Frame frame) {
              return true;
            }
          },
          (nanos, task) -> {},
          authority,
          OWNERS,
          name -> new OwnedSystem(queue, answers),
          names::get,
          scheduler::requester,
          Ticker.systemTicker());

  @AfterEach
  void close() {
    scheduler.close();
  }

  private static Question question(int number) {
    return new Question.Get(Oid.parse("1.3.6.1.4.1." + number));
  }

  private static Frame.Ask askOf(long exchange, boolean interactive, int from, int count) {
    List<Frame.Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      wanted.add(wanted(question(from + i), 0));
    }
    return new Frame.Ask(exchange, FIRST, "core1", 100_000, interactive, wanted);
  }

  private void answerOne() throws InterruptedException {
    answer(started.poll(10, TimeUnit.SECONDS));
  }

  private static void answer(Exchange<Question, Value> exchange) {
    List<Answer.Item<Value>> items = new ArrayList<>();
    for (int i = 0; i < exchange.items().size(); i++) {
      Outcome<Value> outcome =
          Reading.of(new Value.Numeric(Value.NumberType.GAUGE, i), Ticker.systemTicker().read(), 0);
      items.add(new Answer.Item.Done<>(outcome));
    }
    exchange.answer(new Answer.Items<>(items));
  }

  /** Answers whatever is asked until something holds. */
  private void answerUntil(BooleanSupplier holds) throws InterruptedException {
    for (int i = 0; i < 1_000 && !holds.getAsBoolean(); i++) {
      Exchange<Question, Value> exchange = started.poll(10, TimeUnit.MILLISECONDS);
      if (exchange != null) {
        answer(exchange);
      }
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  @Test
  void aMembersFloodDelaysAnotherMemberAndAUserHereByAnExchangeOrTwo() throws Exception {
    for (int i = 0; i < 50; i++) {
      asked.ask("a", askOf(i, true, 100 * i, 100), 0);
    }
    asked.ask("b", askOf(1, true, 100_000, 1), 0);
    queue.submit(
        question(200_000),
        Priority.INTERACTIVE,
        Long.MAX_VALUE,
        scheduler.requester("a user here").alone(),
        (context, outcome, delayed) -> answered.add("here"),
        null);
    for (int i = 0; i < 4; i++) {
      answerOne();
    }
    started.poll(10, TimeUnit.SECONDS); // so the fourth was taken in
    assertThat(answered).as("of 5 000 questions before them").contains("b", "here");
    assertThat(answered).doesNotContain("a");
  }

  @Test
  void whatNoPersonWaitsForGoesBehindWhatOneDoes() throws Exception {
    asked.ask("a", askOf(1, false, 0, 500), 0);
    asked.ask("a", askOf(2, true, 1_000, 10), 0);
    answerOne();
    answerOne();
    answerOne();
    assertThat(answered.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
    assertThat(started.poll(10, TimeUnit.SECONDS).items()).hasSize(10);
    assertThat(answered).as("the rest of what is in the background").isEmpty();
  }

  @Test
  void manyNamesThatAreNotKnownAreOneUser() throws Exception {
    for (int i = 0; i < 200; i++) {
      asked.ask("unknown" + i, askOf(1, true, 10 * i, 10), 0);
    }
    asked.ask("b", askOf(1, true, 100_000, 10), 0);
    for (int i = 0; i < 4; i++) {
      answerOne();
    }
    started.poll(10, TimeUnit.SECONDS);
    assertThat(answered).contains("b").hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void oneFetchServesAllMembers() throws Exception {
    asked.ask("a", askOf(1, true, 0, 5), 0);
    asked.ask("b", askOf(1, true, 0, 5), 0);
    answerOne();
    assertThat(answered.poll(10, TimeUnit.SECONDS)).isIn("a", "b");
    assertThat(answered.poll(10, TimeUnit.SECONDS)).isIn("a", "b");
    assertThat(started).isEmpty();
  }

  @Test
  void aFloodOfCancelsWithdrawsWhatWasAskedAndHarmsNoOther() throws Exception {
    asked.ask("b", askOf(1, true, 100_000, 1), 0);
    answerOne();
    answered.poll(10, TimeUnit.SECONDS);
    for (int i = 0; i < 2_000; i++) {
      asked.ask("a", askOf(i, true, i, 1), 0);
      asked.cancel("a", new Frame.Cancel(i));
      asked.cancel("a", new Frame.Cancel(-i));
    }
    asked.ask("b", askOf(2, true, 100_000, 1), 0);
    answerUntil(() -> answered.contains("b"));
    answerUntil(() -> asked.metrics().values().get("pending") == 0);
    assertThat(answered).as("a is told nothing more").doesNotContain("a");
  }
}
