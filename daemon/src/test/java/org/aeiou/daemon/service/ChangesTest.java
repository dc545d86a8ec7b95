package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.SystemNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Which observers are told of a change, and for how long the kernel may believe what it was told.
 */
final class ChangesTest extends ServiceFixture {
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void observe() {
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            told.add(file.name() + ((SystemNode) file).view().directory());
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {
            told.add(directory.name() + new TreeSet<>(names));
          }
        });
  }

  private void knowLocation(String location) {
    read("core1/system/sysLocation");
    queue.answer(text(location));
    ended.clear();
    told.clear();
  }

  private long entryValid(String directory, String name) {
    service.<String>lookup(requester, node(directory), name, note(), "lookup");
    return ((FileSystem.Entry) ((Reading<?>) onlyEnded().outcome()).value()).validNanos();
  }

  @Test
  void aValueThatChangedIsTold() {
    knowLocation("Rack 7");
    read(".uncached/core1/system/sysLocation");
    queue.answer(text("Rack 8"));
    assertThat(told).containsExactlyInAnyOrder("sysLocation", "sysLocation.uncached");
    assertThat(new String(service.cached(node("core1/system/sysLocation")).bytes(), UTF_8))
        .isEqualTo("Rack 8\n");
  }

  @Test
  void viewThatOnlySawWhatAnotherFetchedIsToldToo() {
    read(".uncached/core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    assertThat(service.cached(node("core1/system/sysLocation"))).isNotNull();
    told.clear();
    read(".uncached/core1/system/sysLocation");
    queue.answer(text("Rack 8"));
    assertThat(told).contains("sysLocation");
  }

  @Test
  void aValueThatStaysTheSameIsNotTold() {
    knowLocation("Rack 7");
    read(".uncached/core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    assertThat(told).isEmpty();
  }

  @Test
  void anAttributeThatGoesAwayIsTold() {
    knowLocation("Rack 7");
    read(".uncached/core1/system/sysLocation");
    queue.answer(new Absent<>(now, 0));
    assertThat(told).contains("sysLocation");
    assertThat(service.cached(node("core1/system/sysLocation"))).isNull();
  }

  @Test
  void rowsThatComeAndGoAreToldByName() {
    knowInterfaces();
    told.clear();
    now += 2 * MINUTE;
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked("eth0", 3, "eth2", 4);
    assertThat(told).containsExactly("interfaces[eth1, eth2]");
  }

  @Test
  void rowsThatAreOnlyRenumberedAreNotToldByName() {
    knowInterfaces();
    told.clear();
    now += 2 * MINUTE;
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked("eth0", 13, "eth1", 14);
    assertThat(told).containsExactly("interfaces[]");
  }

  @Test
  void aTableThatProvedWrongTellsWhatWentAlthoughItWasForgottenMeanwhile() {
    knowInterfaces();
    told.clear();
    read("core1/interfaces/eth1/ifOperStatus");
    queue.answer(reading(status(2, "eth7")));
    walked("eth0", 3, "eth7", 4);
    assertThat(told).contains("interfaces[eth1, eth7]");
  }

  @Test
  void aReloadTellsOfSystemsThatCameWentOrAreAskedInAnotherWay() {
    Endpoint same = new Endpoint(queue, cache, lifetimes, MINUTE);
    network.replace(Map.of("core1", same, "lon/core2", same));
    // Each view, and in each of them the trees of four classes.
    assertThat(told).hasSize(30);
    assertThat(told)
        .contains(
            "[core1, lon]", ".cached[core1, lon]", ".uncached[core1, lon]", "config[core1, lon]");
    assertThat(told).filteredOn("lon[core2]"::equals).hasSize(15);
    told.clear();
    network.replace(Map.of("core1", same, "lon/core2", same));
    assertThat(told).isEmpty();
    network.replace(Map.of("core1", same));
    assertThat(told).contains("[lon]", "lon[core2]");
  }

  @Test
  void anObserverThatFailsKeepsNoAnswerFromItsRequest() {
    service.observe(
        new FileSystem.Observer() {
          @Override
          public void contentChanged(Node file) {
            throw new IllegalStateException("as the test says");
          }

          @Override
          public void namesChanged(Node directory, Collection<String> names) {
            throw new IllegalStateException("as the test says");
          }
        });
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    assertThat(content(onlyEnded())).isEqualTo("Rack 7\n");
  }

  @Test
  void nameOfAFileIsTrustedForItsTtlWhenNothingIsKnownAndForWhatIsLeftAfterwards() {
    assertThat(entryValid("core1/system", "sysUpTime")).isEqualTo(5_000_000_000L);
    knowLocation("Rack 7");
    now += 4 * MINUTE;
    assertThat(entryValid("core1/system", "sysLocation")).isEqualTo(MINUTE);
  }

  @Test
  void nameOfAFileWithAStaleReadingIsNotTrusted() {
    knowLocation("Rack 7");
    now += 6 * MINUTE;
    assertThat(entryValid("core1/system", "sysLocation")).isZero();
    assertThat(service.cached(node("core1/system/sysLocation")).attributes().validNanos()).isZero();
  }

  @Test
  void nothingUncachedIsTrusted() {
    knowLocation("Rack 7");
    assertThat(entryValid(".uncached/core1/system", "sysLocation")).isZero();
    read(".uncached/core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    FileSystem.Content content = (FileSystem.Content) ((Reading<?>) onlyEnded().outcome()).value();
    assertThat(content.attributes().validNanos()).isZero();
    assertThat(service.cached(node(".uncached/core1/system/sysLocation"))).isNull();
  }

  @Test
  void aWatchedFileIsFetchedAgainWheneverItIsNoLongerFresh() {
    FileSystem.Watch watch = service.watch(requester, node("core1/system/sysLocation"));
    assertThat(queue.asked()).hasSize(1);
    queue.answer(text("Rack 7"));
    assertThat(later).hasSize(1);
    now += 5 * MINUTE;
    later.remove(0).run();
    assertThat(queue.priorities()).containsExactly(Priority.BACKGROUND);
    queue.answer(text("Rack 8"));
    assertThat(told).contains("sysLocation");
    watch.close();
    later.remove(0).run();
    assertThat(queue.asked()).isEmpty();
    assertThat(later).isEmpty();
  }

  @Test
  void aWatchGoesOnAfterAFailure() {
    FileSystem.Watch watch = service.watch(requester, node("core1/system/sysLocation"));
    queue.answer(new Failure<>(Failure.Reason.TIMEOUT, "core1 did not answer"));
    later.remove(0).run();
    assertThat(queue.asked()).hasSize(1);
    watch.close();
  }
}
