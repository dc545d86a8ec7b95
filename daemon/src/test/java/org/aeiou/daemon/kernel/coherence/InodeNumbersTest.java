package org.aeiou.daemon.kernel.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.daemon.tree.Node;
import org.junit.jupiter.api.Test;

class InodeNumbersTest {
  @Test
  void riseInTheOrderOfTheListing() {
    long before = 0;
    for (int order = 1; order <= 100; order++) {
      long ino = InodeTable.ino(1, "eth" + order * 7919 % 100, order);
      assertThat(ino).isGreaterThan(before);
      before = ino;
    }
    assertThat(InodeTable.ino(1, "last", Node.MOST_ORDER)).isGreaterThan(before);
  }

  @Test
  void areNotTheSameForTheSamePlaceInTwoDirectories() {
    assertThat(InodeTable.ino(2, "ifDescr", 2)).isNotEqualTo(InodeTable.ino(3, "ifDescr", 2));
    assertThat(InodeTable.ino(2, "ifDescr", 2)).isNotEqualTo(InodeTable.ino(2, "ifName", 2));
  }

  @Test
  void areTheSameTomorrow() {
    assertThat(InodeTable.ino(1, "core1", 0)).isEqualTo(InodeTable.ino(1, "core1", 0));
    assertThat(InodeTable.ino(1, "core1", 0)).isPositive();
  }
}
