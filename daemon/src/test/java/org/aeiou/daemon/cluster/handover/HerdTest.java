package org.aeiou.daemon.cluster.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.cluster.member.Epoch;
import org.junit.jupiter.api.Test;

/**
 * How often the agents are asked around a take-over, where readers ask for all values in no order
 * and keep none themselves: only the owner's cache stands between them and the agents.
 */
final class HerdTest {
  private static final int SYSTEMS = 20;
  private static final int OBJECTS = 100;
  private static final int VALUES = SYSTEMS * OBJECTS;

  /** In one of these readers ask for each value about once. */
  private static final int ROUND_SECONDS = 5;

  private static final int STEPS = 100;
  private static final long STEP = HandoverWorld.SECOND / STEPS;

  private final HandoverWorld world = new HandoverWorld();
  private final HandoverWorld.Member old = world.new Member("old", 64 << 20);
  private final HandoverWorld.Member next = world.new Member("next", 64 << 20);
  private final SplittableRandom random = new SplittableRandom(17);

  private void systems() {
    for (int i = 0; i < SYSTEMS; i++) {
      old.add("sw" + i);
      next.add("sw" + i);
    }
  }

  /** How often agents are asked in so many seconds, by this owner. */
  private double exchangesASecond(HandoverWorld.Member owner, int seconds) {
    long asked = 0;
    int perStep = VALUES / ROUND_SECONDS / STEPS;
    for (int step = 0; step < seconds * STEPS; step++) {
      for (int i = 0; i < perStep; i++) {
        String system = "sw" + random.nextInt(SYSTEMS);
        int object = random.nextInt(OBJECTS);
        Outcome<Value> known = owner.outcome(system, object);
        if (known == null
            || world.now - Slot.takenNanos(known) >= HandoverWorld.FRESHNESS.ttlNanos()) {
          owner.answered(system, object, step);
          asked++;
        }
      }
      world.pass(STEP);
    }
    return (double) asked / seconds;
  }

  private void giveAll() {
    for (int slot = 0; slot < HandoverWorld.SLOTS.count(); slot++) {
      int which = slot;
      old.handover.give(slot, "next", () -> next.handover.acquired(which, new Epoch(1, 2)));
    }
    world.pass(STEP);
  }

  @Test
  void aNewOwnerThatWasGivenPagesAsksNoMoreThanTheOneBefore() {
    systems();
    exchangesASecond(old, 60);
    double steady = exchangesASecond(old, 60);
    giveAll();
    double first = exchangesASecond(next, 1);
    assertThat(first / steady).as("in the first second").isLessThan(1.2);
    assertThat(exchangesASecond(next, 9) / steady).as("in a time to live").isLessThan(1.2);
  }

  @Test
  void aNewOwnerAsksNoMoreWhereAReaderHeldWhatTheKilledOneKnew() {
    systems();
    HandoverWorld.Member reader = world.new Member("reader", 64 << 20);
    for (int i = 0; i < SYSTEMS; i++) {
      reader.add("sw" + i);
    }
    exchangesASecond(reader, 60); // what it was answered, as the owner knew it
    double steady = exchangesASecond(reader, 60);
    world.members.remove("old");
    for (int slot = 0; slot < HandoverWorld.SLOTS.count(); slot++) {
      next.handover.acquired(slot, new Epoch(1, 2));
    }
    world.pass(STEP);
    assertThat(exchangesASecond(next, 1) / steady).isLessThan(1.2);
  }

  @Test
  void withoutPagesAnOwnerAsksForEverythingAnew() {
    systems();
    exchangesASecond(old, 60);
    double steady = exchangesASecond(old, 60);
    assertThat(exchangesASecond(next, 1) / steady).isGreaterThan(1.5);
  }
}
