package org.aeiou.daemon.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.simulator.Arrival;
import org.junit.jupiter.api.Test;

/** Whether tests of a cluster would see two owners of one system. */
class ArrivalsTest {
  private static final int A = 1000;
  private static final int B = 2000;

  private final List<Arrival> arrivals = new ArrayList<>();

  /** Requests of one socket, each so long after the one before it. */
  private void from(int port, int times, long everyMillis, long beginMillis) {
    for (int i = 0; i < times; i++) {
      arrivals.add(
          new Arrival(
              "core1",
              TimeUnit.MILLISECONDS.toNanos(beginMillis + i * everyMillis),
              new InetSocketAddress(port),
              0,
              1,
              List.of()));
    }
    arrivals.sort((a, b) -> Long.compare(a.nanos(), b.nanos()));
  }

  private long inTurns() {
    return Arrivals.askedInTurnsMillis(Map.of("core1", arrivals), 1_000);
  }

  private long tooOften() {
    return Arrivals.tooOftenMillis(Map.of("core1", arrivals), 15);
  }

  @Test
  void oneOwnerAfterAnotherIsNoTurn() {
    from(A, 50, 100, 0);
    from(B, 50, 100, 5_000);
    from(A, 1, 100, 12_000);
    from(B, 50, 100, 15_000);
    assertThat(inTurns()).isZero();
    assertThat(tooOften()).isZero();
  }

  @Test
  void ownersAtTheSameTimeAreSeen() {
    from(A, 80, 100, 0);
    from(B, 30, 100, 3_050);
    assertThat(inTurns()).isBetween(2_900L, 3_100L);
    assertThat(tooOften()).isBetween(2_000L, 3_100L);
  }

  @Test
  void ownersThatGoOnTogetherToTheEndAreSeen() {
    from(A, 80, 100, 0);
    from(B, 50, 100, 3_050);
    assertThat(inTurns()).isBetween(4_800L, 5_000L);
  }

  @Test
  void oneRequestOfAFormerOwnerIsSeen() {
    from(A, 50, 100, 0);
    from(B, 50, 100, 5_000);
    from(A, 1, 1, 7_020);
    assertThat(inTurns()).isPositive().isLessThan(200);
  }
}
