package org.aeiou.closures.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How paths are spelled. */
final class CanonicalPathTest {
  @Test
  void everyPathHasOneSpelling() {
    for (String path : new String[] {"a/b", "/a/b", "a/b/", "//a///b//"}) {
      assertThat(CanonicalPath.of(path)).isEqualTo("a/b");
    }
    assertThat(CanonicalPath.of("/")).isEmpty();
    assertThat(CanonicalPath.of("")).isEmpty();
  }
}
