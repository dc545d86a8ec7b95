package org.aeiou.closures.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Thousands of random interleavings of everything that can happen, checked against the rules. */
class ModelTest {

  @Test
  void whateverHappensTheRulesHold() {
    long outcomes = 0;
    for (int seed = 0; seed < 3000; seed++) {
      RandomWorld world = new RandomWorld(new SplittableRandom(seed));
      try {
        for (int step = 0; step < 200; step++) {
          world.step();
        }
        world.end(seed % 2 == 0);
        outcomes += world.outcomes();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(outcomes).as("it did happen").isGreaterThan(100_000);
  }
}
