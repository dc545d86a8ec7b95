package org.aeiou.daemon.backend.snmp.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageIdsTest {
  private final MessageIds ids = new MessageIds(new SecureRandom());

  @Test
  void idsAreWithinTheirRangeAndUseAllOfIt() {
    int ones = 0;
    int zeros = Integer.MAX_VALUE;
    for (int i = 0; i < 10_000; i++) {
      int id = ids.next();
      assertThat(id).isPositive();
      ones |= id;
      zeros &= id;
    }
    assertThat(ones).isEqualTo(Integer.MAX_VALUE);
    assertThat(zeros).isZero();
  }

  @Test
  void oneIdSaysNothingOfTheNext() {
    Set<Integer> steps = new HashSet<>();
    int before = ids.next();
    for (int i = 0; i < 1000; i++) {
      int id = ids.next();
      steps.add(id - before);
      before = id;
    }
    // A sequence has one step; that two of a thousand are the same is one in four thousand.
    assertThat(steps).hasSizeGreaterThan(995);
  }
}
