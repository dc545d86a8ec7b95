package org.aeiou.daemon.fuse;

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
        Map.ofEntries(
            Map.entry(Reason.TIMEOUT, 110),
            Map.entry(Reason.UNREACHABLE, 113),
            Map.entry(Reason.REFUSED, 13),
            Map.entry(Reason.NOT_WRITABLE, 30),
            Map.entry(Reason.CANCELLED, 4),
            Map.entry(Reason.BAD_ANSWER, 71),
            Map.entry(Reason.NOT_CACHED, 11),
            Map.entry(Reason.OVERLOADED, 11),
            Map.entry(Reason.UNKNOWN_NAME, 2),
            Map.entry(Reason.STOPPED, 107),
            Map.entry(Reason.BAD_REQUEST, 22),
            Map.entry(Reason.IS_DIRECTORY, 21),
            Map.entry(Reason.NOT_DIRECTORY, 20),
            Map.entry(Reason.NAME_TOO_LONG, 36),
            Map.entry(Reason.OUT_OF_RANGE, 34),
            Map.entry(Reason.NOT_DONE, 5));
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
