package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.cache.ReadingCache;
import org.aeiou.daemon.endpoint.Endpoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Times of files and directories move when a value may have changed, and not by being read. */
final class TimesOfChangeTest extends ServiceFixture {
  @BeforeEach
  void knowSinceWhen() {
    long sinceMillis = TimeUnit.NANOSECONDS.toMillis(now);
    cache = new ReadingCache(ticker, observers, bound, sinceMillis);
    queue = new HandQueue(cache);
    network.replace(Map.of("core1", new Endpoint(queue, cache, lifetimes, MINUTE)));
    now += MINUTE;
  }

  private long changed(String path) {
    return service.attributes(node(path)).changedMillis();
  }

  private void readLocation(String text) {
    read("core1/system/sysLocation");
    queue.answer(text(text));
    ended.clear();
  }

  @Test
  void theFirstReadingMovesNoTime() {
    long before = changed("core1/system/sysLocation");
    readLocation("Rack 7");
    assertThat(changed("core1/system/sysLocation")).isEqualTo(before);
  }

  @Test
  void anotherValueMovesTheTimeAndTheSameDoesNot() {
    readLocation("Rack 7");
    long before = changed("core1/system/sysLocation");
    now += 20 * MINUTE;
    readLocation("Rack 7");
    assertThat(changed("core1/system/sysLocation")).isEqualTo(before);
    now += 20 * MINUTE;
    readLocation("Rack 8");
    assertThat(changed("core1/system/sysLocation")).isEqualTo(TimeUnit.NANOSECONDS.toMillis(now));
  }

  @Test
  void aValueThatWasForgottenMayBeAnotherOneWhenItIsReadAgain() {
    readLocation("Rack 7");
    long before = changed("core1/system/sysLocation");
    now += 20 * MINUTE;
    cache.sweep();
    long forgotten = changed("core1/system/sysLocation");
    readLocation("Rack 8");
    assertThat(forgotten).isGreaterThan(before);
    assertThat(changed("core1/system/sysLocation")).isEqualTo(forgotten);
  }

  @Test
  void theFirstListingMovesNoTime() {
    long before = changed("core1/interfaces");
    knowInterfaces();
    assertThat(changed("core1/interfaces")).isEqualTo(before);
  }

  @Test
  void aTextThatIsMadeAnewKeepsItsTimeWhileItSaysTheSame() {
    long before = changed("core1/.health");
    now += MINUTE;
    assertThat(changed("core1/.health")).isEqualTo(before);
    queue.heard();
    assertThat(changed("core1/.health")).isEqualTo(TimeUnit.NANOSECONDS.toMillis(now));
  }
}
