package org.aeiou.daemon.attach;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.closures.shared.Operation;
import org.junit.jupiter.api.Test;

/** Which view paths are looked for in. */
final class PathsTest {
  @Test
  void flagsLeadIntoTheirViewAndPathsThatAreThereStay() {
    assertThat(Paths.viewed("a/b", 0)).isEqualTo("a/b");
    assertThat(Paths.viewed("a/b", Operation.HIT_ONLY)).isEqualTo(".cached/a/b");
    assertThat(Paths.viewed("a/b", Operation.FORCE_MISS)).isEqualTo(".uncached/a/b");
    assertThat(Paths.viewed(".cached/a", Operation.HIT_ONLY)).isEqualTo(".cached/a");
    assertThat(Paths.viewed(".uncached/a", Operation.FORCE_MISS)).isEqualTo(".uncached/a");
    assertThat(Paths.viewed(".uncached/a", Operation.HIT_ONLY)).isNull();
    assertThat(Paths.viewed(".cached", Operation.FORCE_MISS)).isNull();
  }

  @Test
  void theDaemonsOwnFilesAreInNoView() {
    assertThat(Paths.viewed(".aeiou/stats", Operation.HIT_ONLY)).isEqualTo(".aeiou/stats");
    assertThat(Paths.viewed(".aeiou", Operation.FORCE_MISS)).isEqualTo(".aeiou");
    assertThat(Paths.viewed(".aeiours/x", Operation.HIT_ONLY)).isEqualTo(".cached/.aeiours/x");
  }
}
