package org.aeiou.daemon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

final class NeedsTest {

  @Test
  void nothingMissingLetsTheTestRun() {
    assertThatCode(() -> Needs.Check.missing(List.of(), Map.of("CI", "true")))
        .doesNotThrowAnyException();
  }

  @Test
  void somethingMissingAbortsTheTestAndSaysWhatToInstall() {
    assertThatThrownBy(() -> Needs.Check.missing(List.of(Thing.SNMPD, Thing.XVFB), Map.of()))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("this machine has no snmpd (apt install snmpd), no Xvfb (apt install xvfb)");
  }

  @Test
  void somethingMissingIsAFailureWhereTestsMustRun() {
    assertThatThrownBy(() -> Needs.Check.missing(List.of(Thing.FUSE), Map.of("CI", "true")))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessageContaining("/dev/fuse");
  }

  @Test
  @Needs(Thing.PYTHON3)
  void aMethodMayHaveNeedsOfItsOwn() {
    assertThat(Thing.PYTHON3.isThere()).isTrue();
  }
}
