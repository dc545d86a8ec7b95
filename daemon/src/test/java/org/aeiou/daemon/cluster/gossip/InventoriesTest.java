package org.aeiou.daemon.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.message.Frame;
import org.aeiou.daemon.cluster.message.MemoryNetwork;
import org.aeiou.daemon.cluster.message.Post;
import org.junit.jupiter.api.Test;

final class InventoriesTest {
  private static final long SECOND = 1_000_000_000L;

  private final MemoryNetwork network = new MemoryNetwork();
  private List<Member> pollers = List.of();
  private final List<String> taken = new ArrayList<>();

  /** The systems of which member cannot be used. */
  private String unusable = "of none";

  private final Participant web = new Participant("web", "", Role.READ);

  private final class Participant {
    private Member member;
    private final Inventories inventories;

    Participant(String id, String digest, Role role) {
      become(id, digest, role);
      inventories =
          new Inventories(
              network.post(id), () -> member, () -> pollers, Runnable::run, network.ticker());
      inventories.give(() -> "systems of " + id + " " + member.digest());
      inventories.take(yaml -> taken.add(yaml) && !yaml.contains(unusable));
    }

    void become(String id, String digest, Role role) {
      member = new Member(id, id, Set.of(role), "", digest, "", "1", 0);
    }
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      web.inventories.tick();
      network.deliver();
      network.advance(SECOND);
    }
  }

  @Test
  void aMemberWithoutSystemsTakesThoseOfAPollerOnceAndAgainWhenTheyAreOthers() {
    Participant one = new Participant("one", "d1", Role.POLL);
    seconds(2);
    assertThat(taken).isEmpty();
    pollers = List.of(one.member);
    seconds(10);
    assertThat(taken).containsExactly("systems of one d1");
    one.become("one", "d2", Role.POLL);
    pollers = List.of(one.member);
    seconds(10);
    assertThat(taken).containsExactly("systems of one d1", "systems of one d2");
    assertThat(network.sent()).isEqualTo(4);
  }

  @Test
  void whereAPollerDoesNotAnswerTheNextIsAsked() {
    Participant one = new Participant("one", "d1", Role.POLL);
    Participant two = new Participant("two", "d1", Role.POLL);
    pollers = List.of(one.member, two.member);
    network.dropping(message -> message.from().equals("one"));
    seconds(4);
    assertThat(taken).isEmpty();
    seconds(3);
    assertThat(taken).containsExactly("systems of two d1");
  }

  @Test
  void whereAPollerHasLeftTheNextIsAskedAtOnce() {
    Participant one = new Participant("one", "d1", Role.POLL);
    pollers =
        List.of(new Member("gone", "gone", Set.of(Role.POLL), "", "d1", "", "1", 0), one.member);
    seconds(2);
    assertThat(taken).containsExactly("systems of one d1");
  }

  @Test
  void aPollerThatHasAnotherConfigurationByNowGivesNothing() {
    Participant one = new Participant("one", "d1", Role.POLL);
    pollers = List.of(one.member);
    one.become("one", "d2", Role.POLL);
    seconds(7);
    assertThat(taken).isEmpty();
    pollers = List.of(one.member);
    seconds(1);
    assertThat(taken).containsExactly("systems of one d2");
  }

  /**
   * Each took a task and a list of all systems: a hundred megabytes of messages took all memory.
   */
  @Test
  void howeverOftenMembersAskFewOfThemWaitAtOnceAndEachForOne() {
    Deque<Runnable> later = new ArrayDeque<>();
    Member poller = new Member("one", "one", Set.of(Role.POLL), "", "d1", "", "1", 0);
    Inventories inventories =
        new Inventories(
            network.post("one"), () -> poller, () -> pollers, later::add, network.ticker());
    inventories.give(() -> "systems");
    Post hostile = network.post("hostile");
    for (int i = 0; i < 1_000; i++) {
      hostile.toMember("one", new Frame.InventoryWanted("d1"));
      network.post("m" + i).toMember("one", new Frame.InventoryWanted("d1"));
    }
    network.deliver();
    assertThat(later).hasSize(64);
    later.forEach(Runnable::run);
    later.clear();
    hostile.toMember("one", new Frame.InventoryWanted("d1"));
    network.deliver();
    assertThat(later).hasSize(1);
  }

  @Test
  void whatComesTwiceOrWasNotAskedForIsNotTaken() {
    Participant one = new Participant("one", "d1", Role.POLL);
    pollers = List.of(one.member);
    network.duplicating(message -> 2);
    seconds(2);
    assertThat(taken).hasSize(1);
    assertThat(web.inventories.metrics().values().get("inventories-dropped")).isPositive();
  }

  @Test
  void whatCannotBeUsedIsAskedOfAnotherPoller() {
    Participant one = new Participant("one", "d1", Role.POLL);
    Participant two = new Participant("two", "d1", Role.POLL);
    pollers = List.of(one.member, two.member);
    unusable = "of one";
    seconds(4);
    assertThat(taken).containsExactly("systems of one d1");
    seconds(10);
    assertThat(taken).containsExactly("systems of one d1", "systems of two d1");
    assertThat(count("inventories-unusable")).isEqualTo(1);
    assertThat(count("inventories-taken")).isEqualTo(1);
  }

  @Test
  void whereNoneCanBeUsedItIsAskedForLessAndLessOften() {
    Participant one = new Participant("one", "d1", Role.POLL);
    pollers = List.of(one.member);
    unusable = "d1";
    seconds(3_600);
    assertThat(taken).hasSizeBetween(10, 20);
    unusable = "of none";
    one.become("one", "d2", Role.POLL);
    pollers = List.of(one.member);
    seconds(2);
    assertThat(taken).as("another configuration, at once").endsWith("systems of one d2");
  }

  @Test
  void itIsTakenOnlyFromAPollerThatCounts() {
    Participant one = new Participant("one", "d1", Role.POLL);
    pollers = List.of(one.member);
    network.dropping(message -> message.from().equals("one"));
    seconds(1);
    network.post("other").toMember("web", new Frame.Inventory("d1", "systems of another"));
    network.deliver();
    assertThat(taken).isEmpty();
    assertThat(count("inventories-dropped")).isEqualTo(1);
    network.dropping(message -> false);
    seconds(10);
    assertThat(taken).containsExactly("systems of one d1");
  }

  private long count(String metric) {
    return web.inventories.metrics().values().get(metric);
  }
}
