package org.aeiou.daemon.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.aeiou.daemon.cluster.member.Role;
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
  private static final Set<Role> POLLS = Set.of(Role.POLL);

  /** What NATS writes around a message on the way to a subscriber, about. */
  private static final int AROUND = 45;

  private ModelWorld world;
  private final MemoryNetwork network = new MemoryNetwork();
  private final Post post = network.post("meter");
  private final int[] systems = new int[SLOTS];
  private long states;
  private long bytes;

  private void begin(List<Slots.Site> sites, IntFunction<String> names) {
    world = new ModelWorld(17, new Slots(SLOTS, sites), Duration.ofSeconds(10));
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
      systems[world.map.of(names.apply(i))]++;
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
    begin(List.of(), "router-%05d.example.net"::formatted);
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

  /**
   * Of the first site there are many members, of the second one, of the third none, and some are of
   * no site.
   */
  @Test
  void systemsOfASiteAreAskedByItsMembersWhereverThereAreAny() {
    List<String> names = List.of("lon", "par", "tok");
    begin(
        names.stream().map(name -> new Slots.Site(name, List.of(name + "/*"))).toList(),
        i -> (i % 4 == 3 ? "" : names.get(i % 4) + "/") + "router-" + i);
    for (int i = 0; i < 8; i++) {
      world.join("member%010d".formatted(i), POLLS, i < 4 ? "lon" : i == 4 ? "par" : "", "same");
    }
    settle();
    world.run(Duration.ofSeconds(6));
    assertThat(owners("lon")).containsExactly("lon");
    assertThat(owners("par")).containsExactly("par");
    assertThat(owners("tok")).containsExactlyInAnyOrder("lon", "par", "");
    assertThat(owners("")).containsExactlyInAnyOrder("lon", "par", "");
    List<Integer> ofLon = shares("lon");
    assertThat(ofLon.subList(0, 4)).allMatch(share -> share >= 64 * 3 / 4 && share <= 64);
    assertThat(ofLon.subList(4, 8)).containsOnly(0);

    ModelMember par = world.members.remove(4);
    par.kill();
    double taken = settle();
    assertThat(taken).isLessThan(11);
    assertThat(owners("par")).containsExactlyInAnyOrder("lon", "");
    assertThat(owners("lon")).as("these stay").containsExactly("lon");

    world.join("another par", POLLS, "par", "same");
    double given = 0;
    while (!owners("par").equals(Set.of("par")) && given < 60) {
      world.run(Duration.ofMillis(100));
      given += 0.1;
    }
    System.out.printf(
        "systems of a site taken over after %.1f s, given back after %.1f s%n", taken, given);
    assertThat(owners("par")).containsExactly("par");
    assertThat(isSettled()).isTrue();
    assertThat(Arrays.stream(shares()).sum()).isEqualTo(SYSTEMS);
  }

  /** At which sites the slots of a site are owned. */
  private Set<String> owners(String site) {
    Set<String> owners = new HashSet<>();
    for (ModelMember member : world.members) {
      if (share(member, site) > 0) {
        owners.add(member.members.self().site());
      }
    }
    return owners;
  }

  /** How many slots of a site each member has. */
  private List<Integer> shares(String site) {
    return world.members.stream().map(member -> share(member, site)).toList();
  }

  private int share(ModelMember member, String site) {
    return (int)
        member.leases.leases().stream()
            .filter(lease -> world.map.siteOf(lease.slot()).equals(site))
            .count();
  }

  /** How many systems each member has. */
  private int[] shares() {
    return world.members.stream()
        .mapToInt(m -> m.leases.leases().stream().mapToInt(lease -> systems[lease.slot()]).sum())
        .toArray();
  }
}
