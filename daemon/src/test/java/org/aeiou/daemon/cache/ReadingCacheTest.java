package org.aeiou.daemon.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.AgentProfile;
import org.aeiou.daemon.backend.CounterSample;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept of what was answered, and when it goes. */
@Timeout(60)
final class ReadingCacheTest {
  private static final long MILLI = 1_000_000;

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);
  private static final Freshness FRESHNESS = new Freshness(TimeUnit.SECONDS.toNanos(1), 0);
  private static final Question QUESTION = new Question.Get(Oid.parse("1.3.6.1.2.1.1.6.0"), null);
  private static final CacheListener UNHEARD =
      new CacheListener() {
        @Override
        public void changed(
            Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {}

        @Override
        public void confirmed(Dependent dependent) {}
      };

  private final AtomicLong now = new AtomicLong(HOUR);

  /** What happens at the next look at the clock. */
  private Runnable meanwhile = () -> {};

  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          Runnable what = meanwhile;
          meanwhile = () -> {};
          what.run();
          return now.get();
        }
      };

  private final ReadingCache cache =
      new ReadingCache(ticker, UNHEARD, new CacheBound(Long.MAX_VALUE, ticker));

  private Outcome<Value> answer() {
    Value value = new Value.Numeric(Value.NumberType.INTEGER, 1);
    return Reading.of(value, now.get(), 0);
  }

  @Test
  void whatIsOfNoMoreUseIsSweptAndWhatIsOfUseStays() {
    Slot slot = cache.open(QUESTION, FRESHNESS);
    cache.accept(QUESTION, answer());
    slot.answered();
    cache.sweep();
    assertThat(cache.size()).isEqualTo(1);
    now.addAndGet(HOUR);
    cache.sweep();
    assertThat(cache.size()).isZero();
  }

  @Test
  void questionThatIsAboutToBeAskedKeepsItsSlotThroughASweep() {
    cache.open(QUESTION, FRESHNESS).answered();
    now.addAndGet(HOUR);
    meanwhile = cache::sweep;
    cache.open(QUESTION, FRESHNESS);
    cache.accept(QUESTION, answer());
    assertThat(cache.find(QUESTION)).isNotNull();
    assertThat(cache.find(QUESTION).outcome()).isNotNull();
  }

  @Test
  void questionThatIsAskedWhileAnotherThreadSweepsKeepsItsSlot() throws InterruptedException {
    AtomicBoolean end = new AtomicBoolean();
    CountDownLatch sweeps = new CountDownLatch(1);
    Thread sweeper =
        new Thread(
            () -> {
              while (!end.get()) {
                cache.sweep();
                sweeps.countDown();
              }
            });
    sweeper.start();
    sweeps.await();
    try {
      for (int i = 0; i < 200_000; i++) {
        now.addAndGet(HOUR);
        Slot slot = cache.open(QUESTION, FRESHNESS);
        assertThat(cache.find(QUESTION)).as("round " + i).isSameAs(slot);
        slot.answered();
      }
    } finally {
      end.set(true);
      sweeper.join();
    }
  }

  /** Asks a question and takes in what it is answered. */
  private void know(Question question, Value value) {
    Slot slot = cache.open(question, FRESHNESS);
    cache.accept(question, Reading.of(value, now.get(), 0));
    slot.answered();
  }

  private static Value.Row row(int index, String label, long count) {
    Value name = new Value.Octets(Value.OctetsType.OCTETS, label.getBytes(UTF_8));
    Value counter = new Value.Numeric(Value.NumberType.COUNTER32, count);
    return new Value.Row(Oid.of(index), List.of(name, counter));
  }

  @Test
  void walkThatFindsAnotherLabelForgetsWhatThatProved() {
    Oid label = Oid.parse("1.3.6.1.2.1.31.1.1.1.1");
    Oid counter = Oid.parse("1.3.6.1.2.1.2.2.1.10");
    Oid column = Oid.parse("1.3.6.1.2.1.2.2.1.8");
    Question walk = new Question.Walk(List.of(label, counter));
    Question moved = new Question.Get(column.append(3), label.append(3));
    Question stayed = new Question.Get(column.append(4), label.append(4));
    Question appeared = new Question.Get(column.append(5), label.append(5));
    know(walk, new Value.Rows(List.of(row(3, "eth0", 1), row(4, "eth1", 1))));
    Value one = new Value.Numeric(Value.NumberType.INTEGER, 1);
    List.of(moved, stayed, appeared).forEach(question -> know(question, one));

    know(walk, new Value.Rows(List.of(row(3, "eth9", 1), row(4, "eth1", 2), row(5, "eth0", 1))));

    assertThat(cache.find(moved).outcome()).isNull();
    assertThat(cache.find(appeared).outcome()).isNull();
    // Its row counts on, and is the same.
    assertThat(cache.find(stayed).outcome()).isNotNull();
  }

  @Test
  void slotThatLeftIsNotOpenedAgainAndTakesNoAnswer() {
    Slot left = cache.open(QUESTION, FRESHNESS);
    left.answered();
    now.addAndGet(HOUR);
    cache.sweep();
    assertThat(left.isIn(cache)).isFalse();
    Slot slot = cache.open(QUESTION, FRESHNESS, left);
    assertThat(slot).isNotSameAs(left);
    assertThat(slot.isIn(cache)).isTrue();
    // As an answer to a request from before: it is found where readers look for it.
    cache.accept(QUESTION, left, answer());
    assertThat(left.outcome()).isNull();
    assertThat(slot.outcome()).isNotNull();
    assertThat(cache.since(QUESTION, left, 0)).isEqualTo(slot.outcome());
  }

  @Test
  void slotOfAClosedCacheTakesNoAnswerThoughARequestWaits() {
    Slot slot = cache.open(QUESTION, FRESHNESS);
    cache.close();
    cache.accept(QUESTION, slot, answer());
    assertThat(slot.outcome()).isNull();
    slot.answered();
    assertThat(slot.isIn(cache)).isFalse();
  }

  private static Outcome<Value> number(long number, long takenNanos) {
    return Reading.of(new Value.Numeric(Value.NumberType.INTEGER, number), takenNanos, 0);
  }

  @Test
  void whatAnotherProcessKnewIsAsOldHereAsItWasThere() {
    long taken = now.get() - 400 * MILLI;
    assertThat(cache.restore(QUESTION, number(7, taken), 1_000 * MILLI)).isTrue();
    Slot slot = cache.find(QUESTION);
    assertThat(Slot.takenNanos(slot.outcome())).isEqualTo(taken);
    assertThat(slot.isUnderWay()).isFalse();
    now.addAndGet(600 * MILLI);
    cache.sweep();
    assertThat(cache.find(QUESTION)).as("of use to its last moment").isNotNull();
    now.addAndGet(1);
    cache.sweep();
    assertThat(cache.find(QUESTION)).isNull();
  }

  @Test
  void theYoungestOfWhatIsKnownStaysInWhateverOrderItComes() {
    cache.restore(QUESTION, number(1, now.get() - 300), 1_000);
    assertThat(cache.restore(QUESTION, number(2, now.get() - 200), 1_000)).isTrue();
    assertThat(cache.restore(QUESTION, number(3, now.get() - 400), 1_000)).isFalse();
    assertThat(cache.find(QUESTION).outcome()).isEqualTo(number(2, now.get() - 200));
    cache.open(QUESTION, FRESHNESS);
    cache.accept(QUESTION, answer());
    cache.find(QUESTION).answered();
    assertThat(cache.restore(QUESTION, number(4, now.get() - 1), 1_000)).isFalse();
    assertThat(cache.find(QUESTION).outcome()).isEqualTo(answer());
  }

  @Test
  void whatWasSaidToBeWrongDoesNotComeBackFromAnotherProcess() {
    cache.open(QUESTION, FRESHNESS);
    cache.accept(QUESTION, answer());
    cache.find(QUESTION).answered();
    now.addAndGet(100);
    cache.invalidate(QUESTION);
    assertThat(cache.restore(QUESTION, number(9, now.get() - 50), 1_000)).isFalse();
    assertThat(cache.find(QUESTION).outcome()).isNull();
  }

  @Test
  void aNotificationOverridesWhatAnotherProcessKnewWhileTheFirstAnswerIsUnderWay() {
    cache.open(QUESTION, FRESHNESS);
    cache.overtake(QUESTION::equals, (question, slot) -> {});
    assertThat(cache.restore(QUESTION, number(9, now.get() - 50), 1_000)).isFalse();
    cache.accept(QUESTION, answer());
    assertThat(cache.find(QUESTION).outcome()).as("is asked again").isNull();
  }

  @Test
  void whatIsOfNoMoreUseIsNotTakenFromAnotherProcess() {
    assertThat(cache.restore(QUESTION, number(1, now.get() - 1_001), 1_000)).isFalse();
    assertThat(cache.find(QUESTION)).isNull();
  }

  @Test
  void aRequestIsNotAnsweredByWhatWasTakenBeforeItAsked() {
    long asked = now.get();
    cache.restore(QUESTION, number(1, asked - 100), 1_000);
    assertThat(cache.since(QUESTION, asked)).isNull();
  }

  @Test
  void aCounterGoesOnFromTheSampleThatAnotherProcessTook() {
    Question.Sample rate =
        new Question.Sample(
            List.of(Oid.parse("1.3.6.1.2.1.31.1.1.1.6.1")),
            null,
            null,
            List.of(),
            new Question.CounterMeaning("any", 0, List.of(), false));
    long second = TimeUnit.SECONDS.toNanos(1);
    AgentProfile profile = new AgentProfile();
    other.learnIn(profile);
    cache.learnIn(profile);
    for (int i = 0; i < 12; i++) {
      other.open(rate, FRESHNESS).answered();
      other.accept(rate, sample(1_000L * i, 100L * i));
      now.addAndGet(second);
    }
    Outcome<Value> there = other.find(rate).outcome();
    assertThat(Derived.of(there)).hasToString("1000");
    Outcome<Value> last = ((Reading<Value>) there).with(Derived.of(there).lastSample());

    assertThat(cache.restore(rate, last, 60 * second)).isTrue();
    assertThat(cache.find(rate).outcome()).as("one sample is no number").isNull();
    now.addAndGet(9 * second);
    cache.open(rate, FRESHNESS).answered();
    cache.accept(rate, sample(21_000, 2_100));
    assertThat(Derived.of(cache.find(rate).outcome())).hasToString("1000");
  }

  private final ReadingCache other =
      new ReadingCache(ticker, UNHEARD, new CacheBound(Long.MAX_VALUE, ticker));

  private Outcome<Value> sample(long count, long uptime) {
    Value.Numeric counter = new Value.Numeric(Value.NumberType.COUNTER64, count);
    return Reading.of(new CounterSample(0, counter, null, uptime, null, 0), now.get(), 0);
  }

  @Test
  void whatIsOfUseIsLookedAtWithHowLongItIs() {
    cache.restore(QUESTION, number(1, now.get() - 100 * MILLI), 1_000 * MILLI);
    Question old = new Question.Get(Oid.parse("1.3.6.1.2.1.1.5.0"), null);
    cache.restore(old, number(1, now.get() - 900 * MILLI), 1_000 * MILLI);
    now.addAndGet(101 * MILLI);
    List<Object> seen = new ArrayList<>();
    cache.eachOfUse((question, outcome, keepNanos) -> seen.add(question + " " + keepNanos));
    assertThat(seen).containsExactly(QUESTION + " 1000000000");
  }
}
