package org.aeiou.daemon.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MembersTest {
  private static final long TTL = TimeUnit.SECONDS.toNanos(10);
  private static final Epoch FIRST = new Epoch(1, 10);
  private static final Epoch LATER = new Epoch(1, 11);

  private long now = 1L << 50;
  private final List<MemberState> said = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final List<String> counting = new ArrayList<>();
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return now;
        }
      };
  private final Members members =
      new Members(member("self", "same", 5), new Slots(256), TTL, said::add, Map::of, ticker);

  MembersTest() {
    members.listen((int slot) -> told.add("slot " + slot));
    members.listen(
        new Members.Listener() {
          @Override
          public void joined(Member member) {
            told.add(member.id() + " joined");
          }

          @Override
          public void left(Member member, boolean hasSaid) {
            told.add(member.id() + (hasSaid ? " left" : " is gone"));
          }

          @Override
          public void suspect(Member member, boolean is) {
            told.add(member.id() + (is ? " is suspect" : " is heard again"));
          }

          @Override
          public void differs(boolean does, List<Member> most) {
            told.add("differs: " + does);
            counting.clear();
            most.forEach(member -> counting.add(member.id()));
          }
        });
  }

  private static Member member(String id, String digest, long started) {
    return new Member(id, id, Set.of(Role.POLL), "", digest, "", "1", started);
  }

  private static MemberState state(String id, long sequence, Map<Integer, Epoch> slots) {
    return new MemberState(member(id, "same", 9), sequence, false, false, slots, Map.of());
  }

  /** Ticks as a timer does. */
  private void pass(double seconds) {
    for (int i = 0; i < seconds * 20; i++) {
      now += Members.TICK.toNanos();
      members.tick();
    }
  }

  private String owner(int slot) {
    Owner owner = members.of(slot);
    return owner == null ? "none" : owner.member().id() + (owner.suspect() ? ", suspect" : "");
  }

  @Test
  void ofTwoThatSayThatTheyOwnASlotTheOneWithTheLaterEpochDoes() {
    members.hear(state("a", 1, Map.of(3, LATER)));
    members.hear(state("b", 1, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("a");
    members.hear(state("b", 2, Map.of(3, new Epoch(2, 1))));
    assertThat(owner(3)).isEqualTo("b");
    members.hear(state("b", 3, Map.of()));
    assertThat(owner(3)).isEqualTo("a");
    assertThat(told).containsExactly("a joined", "slot 3", "b joined", "slot 3", "slot 3");
  }

  @Test
  void aSilentMemberIsSuspectAndThenGone() {
    members.hear(state("a", 1, Map.of(3, FIRST)));
    told.clear();
    pass(3);
    assertThat(owner(3)).isEqualTo("a, suspect");
    members.hear(state("a", 2, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("a");
    pass(10);
    assertThat(owner(3)).isEqualTo("none");
    assertThat(told)
        .containsExactly(
            "a is suspect",
            "slot 3",
            "a is heard again",
            "slot 3",
            "a is suspect",
            "slot 3",
            "a is gone",
            "slot 3");
  }

  @Test
  void aStopOfThisProcessMakesNoOtherMemberOlder() {
    members.hear(state("a", 1, Map.of(3, FIRST)));
    now += TimeUnit.SECONDS.toNanos(20);
    members.tick();
    assertThat(owner(3)).isEqualTo("a");
    pass(3);
    assertThat(owner(3)).isEqualTo("a, suspect");
  }

  @Test
  void whatCameAfterAStopIsNotHeardInTheFuture() {
    members.hear(state("a", 1, Map.of(3, FIRST)));
    now += TimeUnit.SECONDS.toNanos(20);
    members.hear(state("a", 2, Map.of(3, FIRST)));
    members.tick();
    pass(3);
    assertThat(owner(3)).isEqualTo("a, suspect");
  }

  @Test
  void withoutABrokerMembersAreSuspectAndStay() {
    members.hear(state("a", 1, Map.of(3, FIRST)));
    members.connected(false);
    pass(60);
    assertThat(owner(3)).isEqualTo("a, suspect");
    members.connected(true);
    pass(8.5);
    assertThat(owner(3)).isEqualTo("none");
  }

  @Test
  void whatComesAfterTheLastWordOfAMemberIsNotHeard() {
    members.hear(state("a", 1, Map.of(3, FIRST)));
    members.hear(new MemberState(member("a", "same", 9), 3, false, true, Map.of(), Map.of()));
    members.hear(state("a", 2, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("none");
    assertThat(members.all()).hasSize(1);
    assertThat(members.metrics().values()).containsEntry("members.old", 1L);
  }

  @Test
  void aCopyOfThisProcessIsCounted() {
    members.hear(state("self", 17, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("none");
    assertThat(members.metrics().values()).containsEntry("members.twins", 1L);
  }

  @Test
  void aSlotThatThereIsNotDoesNoHarm() {
    members.hear(state("a", 1, Map.of(-1, FIRST, 256, FIRST, 3, FIRST)));
    assertThat(owner(3)).isEqualTo("a");
    assertThat(members.all().get(1).state().slots()).as("nor takes memory").containsOnlyKeys(3);
  }

  @Test
  void theConfigurationThatMostPollersHaveCountsAndInATieThatOfTheOldest() {
    members.hear(new MemberState(member("a", "other", 9), 1, false, false, Map.of(), Map.of()));
    assertThat(members.electorate().members()).extracting(Member::id).containsExactly("self");
    members.hear(new MemberState(member("b", "other", 9), 1, false, false, Map.of(), Map.of()));
    assertThat(members.electorate().members()).extracting(Member::id).containsExactly("a", "b");
    assertThat(told).contains("differs: true");
    members.hear(new MemberState(member("b", "other", 9), 2, true, false, Map.of(), Map.of()));
    assertThat(members.electorate().members()).extracting(Member::id).containsExactly("self");
  }

  private static MemberState mapped(String id, String map, Map<Integer, Epoch> slots) {
    Member member = new Member(id, id, Set.of(Role.POLL), "", map, map, "1", 9);
    return new MemberState(member, 1, false, false, slots, Map.of());
  }

  @Test
  void aReaderThatPutsSystemsIntoOtherSlotsThanMostPollersIsToldSoAndCannotAskThem() {
    List<Boolean> differs = new ArrayList<>();
    Slots slots = new Slots(256, List.of(new Slots.Site("lon", List.of("lon/*"))));
    Member self = new Member("me", "me", Set.of(Role.READ), "", "", slots.digest(), "1", 5);
    Members reader = new Members(self, slots, TTL, said::add, Map::of, ticker);
    reader.listen(
        new Members.Listener() {
          @Override
          public void differs(boolean does, List<Member> most) {
            differs.add(does);
          }
        });
    assertThat(reader.mismatch(3)).isNull();
    reader.hear(mapped("a", "256", Map.of(3, FIRST)));
    reader.hear(mapped("b", "256", Map.of()));
    assertThat(reader.mismatch(3)).startsWith("its poller a puts systems into other slots");
    assertThat(reader.mismatch(4)).as("no owner").contains("other slots");
    reader.hear(mapped("c", slots.digest(), Map.of(7, FIRST)));
    assertThat(reader.mismatch(7)).as("one that does the same").isNull();
    for (String id : List.of("c", "a", "b")) {
      Member member = new Member(id, id, Set.of(Role.POLL), "", "", "", "1", 9);
      reader.hear(new MemberState(member, 2, false, true, Map.of(), Map.of()));
    }
    assertThat(differs).as("when none is left as before").containsExactly(true);
    reader.hear(mapped("d", slots.digest(), Map.of()));
    assertThat(reader.mismatch(4)).isNull();
    assertThat(differs).containsExactly(true, false);
  }

  @Test
  void thatItDiffersIsToldAgainWhenItDiffersFromAnotherConfiguration() {
    members.hear(new MemberState(member("a", "other", 1), 1, false, false, Map.of(), Map.of()));
    assertThat(counting).containsExactly("a");
    members.hear(new MemberState(member("b", "third", 0), 1, false, false, Map.of(), Map.of()));
    assertThat(counting).containsExactly("b");
    told.clear();
    members.hear(new MemberState(member("c", "third", 9), 1, false, false, Map.of(), Map.of()));
    assertThat(told).as("the same one").containsExactly("c joined");
  }

  @Test
  void pollersWithoutSystemsDoNotCountHoweverManyAndOldTheyAre() {
    for (String id : List.of("a", "b", "c")) {
      Member empty = member(id, Member.NO_SYSTEMS, 0);
      members.hear(new MemberState(empty, 1, false, false, Map.of(), Map.of()));
    }
    assertThat(members.electorate().members()).extracting(Member::id).containsExactly("self");
    assertThat(counting).isEmpty();
  }

  @Test
  void whatChangesIsToldAtTheNextTickAndElseEachSecond() {
    pass(0.05);
    assertThat(said).hasSize(1);
    pass(3);
    assertThat(said).hasSize(4);
    members.own(3, FIRST);
    members.own(4, FIRST);
    pass(0.05);
    assertThat(said).hasSize(5);
    assertThat(said.get(4).slots()).containsOnlyKeys(3, 4);
    assertThat(said).extracting(MemberState::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
    members.leave();
    pass(3);
    assertThat(said).hasSize(6);
    assertThat(said.get(5).leaving()).isTrue();
  }

  private static MemberState leaving(String id, long sequence) {
    return new MemberState(member(id, "same", 9), sequence, false, true, Map.of(), Map.of());
  }

  @Test
  void whatAMemberSaidBeforeItLeftIsNotTakenIn() {
    members.hear(state("a", 5, Map.of(3, FIRST)));
    members.hear(leaving("a", 7));
    told.clear();
    members.hear(state("a", 6, Map.of(3, FIRST)));
    pass(29);
    members.hear(state("a", 7, Map.of(3, FIRST)));
    assertThat(told).isEmpty();
    assertThat(owner(3)).isEqualTo("none");
  }

  /** A forged word that it leaves shut a member out until a thousand others had left. */
  @Test
  void aMemberThatSaysMoreAfterItsLastWordIsHeardAgain() {
    members.hear(state("a", 5, Map.of(3, FIRST)));
    members.hear(leaving("a", 6));
    assertThat(owner(3)).isEqualTo("none");
    members.hear(state("a", 6, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("none");
    members.hear(state("a", 7, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("a");
    members.hear(leaving("a", 6));
    assertThat(owner(3)).as("a last word that comes late").isEqualTo("a");
    members.hear(leaving("a", 8));
    assertThat(owner(3)).isEqualTo("none");
  }

  @Test
  void noLastWordCountsForLongerThanAFewTimesToLive() {
    members.hear(state("a", 5, Map.of(3, FIRST)));
    members.hear(leaving("a", Long.MAX_VALUE));
    pass(15);
    members.hear(state("a", 15, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("none");
    pass(16);
    members.hear(state("a", 31, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("a");
  }

  @Test
  void whileThisProcessIsStoppedNoLastWordGrowsOlder() {
    members.hear(leaving("a", 7));
    now += 100 * TTL;
    members.tick();
    members.hear(state("a", 6, Map.of(3, FIRST)));
    assertThat(owner(3)).isEqualTo("none");
  }
}
