package org.aeiou.daemon.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Authority;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Role;
import org.junit.jupiter.api.Test;

final class LeasesTest {
  private static final Duration TTL = Duration.ofSeconds(10);
  private final ModelWorld world = new ModelWorld(1, 256, TTL);

  private Map<String, Integer> owned() {
    Map<String, Integer> owned = new TreeMap<>();
    for (ModelMember member : world.members) {
      if (member.isAlive) {
        owned.put(member.id, member.leases.leases().size());
      }
    }
    return owned;
  }

  private void seconds(double seconds) {
    world.run(Duration.ofMillis((long) (seconds * 1000)));
    assertThat(world.wrong).isEmpty();
  }

  private long unowned() {
    long unowned = 0;
    for (int slot = 0; slot < world.slots; slot++) {
      unowned += world.writers(slot).isEmpty() ? 1 : 0;
    }
    return unowned;
  }

  @Test
  void threeMembersOfANewClusterShareAllSlotsWithinFiveSeconds() {
    world.join("a");
    world.join("b");
    world.join("c");
    seconds(5);
    assertThat(unowned()).isZero();
    assertThat(owned().values()).allMatch(count -> count >= 60 && count <= 97);
  }

  @Test
  void theSlotsOfADeadMemberAreTakenWithinALifetimeAndASecond() {
    threeMembersOfANewClusterShareAllSlotsWithinFiveSeconds();
    seconds(20);
    world.members.get(0).kill();
    seconds(11);
    assertThat(unowned()).isZero();
  }

  @Test
  void aMemberThatJoinsIsGivenItsShare() {
    world.join("a");
    world.join("b");
    seconds(5);
    world.join("c");
    seconds(6);
    assertThat(unowned()).isZero();
    assertThat(owned().get("c")).isBetween(60, 97);
  }

  @Test
  void aDrainedMemberHasGivenAwayAllOfItsSlotsWithinTwoSeconds() {
    world.join("a");
    world.join("b");
    seconds(15);
    world.pending = 50_000_000;
    world.members.get(1).kill();
    seconds(12);
    assertThat(owned()).containsEntry("a", 256);
    world.join("c");
    world.join("d");
    seconds(1.3); // so that they are heard of, but own next to nothing
    boolean[] done = new boolean[1];
    world.members.get(0).leases.drain(() -> done[0] = true);
    seconds(2);
    assertThat(done).containsExactly(true);
    assertThat(owned()).containsEntry("a", 0);
    assertThat(unowned()).isZero();
  }

  @Test
  void aLeaseWhoseAcknowledgementWasLostIsFoundByReading() {
    ModelMember a = world.join("a");
    a.losesReplies = true;
    seconds(3.5);
    assertThat(owned()).containsEntry("a", 0);
    a.losesReplies = false;
    seconds(3);
    assertThat(owned()).containsEntry("a", 256);
  }

  @Test
  void whileTheBrokerIsGoneItsOwnerReadsAndDoesNotWrite() {
    ModelMember a = world.join("a");
    world.join("b");
    seconds(5);
    int slot = a.leases.leases().get(0).slot();
    world.bucket.stop();
    world.members.forEach(member -> member.disconnect(Broker.State.GONE));
    seconds(30);
    assertThat(a.leases.writes(slot)).isNull();
    assertThat(a.leases.reads(slot)).isNotNull();
    assertThat(a.told).doesNotContain("lost " + slot);

    world.bucket.start(false);
    seconds(1);
    assertThat(a.leases.writes(slot)).isNotNull();
    assertThat(unowned()).isZero();
    assertThat(owned().values()).allMatch(count -> count >= 60);
  }

  @Test
  void anOwnerThatIsCutOffStopsBeforeAnotherOneBegins() {
    ModelMember a = world.join("a");
    world.join("b");
    seconds(5);
    int slot = a.leases.leases().get(0).slot();
    a.cut();
    seconds(11);
    assertThat(a.leases.reads(slot)).isNull();
    assertThat(a.told).contains("lost " + slot);
    assertThat(world.writers(slot)).extracting(member -> member.id).containsExactly("b");
  }

  @Test
  void anOwnerIsCarriedOverToANewBucketWhileOthersWait() {
    ModelMember a = world.join("a");
    world.join("b");
    seconds(5);
    int slot = a.leases.leases().get(0).slot();
    Epoch before = a.leases.writes(slot);
    world.bucket.stop();
    world.members.forEach(member -> member.disconnect(Broker.State.GONE));
    world.bucket.start(true);
    seconds(0.6);
    assertThat(a.leases.writes(slot)).isGreaterThan(before);
    assertThat(unowned()).isZero();
    assertThat(a.leases.standing()).isEqualTo(Leases.Standing.QUARANTINE);
    world.join("c");
    seconds(5);
    assertThat(world.members.get(2).leases.standing()).isEqualTo(Leases.Standing.QUARANTINE);
    seconds(15);
    assertThat(owned().get("c")).isGreaterThan(60);
  }

  @Test
  void aStepOfTheServersClockEndsLeasesAtOnceThatMayHaveEndedThere() {
    ModelMember a = world.join("a");
    seconds(5);
    a.losesReplies = true;
    world.bucket.step(Duration.ofSeconds(9).toNanos());
    a.stepped(9000);
    assertThat(a.leases.writes(7)).isNull();
    a.losesReplies = false;
    seconds(4);
    assertThat(a.leases.writes(7)).isNotNull();
  }

  @Test
  void aMemberWithAnotherConfigurationThanMostTakesNoSlotAndKeepsItsOwn() {
    world.join("a", Set.of(Role.POLL), "old");
    world.join("b", Set.of(Role.POLL), "old");
    seconds(5);
    int before = owned().get("b");
    ModelMember c = world.join("c", Set.of(Role.POLL), "new");
    seconds(10);
    assertThat(owned()).containsEntry("c", 0);
    assertThat(c.leases.standing()).isEqualTo(Leases.Standing.OTHER_CONFIGURATION);

    world.members.get(0).become("new");
    seconds(2); // two of three have the new one: what b has is b's until b has it, too
    assertThat(world.members.get(1).leases.standing())
        .isEqualTo(Leases.Standing.OTHER_CONFIGURATION);
    seconds(10);
    assertThat(owned().get("b")).isEqualTo(before);
    world.members.get(1).become("new");
    seconds(10);
    assertThat(owned().values()).allMatch(count -> count >= 60);
  }

  @Test
  void whatALeavingMemberOwnedIsTakenWithinASecond() {
    ModelMember a = world.join("a");
    world.join("b");
    seconds(5);
    boolean[] done = new boolean[1];
    a.leases.leave(() -> done[0] = true);
    seconds(0.1);
    assertThat(done).containsExactly(true);
    a.members.leave();
    a.kill();
    seconds(1);
    assertThat(owned()).containsEntry("b", 256);
  }

  @Test
  void anActAllocatesNothing() {
    ModelMember a = world.join("a");
    seconds(5);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long acts = look(a.leases, 20_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    acts += look(a.leases, 100_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(acts).isEqualTo(240_000);
    assertThat(allocated).isLessThan(10_000);
  }

  private static long look(Authority authority, int times) {
    long good = 0;
    for (int i = 0; i < times; i++) {
      good += authority.writes(i & 255) != null ? 1 : 0;
      good += authority.reads(i & 255) != null ? 1 : 0;
    }
    return good;
  }
}
