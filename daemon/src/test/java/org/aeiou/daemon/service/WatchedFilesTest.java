package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.Test;

/** When a watched file is read again. */
final class WatchedFilesTest extends ServiceFixture {
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

  private List<Node> changes() {
    List<Node> changed = new ArrayList<>();
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            changed.add(file);
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {}
        });
    return changed;
  }

  @Test
  void watchOfASystemThatIsTakenOutTellsThatOnce() {
    Node location = node(LOCATION);
    watchAndAnswer(LOCATION, text("Rack 7"));
    List<Node> changed = changes();
    network.replace(Map.of());
    runLater();
    assertThat(changed).containsExactly(location);
    runLater();
    assertThat(changed).containsExactly(location);
  }

  @Test
  void watchGoesOnAtOnceWhenItsSystemIsBack() {
    Node location = node(LOCATION);
    watchAndAnswer(LOCATION, text("Rack 7"));
    Endpoint endpoint = network.system("core1").endpoint();
    network.replace(Map.of());
    runLater();
    List<Node> changed = changes();
    network.replace(Map.of("core1", endpoint));
    runLater();
    assertThat(changed).containsExactly(location);
    assertThat(laterNanos).containsExactly(TTL);
    assertThat(node(LOCATION)).isEqualTo(location);
  }

  @Test
  void watchReadsAtOnceWhatIsAskedInAnotherWay() {
    watchAndAnswer(LOCATION, text("Rack 7"));
    ReadingCache empty = new ReadingCache(ticker, observers, bound);
    network.replace(Map.of("core1", new Endpoint(queue, empty, lifetimes, MINUTE)));
    runLater();
    assertThat(queue.asked()).hasSize(1);
    queue.answer(text("Rack 8"));
    assertThat(laterNanos).containsExactly(TTL);
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
