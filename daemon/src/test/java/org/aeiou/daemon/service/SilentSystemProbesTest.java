package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.scheduler.Priority;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.endpoint.Lifetimes;
import org.aeiou.daemon.service.fetch.SilentSystemProbes;
import org.aeiou.daemon.testing.Users;
import org.aeiou.daemon.tree.Network;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SilentSystemProbesTest {
  private final Map<String, HandQueue> queues = new LinkedHashMap<>();
  private long now = -1_000;
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now;
        }
      };
  private final Network network =
      new Network(Catalogue.load(List.of()), Map.of(), InstantSource.system());
  private final Requester requester = Users.requester("a test");
  private final CacheBound bound = new CacheBound(Long.MAX_VALUE, ticker);
  private final SilentSystemProbes touches = new SilentSystemProbes(network);

  /** s100 to s199. */
  @BeforeEach
  void build() {
    Lifetimes times = new Lifetimes(Map.of(), Map.of(), 1);
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    for (int i = 100; i < 200; i++) {
      add("s" + i, times, endpoints);
    }
    network.replace(endpoints);
  }

  private void add(String name, Lifetimes times, Map<String, Endpoint> endpoints) {
    ReadingCache cache = new ReadingCache(ticker, new Observers(), bound);
    queues.put(name, new HandQueue(cache));
    endpoints.put(
        name, new Endpoint(queues.get(name), cache, times, Duration.ofMinutes(1).toNanos()));
  }

  private void touch(String name) {
    touches.asked(requester, network.system(name), network.system(name).endpoint(), now);
  }

  private List<String> asked() {
    return queues.entrySet().stream()
        .filter(entry -> !entry.getValue().asked().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  @Test
  void whereNoneIsSilentNoneIsAsked() {
    queues.get("s100").heard();
    for (int i = 100; i < 200; i++) {
      touch("s" + i);
    }
    assertThat(asked()).isEmpty();
    assertThat(touches.ahead()).isZero();
  }

  @Test
  void behindASilentSystemEightAreAskedInTheBackground() {
    queues.get("s100").silentUntil(now + 5_000);
    queues.get("s105").heard();
    touch("s101");
    assertThat(asked()).containsExactly("s102", "s103", "s104", "s106", "s107", "s108", "s109");
    assertThat(queues.get("s102").priorities()).containsExactly(Priority.BACKGROUND);
    assertThat(touches.ahead()).isEqualTo(7);
  }

  @Test
  void theMoreAreSilentTheMoreAreAskedUpToABound() {
    for (int i = 100; i < 108; i++) {
      queues.get("s" + i).silentUntil(now + 5_000);
    }
    touch("s108");
    assertThat(asked()).hasSize(64).startsWith("s109").endsWith("s172");
    touch("s108");
    now += Duration.ofSeconds(1).toNanos();
    touch("s108");
    assertThat(touches.ahead()).as("each once").isEqualTo(64);
  }

  @Test
  void aSilentSystemThatIsDueIsAskedWithTheOthersThatAre() {
    queues.get("s100").silentUntil(now);
    queues.get("s101").silentUntil(now - 1);
    queues.get("s102").silentUntil(now + 1);
    touch("s100");
    assertThat(asked()).contains("s101", "s103").doesNotContain("s100", "s102");
  }

  @Test
  void aSystemOfWhichSomethingIsKnownLooksAtNoOther() {
    queues.get("s100").silentUntil(now + 5_000);
    queues.get("s101").heard();
    touch("s101");
    touch("s100");
    assertThat(asked()).isEmpty();
  }
}
