package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Value;
import org.junit.jupiter.api.Test;

/** When a watched file is read again. */
final class WatchesTest extends ServiceFixture {
  /** Of sysLocation, in the fixture. */
  private static final long TTL = 5 * MINUTE;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String LOCATION = "core1/system/sysLocation";

  private void watchAndAnswer(String path, Outcome<Value> outcome) {
    service.watch(requester, node(path));
    queue.answer(outcome);
  }

  @Test
  void watchedFileIsReadAgainWhenItsReadingIsNoLongerFresh() {
    watchAndAnswer(LOCATION, text("Rack 7"));
    assertThat(laterNanos).containsExactly(TTL);
  }

  @Test
  void watchedUncachedFileIsFetchedOnceInItsTtl() {
    watchAndAnswer(".uncached/" + LOCATION, text("Rack 7"));
    assertThat(laterNanos).containsExactly(TTL);
    passLater();
    queue.answer(text("Rack 7"));
    assertThat(laterNanos).containsExactly(TTL);
  }

  @Test
  void absenceOfAWatchedFileIsLookedAtAgainWhenItIsNoLongerFresh() {
    watchAndAnswer(LOCATION, new Absent<>(now, 0));
    assertThat(laterNanos).containsExactly(TTL);
    passLater();
    queue.answer(new Absent<>(now, 0));
    // The stale absence was served, and is looked at again once its refresh may be there.
    assertThat(laterNanos.remove(0)).isLessThan(SECOND);
    later.remove(0).run();
    assertThat(laterNanos).containsExactly(TTL);
  }

  @Test
  void whatCannotBeReadIsTriedAgainASecondLater() {
    watchAndAnswer(LOCATION, new Failure<>(Failure.Reason.TIMEOUT, "no answer"));
    assertThat(laterNanos).containsExactly(SECOND);
  }

  @Test
  void closedWatchReadsNoMore() {
    FileSystem.Watch watch = service.watch(requester, node(LOCATION));
    queue.answer(text("Rack 7"));
    watch.close();
    passLater();
    assertThat(later).isEmpty();
    assertThat(queue.asked()).isEmpty();
  }
}
