package org.aeiou.closures.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How paths are spelled. */
final class SpellingTest {
  @Test
  void everyPathHasOneSpelling() {
    for (String path : new String[] {"a/b", "/a/b", "a/b/", "//a///b//"}) {
      assertThat(Spelling.canonical(path)).isEqualTo("a/b");
    }
    assertThat(Spelling.canonical("/")).isEmpty();
    assertThat(Spelling.canonical("")).isEmpty();
  }
}
