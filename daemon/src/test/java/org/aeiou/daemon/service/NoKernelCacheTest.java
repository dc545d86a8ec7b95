package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NoKernelCacheTest extends ServiceFixture {
  private FileSystem unkept;
  private Node location;

  @BeforeEach
  void know() {
    unkept = new NoKernelCache(service);
    location = node("core1/system/sysLocation");
    read("core1/system/sysLocation");
    queue.answer(text("Rack 7"));
    ended.clear();
  }

  @Test
  void whatIsCachedIsServedButValidForNoTime() {
    assertThat(service.cached(location).attributes().validNanos()).isPositive();

    FileSystem.Content cached = unkept.cached(location);
    assertThat(cached.bytes()).asString().isEqualTo("Rack 7\n");
    assertThat(cached.attributes().validNanos()).isZero();
    assertThat(unkept.attributes(location).size()).isEqualTo(7);
    assertThat(unkept.attributes(location).validNanos()).isZero();
    List<FileSystem.Content> read = new ArrayList<>();
    unkept.read(requester, location, into(read), null);
    assertThat(read).singleElement().extracting(c -> c.attributes().validNanos()).isEqualTo(0L);
  }

  @Test
  void namesAreValidForNoTimeWhetherLookedUpOrListed() {
    Node system = node("core1/system");
    List<FileSystem.Entry> entries = new ArrayList<>();
    unkept.lookup(requester, system, "sysLocation", into(entries), null);
    unkept.lookup(requester, system, "sysNothing", into(entries), null);
    List<FileSystem.Listing> listings = new ArrayList<>();
    unkept.list(requester, system, into(listings), null);

    assertThat(entries).hasSize(2).allMatch(entry -> entry.validNanos() == 0);
    assertThat(entries.get(0).node()).isEqualTo(location);
    assertThat(listings).singleElement().matches(listing -> listing.validNanos() == 0);
    assertThat(listings.get(0).entries()).isNotEmpty().allMatch(entry -> entry.validNanos() == 0);
  }

  private static <T> Closure<T, Void> into(List<T> values) {
    return (context, outcome, delayed) -> values.add(((Reading<T>) outcome).value());
  }
}
