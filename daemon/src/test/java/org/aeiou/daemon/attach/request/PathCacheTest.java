package org.aeiou.daemon.attach.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.closures.shared.Operation;
import org.junit.jupiter.api.Test;

/** Which view paths are looked for in. */
final class PathCacheTest {
  @Test
  void flagsLeadIntoTheirViewAndPathsThatAreThereStay() {
    assertThat(PathCache.viewed("a/b", 0)).isEqualTo("a/b");
    assertThat(PathCache.viewed("a/b", Operation.HIT_ONLY)).isEqualTo(".cached/a/b");
    assertThat(PathCache.viewed("a/b", Operation.FORCE_MISS)).isEqualTo(".uncached/a/b");
    assertThat(PathCache.viewed(".cached/a", Operation.HIT_ONLY)).isEqualTo(".cached/a");
    assertThat(PathCache.viewed(".uncached/a", Operation.FORCE_MISS)).isEqualTo(".uncached/a");
    assertThat(PathCache.viewed(".uncached/a", Operation.HIT_ONLY)).isNull();
    assertThat(PathCache.viewed(".cached", Operation.FORCE_MISS)).isNull();
  }

  @Test
  void theDaemonsOwnFilesAreInNoView() {
    assertThat(PathCache.viewed(".aeiou/stats", Operation.HIT_ONLY)).isEqualTo(".aeiou/stats");
    assertThat(PathCache.viewed(".aeiou", Operation.FORCE_MISS)).isEqualTo(".aeiou");
    assertThat(PathCache.viewed(".aeiours/x", Operation.HIT_ONLY)).isEqualTo(".cached/.aeiours/x");
  }
}
