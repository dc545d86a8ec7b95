package org.aeiou.daemon.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.member.Slots;
import org.junit.jupiter.api.Test;

/**
 * Small clusters in which everything that can happen to processes, lines, clocks and the server
 * happens in a random order. After each single thing that happens no slot has two members that may
 * write; while a member that may own slots is well none stays free; and when it is quiet again they
 * are shared as all of them prefer, by near members where there are any.
 *
 * <p>More with {@code -Daeiou.model.worlds=100000}, others with {@code -Daeiou.model.first=N}; one
 * of them again with {@code -Daeiou.model.seed=N -Daeiou.model.trace=true}.
 */
final class LeaseModelTest {
  private static final int WORLDS = Integer.getInteger("aeiou.model.worlds", 300);
  private static final long FIRST = Long.getLong("aeiou.model.first", 17_000_000L);
  private static final long SEED = Long.getLong("aeiou.model.seed", 0);
  private static final boolean TRACE = Boolean.getBoolean("aeiou.model.trace");
  private static final Duration TTL = Duration.ofSeconds(10);

  private static final List<Slots.Site> SITES =
      List.of(new Slots.Site("lon", List.of("lon/*")), new Slots.Site("tok", List.of("tok/*")));

  @Test
  void atMostOneMemberActsAndNoSlotStaysFree() {
    List<String> wrong = new ArrayList<>();
    long takenOver = 0;
    for (int i = 0; i < WORLDS && wrong.size() < 10; i++) {
      long seed = SEED != 0 ? SEED : FIRST + i;
      Chaos chaos = new Chaos(seed);
      chaos.live();
      if (!chaos.world.wrong.isEmpty()) {
        wrong.add("seed " + seed + ": " + chaos.world.wrong.get(0));
      }
      takenOver += chaos.world.acquisitions;
      if (SEED != 0) {
        break;
      }
    }
    assertThat(wrong).isEmpty();
    if (SEED == 0) {
      assertThat(takenOver).isGreaterThan(10L * WORLDS);
    }
  }

  /** One cluster, and what happens to it. */
  private static final class Chaos {
    final ModelWorld world;
    private int names;
    private long steppedAt;
    private long noneNewBefore;

    Chaos(long seed) {
      world = new ModelWorld(seed, map(seed), TTL);
      world.trace = TRACE;
      world.tick = TimeUnit.MILLISECONDS.toNanos(100);
      if (chance(2)) {
        world.lost = random(100);
        world.late = random(100);
        world.twice = random(100);
      }
      world.pending = chance(2) ? 0 : TimeUnit.MILLISECONDS.toNanos(random(3000));
      for (int i = 1 + random(4); i >= 0; i--) {
        join();
      }
    }

    /** One world of three has sites, of which some have no members. */
    private static Slots map(long seed) {
      return seed % 3 != 0
          ? new Slots(1 + (int) (seed % 5))
          : new Slots(3 + (int) (seed % 5), SITES);
    }

    private String site() {
      return world.map.hasSites() ? List.of("lon", "tok", "").get(random(3)) : "";
    }

    private int random(int below) {
      return world.random.nextInt(below);
    }

    private boolean chance(int of) {
      return random(of) == 0;
    }

    private ModelMember any() {
      return world.members.get(random(world.members.size()));
    }

    private void join() {
      if (world.time.now < noneNewBefore) {
        return;
      }
      String id = Character.toString('a' + names++ % 26) + Integer.toString(names);
      world.join(id, Set.of(Role.POLL), site(), chance(12) ? "other" : "same");
    }

    void live() {
      world.run(Duration.ofSeconds(5));
      long end = world.time.now + TimeUnit.SECONDS.toNanos(70);
      while (world.time.now < end && world.wrong.isEmpty()) {
        happen();
        world.run(Duration.ofMillis(chance(3) ? random(8000) : random(1500)));
        world.findFree();
      }
      heal();
      world.run(Duration.ofSeconds(1));
      world.run(Duration.ofNanos(Math.max(0, world.lastLate - world.time.now)));
      // A lease that a member of before left behind, a bucket that is new, and a try.
      world.run(TTL.multipliedBy(2).plusSeconds(5));
      if (world.members.stream().anyMatch(ModelMember::mayOwn)) {
        world.findUnowned();
        world.run(TTL.multipliedBy(3).plusSeconds(6));
        world.findUnbalanced();
      }
    }

    private void happen() {
      ModelMember member = any();
      switch (random(14)) {
        case 0, 1, 2 -> stop(member);
        case 3, 4 -> cut(member);
        case 5, 6 -> kill(member);
        case 7 -> {
          if (world.members.size() < 8) {
            join();
          }
        }
        case 8, 9 -> restart();
        case 10 -> {
          world.note(member.id + " drains");
          member.drain();
        }
        case 11 -> step();
        case 12 -> {
          world.note(member.id + " reads another configuration");
          member.become(chance(2) ? "same" : "other");
        }
        default -> {}
      }
    }

    private long while0to(int seconds) {
      return (long) random(seconds * 1000) * 1_000_000;
    }

    private void stop(ModelMember member) {
      if (member.acts()) {
        world.note(member.id + " is stopped");
        member.stop();
        world.time.after(
            while0to(20),
            () -> {
              world.note(member.id + " goes on");
              member.resume();
            });
      }
    }

    private void cut(ModelMember member) {
      if (!member.isCut) {
        world.note(member.id + " is cut off");
        member.cut();
        world.time.after(
            while0to(20),
            () -> {
              world.note(member.id + " is reached again");
              member.heal();
            });
      }
    }

    private void kill(ModelMember member) {
      if (world.members.size() > 1) {
        world.note(member.id + " is killed");
        member.kill();
        world.members.remove(member);
        if (chance(2)) {
          join();
        }
      }
    }

    private void restart() {
      if (!world.bucket.isUp) {
        return;
      }
      world.note("the server is killed");
      world.bucket.stop();
      world.touch();
      // A process that has seen no bucket before does not know that there was one.
      boolean wiped = chance(4) && world.members.stream().allMatch(ModelMember::hasSeenABucket);
      world.members.forEach(member -> member.disconnect(Broker.State.GONE));
      long away = while0to(chance(2) ? 2 : 15);
      if (wiped) {
        noneNewBefore = world.time.now + away + TTL.toNanos();
      }
      world.time.after(
          away,
          () -> {
            world.note("the server is back" + (wiped ? ", with an empty disk" : ""));
            world.touch();
            world.bucket.start(wiped);
          });
    }

    /** Within the margin, since members that are stopped do not hear of it. */
    private void step() {
      if (world.time.now > steppedAt + 2 * TTL.toNanos()) {
        steppedAt = world.time.now;
        int millis = random(600) - 300;
        world.note("the clock of the server is set by " + millis + " ms");
        world.bucket.step(TimeUnit.MILLISECONDS.toNanos(millis));
      }
    }

    private void heal() {
      world.note("all is well from now on");
      world.lost = 0;
      world.late = 0;
      world.twice = 0;
      if (!world.bucket.isUp) {
        world.run(Duration.ofSeconds(15));
      }
      world.members.forEach(ModelMember::heal);
      world.members.forEach(ModelMember::resume);
    }
  }
}
