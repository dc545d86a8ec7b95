package org.aeiou.closures.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ArenaTest {
  @Test
  void whatIsGivenIsFreeAndWhatIsGivenBackCanBeGivenAgain() {
    Random random = new Random(1);
    Arena arena = new Arena(1000);
    BitSet used = new BitSet();
    Map<Integer, Integer> given = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int units = 1 + random.nextInt(40);
      boolean fits = arena.has(units);
      int begin = random.nextInt(3) > 0 ? arena.take(units) : -2;
      if (begin >= 0) {
        assertThat(fits).isTrue();
        assertThat(begin + units).isLessThanOrEqualTo(1000);
        assertThat(used.nextSetBit(begin)).matches(next -> next < 0 || next >= begin + units);
        used.set(begin, begin + units);
        given.put(begin, units);
      } else if (!given.isEmpty()) {
        assertThat(begin == -2 || !fits).isTrue();
        int any = given.keySet().iterator().next();
        arena.giveBack(any, given.get(any));
        used.clear(any, any + given.remove(any));
      }
    }
    given.forEach(arena::giveBack);
    assertThat(arena.take(1000)).as("all stretches are one again").isZero();
    assertThat(arena.has(1)).isFalse();
  }

  @Test
  void shortestStretchThatIsLongEnoughIsGiven() {
    Arena arena = new Arena(100);
    int first = arena.take(10);
    int wall = arena.take(1);
    int second = arena.take(5);
    int rest = arena.take(84);
    arena.giveBack(first, 10);
    arena.giveBack(second, 5);

    assertThat(arena.take(5)).isEqualTo(second);
    assertThat(arena.take(5)).isEqualTo(first);
    assertThat(wall + rest).isPositive();
  }

  @Test
  void arenaOfNothingHasNoRoom() {
    assertThat(new Arena(0).has(1)).isFalse();
    assertThat(new Arena(0).take(1)).isEqualTo(-1);
  }
}
