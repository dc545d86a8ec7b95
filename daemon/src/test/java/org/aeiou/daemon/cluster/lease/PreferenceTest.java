package org.aeiou.daemon.cluster.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.cluster.member.Electorate;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.member.Slots;
import org.junit.jupiter.api.Test;

final class PreferenceTest {
  private static final Slots SLOTS =
      new Slots(
          300,
          List.of(
              new Slots.Site("lon", List.of("lon/*")), new Slots.Site("tok", List.of("tok/*"))));

  private final List<Member> members = new ArrayList<>();

  private Member join(String id, String site) {
    Member member = new Member(id, id, Set.of(Role.POLL), site, "same", "", "1", 0);
    members.add(member);
    return member;
  }

  private Preference preference(Slots slots) {
    return new Preference(new Electorate(members, 0), slots);
  }

  /** How many slots of a site each member is preferred for. */
  private Map<String, Integer> shares(String site) {
    Preference preference = preference(SLOTS);
    Map<String, Integer> shares = new HashMap<>();
    for (int slot = 0; slot < SLOTS.count(); slot++) {
      if (SLOTS.siteOf(slot).equals(site)) {
        shares.merge(preference.of(slot).id(), 1, Integer::sum);
      }
    }
    return shares;
  }

  @Test
  void slotsOfASiteAreSharedByItsMembersAndTheRestByAll() {
    join("a", "lon");
    join("b", "lon");
    join("c", "tok");
    join("d", "");
    assertThat(shares("lon")).containsOnlyKeys("a", "b");
    assertThat(shares("lon").values()).allMatch(share -> share >= 37 && share <= 63);
    assertThat(shares("tok")).isEqualTo(Map.of("c", 100));
    assertThat(shares("")).containsOnlyKeys("a", "b", "c", "d");
    assertThat(shares("").values()).allMatch(share -> share >= 18 && share <= 25);
  }

  @Test
  void slotsOfASiteWithoutMembersAreSharedByAllAndTheOthersStay() {
    join("a", "lon");
    join("d", "");
    Member last = join("c", "tok");
    Preference before = preference(SLOTS);
    assertThat(shares("tok")).isEqualTo(Map.of("c", 100));
    members.remove(last);
    assertThat(shares("tok")).containsOnlyKeys("a", "d");
    assertThat(shares("tok").values()).allMatch(share -> share >= 37 && share <= 50);
    Preference after = preference(SLOTS);
    for (int slot = 0; slot < SLOTS.count(); slot++) {
      if (SLOTS.siteOf(slot).equals("lon")) {
        assertThat(after.of(slot)).isEqualTo(before.of(slot));
      }
    }
  }

  @Test
  void nearMembersTryBeforeFarOnes() {
    join("a", "lon");
    join("b", "lon");
    join("c", "tok");
    join("d", "");
    join("e", "tok");
    Preference preference = preference(SLOTS);
    for (int slot = 0; slot < 100; slot++) {
      assertThat(preference.rank("a", slot) + preference.rank("b", slot)).isEqualTo(1);
      assertThat(
              List.of(
                  preference.rank("c", slot),
                  preference.rank("d", slot),
                  preference.rank("e", slot)))
          .containsExactlyInAnyOrder(2, 3, 4);
    }
  }

  @Test
  void withoutSitesWhereMembersAreDoesNotCount() {
    join("a", "lon");
    join("b", "tok");
    Preference at = preference(new Slots(256));
    members.clear();
    join("a", "");
    join("b", "");
    Preference nowhere = preference(new Slots(256));
    for (int slot = 0; slot < 256; slot++) {
      assertThat(at.of(slot).id()).isEqualTo(nowhere.of(slot).id());
      assertThat(at.rank("a", slot)).isEqualTo(nowhere.rank("a", slot));
    }
  }

  @Test
  void whereNoMemberMayOwnSlotsNoneIsPreferred() {
    assertThat(preference(SLOTS).of(7)).isNull();
    assertThat(preference(SLOTS).rank("a", 7)).isZero();
  }
}
