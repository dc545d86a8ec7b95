package org.aeiou.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archive of classes is made of. */
class RehearseIT {
  @TempDir private Path folder;

  @Test
  void rehearsalAsksAndIsAnsweredAndIsNotForUsers() {
    Ran ran = Ran.aeiou("rehearse", "--bursts", "2", folder);
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).isEqualTo("360 of 360 came\n");
    assertThat(Ran.aeiou("--help").out()).doesNotContain("rehearse");
  }
}
