package org.aeiou.daemon.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.Set;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.MemoryNetwork;
import org.aeiou.daemon.cluster.message.Post;
import org.junit.jupiter.api.Test;

/**
 * Many members, a hundred thousand systems in 1 024 slots: what the broker carries so that all of
 * them know of each other and own what is theirs, and how long they take to. The messages are those
 * that members send, in their bytes; the network and the time are models. Prints the figures. A
 * hundred members with {@code -Daeiou.model.members=100}.
 */
final class ClusterTrafficTest {
  private static final int MEMBERS = Integer.getInteger("aeiou.model.members", 25);
  private static final int SYSTEMS = 100_000;
  private static final int SLOTS = 1024;

  /** What NATS writes around a message on the way to a subscriber, about. */
  private static final int AROUND = 45;

  private final ModelWorld world = new ModelWorld(17, SLOTS, Duration.ofSeconds(10));
  private final MemoryNetwork network = new MemoryNetwork();
  private final Post post = network.post("meter");
  private final int[] systems = new int[SLOTS];
  private long states;
  private long bytes;

  ClusterTrafficTest() {
    world.isChecked = false;
    world.tick = 100_000_000;
    network.dropping(
        message -> {
          bytes += message.bytes().length + AROUND;
          return true;
        });
    world.meter =
        state -> {
          states++;
          post.toAll(new Frame.State(state));
          network.deliver();
        };
    for (int i = 0; i < SYSTEMS; i++) {
      systems[Slots.of("router-%05d.example.net".formatted(i), SLOTS)]++;
    }
  }

  /** Each slot has one owner; how long it took. */
  private double settle() {
    long begun = world.time.now;
    do {
      world.run(Duration.ofMillis(100));
    } while (!isSettled() && world.time.now - begun < 60_000_000_000L);
    return (world.time.now - begun) / 1e9;
  }

  private boolean isSettled() {
    boolean[] isOwned = new boolean[SLOTS];
    for (ModelMember member : world.members) {
      member.leases.leases().forEach(lease -> isOwned[lease.slot()] = true);
    }
    for (boolean each : isOwned) {
      if (!each) {
        return false;
      }
    }
    return true;
  }

  private void print(String what, double seconds) {
    System.out.printf(
        "%-34s %6.1f s; told %5.0f, carried %7.0f messages a second, %6.2f MB a second; %4.0f attempts on leases a second%n",
        what,
        seconds,
        states / seconds,
        world.carried / seconds,
        bytes / 1e6 * MEMBERS / seconds,
        world.bucket.received / seconds);
    states = 0;
    bytes = 0;
    world.carried = 0;
    world.bucket.received = 0;
  }

  @Test
  void manyMembersShareAHundredThousandSystems() {
    for (int i = 0; i < MEMBERS; i++) {
      world.join("member%010d".formatted(i));
    }
    double start = settle();
    print("started together, settled", start);

    world.run(Duration.ofSeconds(6));
    print("evened out meanwhile", 6);
    world.run(Duration.ofSeconds(4));
    print("nothing happens", 4);
    IntSummaryStatistics shares = Arrays.stream(shares()).summaryStatistics();
    System.out.println("systems of a member: " + shares.getMin() + " to " + shares.getMax());
    assertThat(shares.getMin()).isGreaterThan(SYSTEMS / MEMBERS / 2);
    assertThat(shares.getMax()).isLessThan(SYSTEMS / MEMBERS * 3 / 2);

    world.members.remove(0).kill();
    double taken = settle();
    print("one killed, its slots taken", taken);

    world.join("another");
    world.run(Duration.ofSeconds(6));
    print("one joins, is given its share", 6);

    boolean[] done = new boolean[1];
    world.members.get(5).leases.drain(() -> done[0] = true);
    world.run(Duration.ofMillis(500));
    print("one drained", 0.5);

    assertThat(start).isLessThan(5);
    assertThat(taken).isLessThan(11);
    assertThat(done).containsExactly(true);
    assertThat(isSettled()).isTrue();
    Set<Integer> owned = new HashSet<>();
    world.members.forEach(
        m -> m.leases.leases().forEach(l -> assertThat(owned.add(l.slot())).isTrue()));
  }

  /** How many systems each member has. */
  private int[] shares() {
    return world.members.stream()
        .mapToInt(m -> m.leases.leases().stream().mapToInt(lease -> systems[lease.slot()]).sum())
        .toArray();
  }
}
