package org.aeiou.daemon.http.live;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.testing.Users;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When streams are told what, and when not, by a clock that a test moves. */
final class StreamsTest {
  private static final StreamLimits LIMITS = new StreamLimits(5, 3, 20_000, 30_000, 50_000);

  private record Task(long atNanos, int number, Runnable what) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparing(Task::number));
  private final StreamCounters counters = new StreamCounters();
  private final HandSource source = new HandSource();
  private long now = SECONDS.toNanos(1000);
  private int number;
  private byte ids;
  private Streams streams;

  @BeforeEach
  void build() {
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return now;
          }
        };
    streams =
        new Streams(
            source,
            new LiveEvents(new EventLog(() -> Instant.ofEpochMilli(0)).all()),
            new LiveSystems(List::of, ticker),
            LIMITS,
            (nanos, task) -> tasks.add(new Task(now + nanos, number++, task)),
            Users::requester,
            bytes -> bytes[0] = ++ids,
            new Greeting("1", "lab", () -> Instant.ofEpochMilli(millis())),
            counters,
            ticker,
            () -> Instant.ofEpochMilli(millis()));
  }

  private long millis() {
    return NANOSECONDS.toMillis(now);
  }

  /** Lets time pass, and everything happen that is due by then. */
  private void pass(long nanos) {
    long end = now + nanos;
    while (!tasks.isEmpty() && tasks.peek().atNanos <= end) {
      Task next = tasks.remove();
      now = Math.max(now, next.atNanos);
      next.what.run();
    }
    now = end;
  }

  private void settle() {
    pass(MILLISECONDS.toNanos(100));
  }

  private HandBrowser open(String owner) {
    HandBrowser browser = new HandBrowser(owner);
    streams.open(browser, null, null);
    settle();
    return browser;
  }

  private int show(HandBrowser browser, String... paths) {
    HandBrowser post = new HandBrowser(browser.owner());
    streams.show(post, browser.id(), new WatchList(List.of(paths), false, false));
    settle();
    return post.status;
  }

  private HandBrowser showing(String... paths) {
    HandBrowser browser = open("ann");
    assertThat(show(browser, paths)).isEqualTo(204);
    return browser;
  }

  @Test
  void whatIsCachedComesAtOnceAndTheRestPendingAndThenWithItsOutcome() throws Exception {
    source.has("a", "1", millis());
    HandBrowser browser = showing("a", "b", "nowhere/c");
    assertThat(browser.shown()).isEqualTo(Map.of("a", 1L, "b", "pending", "nowhere/c", "failed"));
    source.has("b", "2", millis());
    settle();
    assertThat(browser.shown()).isEqualTo(Map.of("b", 2L));
  }

  @Test
  void aChangeIsWrittenWithinATenthOfASecondOfItsOutcome() throws Exception {
    source.has("a", "1", millis());
    HandBrowser browser = showing("a");
    int before = browser.frames.size();
    source.has("a", "2", millis());
    pass(MILLISECONDS.toNanos(99));
    assertThat(browser.frames).hasSize(before + 1);
    assertThat(browser.shown()).isEqualTo(Map.of("a", 2L));
  }

  @Test
  void anAgeAloneWaitsForTheNextSecond() {
    source.has("a", "1", millis());
    HandBrowser browser = showing("a");
    pass(SECONDS.toNanos(1));
    int before = browser.frames.size();
    source.has("a", "1", millis());
    settle();
    assertThat(browser.frames).hasSize(before);
    pass(SECONDS.toNanos(1));
    assertThat(browser.frames).hasSize(before + 1);
  }

  @Test
  void aPathIsWatchedOnceForAllStreamsAndNoMoreWhenTheLastOneShowsSomethingElse() {
    source.has("a", "1", millis());
    source.has("b", "1", millis());
    HandBrowser first = showing("a");
    HandBrowser second = showing("a", "b");
    assertThat(source.watched).containsExactlyInAnyOrder("a", "b");
    show(first, "b");
    assertThat(source.watched).containsExactlyInAnyOrder("a", "b");
    show(second, "b");
    assertThat(source.watched).containsExactly("b");
    show(first);
    show(second);
    assertThat(source.watched).isEmpty();
  }

  @Test
  void whatIsNotWantedAnyMoreIsNotWaitedFor() {
    HandBrowser browser = showing("a");
    assertThat(source.asked()).containsExactly("a");
    show(browser);
    assertThat(source.cancelled).isEqualTo(1);
  }

  @Test
  void aSlowBrowserIsGivenTheNewestOfEachCellAndCostsAFrame() throws Exception {
    source.has("a", "0", millis());
    source.has("b", "0", millis());
    HandBrowser slow = showing("a", "b");
    HandBrowser quick = showing("a");
    slow.takes = false;
    long before = counters.coalesced.sum();
    for (int i = 1; i <= 100; i++) {
      source.has("a", Integer.toString(i), millis());
      settle();
      assertThat(quick.shown()).as("the other is not hurt").isEqualTo(Map.of("a", (long) i));
    }
    assertThat(slow.shown()).isEqualTo(Map.of("a", 1L));
    slow.take();
    settle();
    assertThat(slow.shown()).isEqualTo(Map.of("a", 100L));
    assertThat(counters.coalesced.sum() - before).isEqualTo(98);
  }

  @Test
  void aBrowserThatTakesNothingForHalfAMinuteIsBrokenOffAndCounted() {
    source.has("a", "1", millis());
    HandBrowser browser = showing("a");
    browser.takes = false;
    source.has("a", "2", millis());
    pass(SECONDS.toNanos(29));
    assertThat(browser.isAborted).isFalse();
    pass(SECONDS.toNanos(3));
    assertThat(browser.isAborted).isTrue();
    assertThat(counters.slow.sum()).isEqualTo(1);
    pass(SECONDS.toNanos(6));
    assertThat(source.watched).isEmpty();
  }

  @Test
  void whatIsTooMuchForAFrameFollowsInOthers() throws Exception {
    String[] paths =
        IntStream.range(0, 3000).mapToObj(i -> "system/cell" + i).toArray(String[]::new);
    for (String path : paths) {
      source.has(path, "1", millis());
    }
    HandBrowser browser = showing(paths);
    int cells = 0;
    List<String> ids = new ArrayList<>();
    for (String frame : browser.frames) {
      assertThat(frame.length()).isLessThan(Frame.FULL + 1000);
      cells += frame.split("\"p\":", -1).length - 1;
      if (frame.contains("\nid: ")) {
        ids.add(frame);
      }
    }
    assertThat(cells).isEqualTo(3000);
    assertThat(ids).as("hello, and what is complete").hasSize(2);
  }

  @Test
  void aConnectionWithNothingToSayIsKeptAlive() {
    source.has("a", "1", millis());
    HandBrowser browser = showing();
    int before = browser.frames.size();
    pass(SECONDS.toNanos(17));
    assertThat(browser.frames.subList(before, browser.frames.size())).containsExactly(":\n\n");
  }

  @Test
  void afterABreakItIsToldWhatItMissed() throws Exception {
    source.has("a", "1", millis());
    source.has("b", "1", millis());
    HandBrowser browser = showing("a", "b");
    StreamId last = browser.last();
    browser.leave();
    settle();
    source.has("b", "2", millis());
    settle();
    HandBrowser again = new HandBrowser("ann");
    streams.open(again, last, null);
    settle();
    assertThat(again.frames.get(0)).contains("\"resumed\":true");
    assertThat(again.id()).isEqualTo(browser.id());
    assertThat(again.shown()).isEqualTo(Map.of("b", 2L));
  }

  @Test
  void aBreakEndsThePollingAfterAMomentAndIsForgottenAfterAMinute() throws Exception {
    source.has("a", "1", millis());
    HandBrowser browser = showing("a");
    StreamId last = browser.last();
    browser.leave();
    pass(SECONDS.toNanos(4));
    assertThat(source.watched).containsExactly("a");
    pass(SECONDS.toNanos(3));
    assertThat(source.watched).isEmpty();

    HandBrowser again = new HandBrowser("ann");
    streams.open(again, last, null);
    settle();
    assertThat(again.shown()).isEqualTo(Map.of("a", 1L));
    assertThat(source.watched).containsExactly("a");

    again.leave();
    pass(SECONDS.toNanos(62));
    HandBrowser late = new HandBrowser("ann");
    streams.open(late, last, null);
    assertThat(late.frames.get(0)).contains("event: reset").doesNotContain("\"resumed\":true");
  }

  @Test
  void aStreamIsOfTheOneThatOpenedIt() {
    HandBrowser browser = showing("a");
    HandBrowser other = new HandBrowser("bob");
    streams.show(other, browser.id(), new WatchList(List.of("b"), false, false));
    assertThat(other.status).isEqualTo(404);
    streams.close(other, browser.id());
    assertThat(other.status).isEqualTo(404);
    streams.open(other, new StreamId(browser.last().epoch(), browser.id(), 0, 0), null);
    assertThat(other.id()).isNotEqualTo(browser.id());
    assertThat(browser.isAborted).isFalse();
  }

  @Test
  void thereAreNoMoreStreamsThanAllowedAndThoseThatLeftMakeRoom() {
    List<HandBrowser> anns = List.of(open("ann"), open("ann"), open("ann"));
    assertThat(open("ann").refusal).contains("ann has 3 streams");
    HandBrowser bob = open("bob");
    open("bob");
    HandBrowser sixth = open("carl");
    assertThat(sixth.status).isEqualTo(429);
    assertThat(sixth.refusal).contains("5 streams");
    assertThat(counters.refused.sum()).isEqualTo(2);
    bob.leave();
    settle();
    assertThat(open("carl").status).isEqualTo(200);
    assertThat(anns).allMatch(each -> !each.isAborted);
    anns.get(0).leave();
    settle();
    assertThat(open("ann").status).isEqualTo(200);
  }

  @Test
  void thereAreNoMoreCellsThanAllowed() {
    String[] many = IntStream.range(0, 20_000).mapToObj(i -> "a" + i).toArray(String[]::new);
    String[] more = IntStream.range(0, 20_000).mapToObj(i -> "b" + i).toArray(String[]::new);
    HandBrowser first = showing(many);
    HandBrowser second = open("bob");
    assertThat(show(second, more)).as("different ones").isEqualTo(429);
    assertThat(show(second, many)).isEqualTo(204);
    HandBrowser third = open("carl");
    assertThat(show(third, many)).as("for all streams").isEqualTo(429);
    show(first);
    assertThat(show(third, many)).isEqualTo(204);
  }

  @Test
  void whatFailedSaysWhyAndIsTriedAgain() throws Exception {
    HandBrowser browser = showing("a");
    source.fail("a", "core1 does not answer");
    settle();
    assertThat(browser.frames.get(browser.frames.size() - 1))
        .contains("\"s\":\"failed\"")
        .contains("core1 does not answer");
    assertThat(source.watched).isEmpty();
    pass(SECONDS.toNanos(3));
    assertThat(source.watched).containsExactly("a");
    source.has("a", "1", millis());
    settle();
    assertThat(browser.shown()).isEqualTo(Map.of("a", 1L));
  }

  @Test
  void aValueThatCannotBeRefreshedIsStaleAndSaysWhy() throws Exception {
    source.has("a", "1", millis());
    HandBrowser browser = showing("a");
    source.fail("a", "core1 does not answer");
    settle();
    assertThat(browser.shown()).isEqualTo(Map.of("a", 1L));
    assertThat(browser.frames.get(browser.frames.size() - 1))
        .contains("\"s\":\"stale\"")
        .contains("core1 does not answer");
  }

  @Test
  void theEndOfTheDaemonEndsAllStreams() {
    HandBrowser browser = showing("a");
    streams.closeAll();
    assertThat(browser.isEnded).isTrue();
    HandBrowser late = new HandBrowser("ann");
    streams.open(late, null, null);
    assertThat(late.status).isEqualTo(503);
  }
}
