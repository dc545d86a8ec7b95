package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.tree.AnsweredFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is refreshed before it is stale, and when that ends. */
final class RefreshAheadTest extends ServiceFixture {
  /** Of sysLocation, in the fixture; it is stale for as long again. */
  private static final long TTL = 5 * MINUTE;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String LOCATION = "core1/system/sysLocation";
  private static final String CONTACT = "core1/system/sysContact";

  /** How many times something was fetched. */
  private int fetched;

  @BeforeEach
  void begin() {
    service.refreshAhead().most(100);
    queue.heard();
  }

  /** Lets the time pass up to then, with everything that is put off, in its order. */
  private void pass(long nanos) {
    long end = now + nanos;
    // Each was put off at a time that is not known here: as all are run when due, from now on.
    while (true) {
      int next = -1;
      for (int i = 0; i < later.size(); i++) {
        if (next < 0 || due.get(i) < due.get(next)) {
          next = i;
        }
      }
      if (next < 0 || due.get(next) - end > 0) {
        break;
      }
      now = Math.max(now, due.remove(next));
      laterNanos.remove(next);
      later.remove(next).run();
      answerAll();
      note(later.size());
    }
    now = end;
  }

  /** When each of what is put off is due. */
  private final List<Long> due = new ArrayList<>();

  private void note(int many) {
    while (due.size() < many) {
      due.add(now + laterNanos.get(due.size()));
    }
  }

  private void answerAll() {
    while (!queue.asked().isEmpty()) {
      fetched++;
      queue.answer(text("Rack 7"));
    }
    note(later.size());
  }

  /** Reads a file as a program does; returns how old the value is that it gets. */
  private long readAge(String path) {
    read(path);
    boolean delayed = ended.isEmpty();
    answerAll();
    Ended one = onlyEnded();
    assertThat(one.delayed()).isEqualTo(delayed);
    return now - ((Reading<?>) one.outcome()).takenNanos();
  }

  private long count(String name) {
    return service.refreshAhead().metrics().values().get(name);
  }

  @Test
  void whatIsWatchedIsRefreshedBeforeItIsStaleOnceInItsTimeToLiveHoweverManyWatch() {
    List<FileSystem.Watch> watches = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      watches.add(service.watch(requester, node(LOCATION)));
    }
    answerAll();
    fetched = 0;
    for (int i = 0; i < 100; i++) {
      pass(TTL / 10);
      CachePeek.Sight sight = new CachePeek().at((AnsweredFile) node(LOCATION));
      long age = now - Slot.takenNanos(sight.outcome());
      assertThat(sight.freshness().at(age)).isEqualTo(Freshness.State.FRESH);
    }
    assertThat(fetched).as("in ten times the time to live").isBetween(10, 13);
    assertThat(count("asked")).isEqualTo(fetched);
    assertThat(count("wasted")).isZero();
    assertThat(count("behind")).as("no reader had to find a stale one").isZero();

    watches.forEach(FileSystem.Watch::close);
    fetched = 0;
    pass(20 * TTL);
    assertThat(fetched).as("interest has ended").isLessThanOrEqualTo(2);
    assertThat(count("kept")).isZero();
    assertThat(due).as("timers").isEmpty();
  }

  @Test
  void allThatIsDueOfASystemTravelsTogetherInTheBackground() {
    List<String> names = List.of("sysLocation", "sysContact", "sysName"); // of one lifetime
    for (String name : names) {
      service.watch(requester, node("core1/system/" + name));
      answerAll();
      pass(SECOND);
    }
    while (queue.asked().isEmpty()) {
      now = due.get(indexOfNext());
      int next = indexOfNext();
      due.remove(next);
      laterNanos.remove(next);
      later.remove(next).run();
      note(later.size());
    }
    assertThat(queue.asked()).hasSize(3);
    assertThat(queue.priorities()).containsOnly(Priority.BACKGROUND);
  }

  private int indexOfNext() {
    int next = 0;
    for (int i = 1; i < due.size(); i++) {
      next = due.get(i) < due.get(next) ? i : next;
    }
    return next;
  }

  @Test
  void aReaderThatComesAgainAndAgainFindsAFreshReadingFromTheFourthTimeOn() {
    List<Long> ages = new ArrayList<>();
    long period = TTL + 20 * SECOND;
    for (int i = 0; i < 12; i++) {
      ages.add(readAge(LOCATION));
      pass(period);
    }
    assertThat(ages.subList(0, 4)).as("served stale, or fetched").startsWith(0L, period, period);
    assertThat(ages.subList(4, 12)).allMatch(age -> age < TTL);
    assertThat(count("used")).isGreaterThanOrEqualTo(6);
  }

  @Test
  void aReaderThatComesLessOftenIsRefreshedForOnceBeforeItIsExpected() {
    long period = 2 * TTL - 30 * SECOND;
    for (int i = 0; i < 4; i++) {
      readAge(LOCATION);
      pass(period);
    }
    fetched = 0;
    for (int i = 0; i < 10; i++) {
      assertThat(readAge(LOCATION)).isLessThan(TTL);
      pass(period);
    }
    assertThat(fetched).as("one for each read").isBetween(9, 12);
  }

  @Test
  void aReaderThatStaysAwayCostsNoMoreThanWhatItsPatienceEarned() {
    for (int i = 0; i < 8; i++) {
      readAge(LOCATION);
      pass(TTL + 20 * SECOND);
    }
    assertThat(count("kept")).isEqualTo(1);
    fetched = 0;
    pass(50 * TTL);
    assertThat(fetched).isLessThanOrEqualTo(2);
    assertThat(count("wasted")).isBetween(1L, 2L);
    assertThat(count("asked")).isEqualTo(count("used") + count("wasted"));
    assertThat(count("kept")).isZero();
  }

  @Test
  void aReaderThatTheKernelServesAndIsSeenOnlyWhenItIsTooLateEarnsPatience() {
    // It reads all the time; what is fresh the kernel, or the value table, serves.
    long late = 0;
    for (int i = 0; i < 2_000; i++) {
      CachePeek.Sight sight = new CachePeek().at((AnsweredFile) node(LOCATION));
      boolean fresh =
          sight.outcome() != null
              && sight.freshness().at(now - Slot.takenNanos(sight.outcome()))
                  == Freshness.State.FRESH;
      if (!fresh) {
        late += i < 1_000 ? 0 : 1;
        readAge(LOCATION);
      }
      pass(TTL / 20);
    }
    assertThat(late).as("of 1000 reads in 50 times the time to live").isLessThan(10);
    assertThat(fetched).as("polls in 100 times the time to live").isLessThan(125);
  }

  @Test
  void readersThatComeAtRandomAreNotRefreshedFor() {
    long[] gaps = {6, 9, 5, 8, 11, 6, 9, 13, 7};
    for (long gap : gaps) {
      readAge(LOCATION);
      pass(gap * MINUTE);
    }
    assertThat(count("asked")).isZero();
  }

  @Test
  void manyReadersAtOnceAreOneReader() {
    for (int round = 0; round < 6; round++) {
      for (int i = 0; i < 20; i++) {
        readAge(LOCATION);
        now += SECOND / 100;
      }
      pass(TTL + 20 * SECOND);
    }
    assertThat(count("asked")).isBetween(1L, 3L);
  }

  @Test
  void aSystemThatDoesNotAnswerIsLeftToThoseThatReadIt() {
    service.watch(requester, node(LOCATION));
    answerAll();
    queue.silentUntil(Long.MAX_VALUE);
    fetched = 0;
    pass(TTL - SECOND);
    assertThat(fetched).isZero();
  }

  @Test
  void anAnswerThatDoesNotComeIsNotAskedForAgainAndAgain() {
    service.watch(requester, node(LOCATION));
    answerAll();
    int asked = 0;
    long end = now + 3 * TTL;
    while (now < end && !due.isEmpty()) {
      int next = indexOfNext();
      now = Math.max(now, due.remove(next));
      laterNanos.remove(next);
      later.remove(next).run();
      while (!queue.asked().isEmpty()) {
        asked += queue.priorities().get(0) == Priority.BACKGROUND ? 1 : 0;
        queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "no answer"));
      }
      note(later.size());
    }
    assertThat(count("asked")).isLessThanOrEqualTo(6);
    assertThat(asked).isGreaterThan(0);
  }

  @Test
  void noMoreThanTheBoundAreKeptFresh() {
    service.refreshAhead().most(1);
    service.watch(requester, node(LOCATION));
    answerAll();
    service.watch(requester, node(CONTACT));
    answerAll();
    assertThat(count("kept")).isEqualTo(1);
    assertThat(count("refused")).isEqualTo(1);
    service.refreshAhead().most(0);
    assertThat(count("kept")).isZero();
  }

  @Test
  void aHitCostsNothingWhereNothingIsRefreshedAhead() {
    readAge(LOCATION);
    Slot slot =
        cache.find(((org.aeiou.daemon.tree.AttributeFile) node(LOCATION)).place(null).question());
    for (int i = 0; i < 100; i++) {
      readAge(LOCATION);
    }
    assertThat(slot.interest()).isNull();
    assertThat(slot.isPrefetched()).isFalse();
  }
}
