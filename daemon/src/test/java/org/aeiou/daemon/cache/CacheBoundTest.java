package org.aeiou.daemon.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.junit.jupiter.api.Test;

/** What goes when caches hold more than they may. */
class CacheBoundTest {
  private static final Freshness FRESHNESS = new Freshness(1_000, 0);
  private static final CacheListener NO_LISTENER =
      new CacheListener() {
        @Override
        public void changed(
            Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {}

        @Override
        public void confirmed(Dependent dependent) {}
      };

  private long now = 5;
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now;
        }
      };

  private static Question question(int number) {
    return new Question.Get(Oid.of(1, 3, 6, number));
  }

  private void answer(ReadingCache cache, int number, int length) {
    cache.open(question(number), FRESHNESS);
    Value value = new Value.Octets(Value.OctetsType.OCTETS, new byte[length]);
    cache.accept(question(number), Reading.of(value, now, 0));
    cache.find(question(number)).answered();
  }

  private static List<Integer> held(ReadingCache cache, int most) {
    return IntStream.range(0, most).filter(i -> cache.find(question(i)) != null).boxed().toList();
  }

  @Test
  void whatIsHeldStaysWithinTheBoundOverAllSystems() {
    CacheBound bound = new CacheBound(100_000, ticker);
    List<ReadingCache> caches = new ArrayList<>();
    for (int system = 0; system < 10; system++) {
      ReadingCache cache = new ReadingCache(ticker, NO_LISTENER, bound);
      caches.add(cache);
      for (int i = 0; i < 1_000; i++) {
        answer(cache, i, i % 300);
        assertThat(bound.metrics().values().get("bytes")).isLessThanOrEqualTo(100_000);
      }
    }
    assertThat(caches.stream().mapToInt(ReadingCache::size).sum())
        .isEqualTo((int) bound.slots())
        .isBetween(100, 250);
    assertThat(bound.metrics().values().get("evicted")).isEqualTo(10_000 - bound.slots());
  }

  @Test
  void whatWasUsedLatelyStays() {
    CacheBound bound = new CacheBound(25_000, ticker);
    ReadingCache cache = new ReadingCache(ticker, NO_LISTENER, bound);
    for (int i = 0; i < 1_000; i++) {
      answer(cache, i, 10);
      if (i >= 7) {
        cache.find(question(3)).use();
        cache.find(question(7)).use();
      }
    }
    assertThat(held(cache, 1_000)).contains(3, 7, 999);
  }

  @Test
  void whatIsWatchedGoesLast() {
    CacheBound bound = new CacheBound(20_000, ticker);
    ReadingCache cache = new ReadingCache(ticker, NO_LISTENER, bound);
    for (int i = 0; i < 1_000; i++) {
      answer(cache, i, 10);
      if (i == 3) {
        cache.find(question(3)).watch(now + 1_000);
      }
    }
    assertThat(held(cache, 1_000)).contains(3);
    now += 2_000;
    for (int i = 1_000; i < 2_000; i++) {
      answer(cache, i, 10);
    }
    assertThat(held(cache, 1_000)).isEmpty();
  }

  @Test
  void thereIsAlwaysRoomForOneMoreEvenIfAllIsWatched() {
    CacheBound bound = new CacheBound(5_000, ticker);
    ReadingCache cache = new ReadingCache(ticker, NO_LISTENER, bound);
    for (int i = 0; i < 100; i++) {
      answer(cache, i, 10);
      cache.find(question(i)).watch(now + 1_000_000);
    }
    assertThat(held(cache, 100)).contains(99).hasSizeBetween(5, 12);
  }

  @Test
  void oneAnswerThatIsLargerThanAllThereMayBeIsHeldAlone() {
    CacheBound bound = new CacheBound(5_000, ticker);
    ReadingCache cache = new ReadingCache(ticker, NO_LISTENER, bound);
    for (int i = 0; i < 8; i++) {
      answer(cache, i, 10);
    }
    answer(cache, 8, 60_000);
    assertThat(held(cache, 9)).containsExactly(8);
    answer(cache, 9, 10);
    assertThat(held(cache, 10)).containsExactly(9);
  }

  @Test
  void whatWaitsForAnAnswerStays() {
    CacheBound bound = new CacheBound(5_000, ticker);
    ReadingCache cache = new ReadingCache(ticker, NO_LISTENER, bound);
    for (int i = 0; i < 100; i++) {
      cache.open(question(i), FRESHNESS);
    }
    assertThat(held(cache, 100)).hasSize(100);
    for (int i = 0; i < 100; i++) {
      cache.find(question(i)).answered();
    }
    answer(cache, 100, 10);
    assertThat(held(cache, 101)).contains(100).hasSizeBetween(5, 12);
  }

  @Test
  void whatIsSweptOrClosedCountsNoMore() {
    CacheBound bound = new CacheBound(1_000_000, ticker);
    ReadingCache swept = new ReadingCache(ticker, NO_LISTENER, bound);
    ReadingCache closed = new ReadingCache(ticker, NO_LISTENER, bound);
    for (int i = 0; i < 100; i++) {
      answer(swept, i, 10);
      answer(closed, i, 10);
    }
    now += 120_000_000_000L;
    swept.sweep();
    closed.close();
    assertThat(bound.metrics().values()).containsEntry("bytes", 0L).containsEntry("slots", 0L);
  }

  /** The estimate is what keeps the heap from being filled: it must be near enough. */
  @Test
  void theEstimateIsWhatTheHeapSays() {
    Random random = new Random(1);
    CacheBound bound = new CacheBound(64 << 20, ticker);
    ReadingCache cache = new ReadingCache(ticker, NO_LISTENER, bound);
    long before = usedHeap();
    for (int i = 0; bound.metrics().values().get("evicted") == 0; i++) {
      Oid oid = Oid.of(1, 3, 6, 1, 2, 1, 2, 2, 1, i % 22, i / 22);
      Question question =
          new Question.Get(oid, i % 3 == 0 ? null : Oid.of(1, 3, 6, 1, 2, 1, 31, i));
      cache.open(question, FRESHNESS);
      Value value =
          i % 2 == 0
              ? new Value.Numeric(Value.NumberType.COUNTER32, i)
              : new Value.Octets(Value.OctetsType.OCTETS, new byte[random.nextInt(60)]);
      cache.accept(question, Reading.of(value, now, 0));
      cache.find(question).answered();
    }
    assertThat((double) (usedHeap() - before) / (64 << 20)).isBetween(0.5, 1.1);
    assertThat(cache.size()).isGreaterThan(1_000);
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  @Test
  void whatGoesIsToldToItsDependentsWithoutTheLockOfTheBound() {
    CacheBound bound = new CacheBound(3L * (CacheBound.SLOT_BYTES + 100), ticker);
    List<Dependent> told = new ArrayList<>();
    Dependent dependent = new Dependent() {};
    ReadingCache cache =
        new ReadingCache(
            ticker,
            new CacheListener() {
              @Override
              public void changed(
                  Dependent of, Question question, Outcome<Value> before, Outcome<Value> after) {}

              @Override
              public void confirmed(Dependent of) {}

              @Override
              public void forgotten(Dependent of) {
                assertThat(Thread.holdsLock(bound)).isFalse();
                told.add(of);
              }
            },
            bound);
    for (int i = 0; i < 40; i++) {
      answer(cache, i, 100);
      cache.find(question(i)).note(dependent);
      now += 10;
    }
    assertThat(told).hasSizeGreaterThan(30).containsOnly(dependent);
    told.clear();
    now += 10_000_000;
    cache.sweep();
    assertThat(told).as("past its use").isNotEmpty();
  }
}
