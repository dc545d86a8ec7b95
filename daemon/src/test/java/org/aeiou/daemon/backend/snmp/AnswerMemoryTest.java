package org.aeiou.daemon.backend.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.daemon.backend.snmp.AnswerMemory.Holding;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
  private final AnswerMemory memory = new AnswerMemory(1000);

  @Test
  void whenMostOfItIsUsedTheLargestWalkHasToEndAndNotTheOneThatAsks() {
    Holding large = memory.open();
    Holding small = memory.open();
    assertThat(memory.grow(large, 600)).isTrue();
    assertThat(memory.grow(small, 200)).as("the last quarter is for others").isTrue();
    assertThat(memory.grow(large, 601)).isFalse();
    memory.close(large);
    assertThat(memory.grow(small, 700)).isTrue();
    assertThat(memory.used()).isEqualTo(700);
  }

  @Test
  void oneThatWasToldToEndIsEnoughUntilItHas() {
    Holding large = memory.open();
    Holding second = memory.open();
    Holding small = memory.open();
    memory.grow(large, 500);
    memory.grow(second, 200);
    memory.grow(small, 100);
    assertThat(memory.grow(small, 150)).isTrue();
    assertThat(memory.grow(second, 201)).as("not the next largest, too").isTrue();
    assertThat(memory.grow(large, 500)).isFalse();
  }

  @Test
  void theLargestMayBeTheOneThatAsks() {
    Holding small = memory.open();
    memory.grow(small, 100);
    Holding large = memory.open();
    assertThat(memory.grow(large, 700)).isFalse();
    assertThat(memory.grow(small, 101)).isTrue();
  }

  @Test
  void nothingGoesBeyondAllOfIt() {
    Holding one = memory.open();
    Holding other = memory.open();
    memory.grow(one, 740);
    memory.grow(other, 200);
    assertThat(memory.grow(other, 261)).isFalse();
    assertThat(memory.take(100)).isFalse();
    memory.close(one);
    memory.close(other);
    assertThat(memory.used()).isZero();
    assertThat(memory.take(1000)).isTrue();
    assertThat(memory.take(1)).isFalse();
    memory.give(1000);
    assertThat(memory.used()).isZero();
  }

  @Test
  void closingTwiceGivesBackOnce() {
    Holding one = memory.open();
    memory.grow(one, 300);
    memory.close(one);
    memory.close(one);
    assertThat(memory.used()).isZero();
  }
}
