package org.aeiou.daemon.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept of what was answered, and when it goes. */
@Timeout(60)
final class ReadingCacheTest {
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
}
