package org.aeiou.daemon.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  private static final List<String> COMMANDS =
      List.of("mount", "umount", "check", "get", "ls", "simulate", "version", "help");

  @ParameterizedTest
  @CsvSource({
    "gte, get",
    "GET, get",
    "moutn, mount",
    "umout, umount",
    "chek, check",
    "simulte, simulate",
    "sim, simulate",
    "vers, version",
    "sl, ls"
  })
  void aSlipOfTheFingerIsCloseToTheWordThatWasMeant(String word, String meant) {
    assertThat(Spelling.nearest(word, COMMANDS)).isEqualTo(meant);
  }

  @ParameterizedTest
  @CsvSource({"foo", "unmountable", "set1", "read", "mo", "gift", "''"})
  void ofWhatIsNotCloseToAnyNothingIsSuggested(String word) {
    assertThat(Spelling.nearest(word, COMMANDS)).isNull();
  }

  @Test
  void aWordThatIsFarTooLongIsNotCompared() {
    assertThat(Spelling.nearest("x".repeat(1 << 20), List.of("x".repeat(1 << 20)))).isNull();
  }
}
