package org.aeiou.daemon.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.closures.Reading;
import org.junit.jupiter.api.Test;

/** Outcomes as people see them in their shells. */
final class ErrnoTest {
  @Test
  void everyReasonHasItsNumber() {
    // As in <asm-generic/errno.h>.
    Map<Reason, Integer> numbers =
        Map.of(
            Reason.TIMEOUT, 110,
            Reason.UNREACHABLE, 113,
            Reason.REFUSED, 13,
            Reason.NOT_WRITABLE, 30,
            Reason.CANCELLED, 4,
            Reason.BAD_ANSWER, 71,
            Reason.NOT_CACHED, 11,
            Reason.OVERLOADED, 11,
            Reason.UNKNOWN_NAME, 2,
            Reason.STOPPED, 107);
    for (Reason reason : Reason.values()) {
      assertThat(Errno.of(new Failure<>(reason, ""))).isEqualTo(numbers.get(reason));
    }
  }

  @Test
  void absentIsNoDataAndAReadingIsNoError() {
    assertThat(Errno.of(new Absent<>(0, 0))).isEqualTo(61);
    assertThat(Errno.of(Reading.of("up", 0, 0))).isZero();
  }
}
