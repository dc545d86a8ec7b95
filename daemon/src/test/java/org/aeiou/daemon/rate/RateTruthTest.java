package org.aeiou.daemon.rate;

import static org.aeiou.daemon.rate.ModelAgent.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.aeiou.daemon.backend.Value;
import org.junit.jupiter.api.Test;

/**
 * Rates against what systems really counted, for systems, readers and accidents of many kinds. A
 * rate may be missing; one that is there is as exact as it says.
 */
final class RateTruthTest {
  private static final int WORLDS = Integer.getInteger("aeiou.rates.worlds", 1_500);
  private static final long SEED = Long.getLong("aeiou.rates.seed", 20_261_122L);
  private static final double[] PERIODS = {0, 0, 0, 0.1, 0.5, 1, 2, 3, 5, 7.3, 10, 15, 25, 30, 60};
  private static final double ROUNDING = 0.025;
  private static final double LUCK = 0.4;

  @Test
  void whatIsSaidOfARateIsTrue() {
    SplittableRandom seeds = new SplittableRandom(SEED);
    long numbers = 0;
    long reads = 0;
    for (int i = 0; i < WORLDS; i++) {
      World world = new World(seeds.nextLong());
      world.run();
      numbers += world.numbers;
      reads += world.reads;
    }
    assertThat((double) numbers / reads).as("reads that give a number").isGreaterThan(0.8);
  }

  /** One system and one reader of a rate. */
  private static final class World {
    private final long seed;
    private final SplittableRandom random;
    private final ModelAgent agent = new ModelAgent();
    private final double slowest;
    private final double fastest;
    private final long pause;
    private final boolean isRegular;
    private final double accidents;
    private int jumps;
    long numbers;
    long reads;

    World(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      agent.renewsEach(PERIODS[random.nextInt(PERIODS.length)]);
      agent.phaseNanos = random.nextLong(SECOND * 60);
      agent.isLazy = agent.periodNanos > SECOND && random.nextInt(4) == 0;
      agent.bootNanos -= random.nextLong(SECOND);
      agent.type = random.nextBoolean() ? Value.NumberType.COUNTER32 : Value.NumberType.COUNTER64;
      agent.hasUptime = random.nextInt(5) > 0;
      agent.hasWholeSeconds = random.nextInt(5) == 0;
      slowest = random.nextDouble(10_000, 4_000_000);
      fastest = random.nextBoolean() ? slowest : slowest * random.nextDouble(1, 5);
      agent.speed = (long) (fastest * 8 * random.nextDouble(1, 10));
      agent.perSecond = slowest;
      pause = random.nextLong(1, 8) * SECOND;
      isRegular = random.nextBoolean();
      accidents = random.nextInt(3) == 0 ? 0.02 : 0;
    }

    void run() {
      look(agent.readOut(13 * SECOND));
      for (int i = 0; i < 100; i++) {
        agent.pass(isRegular ? pause : random.nextLong(SECOND / 4, 2 * pause));
        agent.perSecond = random.nextBoolean() ? slowest : fastest;
        if (random.nextDouble() < accidents) {
          switch (random.nextInt(4)) {
            case 0 -> {
              agent.restart();
              jumps += agent.hasUptime ? 0 : 1;
            }
            case 1 -> {
              agent.jump(0);
              agent.discontinuity++;
            }
            case 2 -> agent.pass(random.nextLong(600) * SECOND);
            default -> {
              agent.jump(random.nextDouble(4e9));
              jumps++;
            }
          }
        }
        look(agent.readOut(13 * SECOND));
      }
    }

    private void look(Rate rate) {
      reads++;
      if (rate.number() == null) {
        return;
      }
      numbers++;
      // A jump that the system does not tell can be told only by the speed of the link.
      double most = jumps == 0 ? fastest : jumps == 1 ? agent.speed / 8.0 * 1.1 : Long.MAX_VALUE;
      double least = jumps > 0 ? 0 : slowest;
      // What is renewed when it is asked looks regular for a while, now and then.
      double luck = agent.isLazy ? LUCK : 0;
      double unsure = Math.min(1, rate.number().uncertainty() + ROUNDING + luck);
      assertThat(rate.number().value())
          .as(
              "seed %d: renewed each %d ms%s, %s, %s, read each %d ms%s",
              seed,
              agent.periodNanos / 1_000_000,
              agent.isLazy ? " when asked" : "",
              rate.properties(),
              agent.profile.all(),
              pause / 1_000_000,
              isRegular ? "" : " about")
          .isBetween(least * (1 - unsure), most * (1 + unsure) / Math.max(0.01, 1 - unsure));
    }
  }
}
