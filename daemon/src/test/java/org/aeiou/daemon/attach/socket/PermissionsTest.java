package org.aeiou.daemon.attach.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {
  private static final int OWNER = 1000;
  private static final int GROUP = 50;

  @ParameterizedTest
  @CsvSource({
    "0664, 1000, 7, true, true",
    "0664, 1001, 50, true, true",
    "0664, 1001, 7, true, false",
    "0444, 1000, 50, true, false",
    "0640, 1001, 50, true, false",
    "0640, 1001, 7, false, false",
    // The owner is judged as the owner, whatever the group may.
    "0064, 1000, 50, false, false",
    "0444, 0, 0, true, true",
  })
  void theRulesAreThoseOfFiles(
      String mode, int user, int group, boolean mayRead, boolean mayWrite) {
    Permissions files = new Permissions(OWNER, GROUP, Integer.parseInt(mode, 8));
    assertThat(files.mayRead(user, IntStream.of(group))).isEqualTo(mayRead);
    assertThat(files.mayWrite(user, IntStream.of(group))).isEqualTo(mayWrite);
  }
}
