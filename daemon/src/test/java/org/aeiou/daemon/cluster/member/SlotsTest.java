package org.aeiou.daemon.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SlotsTest {
  private static final Slots SITES =
      new Slots(
          256,
          List.of(
              new Slots.Site("lon", List.of("lon/*", "core1", "*-london")),
              new Slots.Site("tok", List.of("tok/*", "jp-*", "*/lab/*", "lon/guest", "core1"))));

  @Test
  void withoutSitesEachSystemIsWhereItHasAlwaysBeen() {
    Slots slots = new Slots(256);
    assertThat(slots.of("core1")).isEqualTo(69);
    assertThat(slots.of("lon/edge7")).isEqualTo(6);
    assertThat(slots.of("")).isEqualTo(1);
    assertThat(slots.of("日本")).isEqualTo(132);
    assertThat(new Slots(4096).of("core1")).isEqualTo(2885);
    assertThat(slots.hasSites()).isFalse();
    assertThat(slots.siteOf(255)).isEmpty();
    assertThat(slots.ranges()).containsExactly(new Slots.Range("", 0, 256));
  }

  @Test
  void eachSiteHasSlotsOfItsOwnAndTheRestTheLast() {
    assertThat(SITES.ranges())
        .containsExactly(
            new Slots.Range("lon", 0, 85),
            new Slots.Range("tok", 85, 170),
            new Slots.Range("", 170, 256));
    assertThat(IntStream.of(0, 84, 85, 169, 170, 255).mapToObj(SITES::siteOf))
        .containsExactly("lon", "lon", "tok", "tok", "", "");
    for (int i = 0; i < 1000; i++) {
      assertThat(SITES.of("lon/" + i)).isBetween(0, 84);
      assertThat(SITES.of("tok/" + i)).isBetween(85, 169);
      assertThat(SITES.of("par/" + i)).isBetween(170, 255);
    }
    assertThat(IntStream.range(0, 1000).map(i -> SITES.of("lon/" + i)).distinct()).hasSize(85);
  }

  @Test
  void theFirstPatternThatMatchesCounts() {
    assertThat(site("core1")).isEqualTo("lon");
    assertThat(site("core11")).isEmpty();
    assertThat(site("lon/guest")).isEqualTo("lon");
    assertThat(site("lon/lab/1")).isEqualTo("lon");
    assertThat(site("par/lab/1")).isEqualTo("tok");
    assertThat(site("jp-")).isEqualTo("tok");
    assertThat(site("jp")).isEmpty();
    assertThat(site("jp-london")).isEqualTo("lon");
    assertThat(site("Lon/1")).isEmpty();
  }

  private static String site(String system) {
    return SITES.siteOf(SITES.of(system));
  }

  @Test
  void aStarStandsForAnyCharactersOrNone() {
    assertThat(new Glob("*").matches("")).isTrue();
    assertThat(new Glob("a*a").matches("a")).isFalse();
    assertThat(new Glob("a*a").matches("aa")).isTrue();
    assertThat(new Glob("*ab*b").matches("ab")).isFalse();
    assertThat(new Glob("*ab*b").matches("abb")).isTrue();
    assertThat(new Glob("a*b*c").matches("abbc")).isTrue();
    assertThat(new Glob("a*bb*c").matches("abc")).isFalse();
    assertThat(new Glob("a**c").matches("a/b/c")).isTrue();
    assertThat(new Glob("*a".repeat(20) + "*b").matches("a".repeat(1000))).isFalse();
  }

  @Test
  void membersWithAnotherMapAreToldFromThoseWithTheSame() {
    Slots none = new Slots(256);
    assertThat(none.digest()).isEqualTo("256");
    assertThat(SITES.digest()).matches("256-[0-9a-f]{8}");
    assertThat(none.isSame("256")).isTrue();
    assertThat(none.isSame("512")).isFalse();
    assertThat(none.isSame(SITES.digest())).isFalse();
    List<Slots.Site> other = List.of(new Slots.Site("lon", List.of("lon/*")));
    assertThat(SITES.isSame(new Slots(256, other).digest())).isFalse();
    // A member of before there were sites says nothing, and has none.
    assertThat(none.isSame("")).isTrue();
    assertThat(SITES.isSame("")).isFalse();
    assertThat(Slots.areSame("", SITES.digest())).isFalse();
  }

  @Test
  void thereIsAtLeastOneSlotForEachSiteAndOneForTheRest() {
    List<Slots.Site> one = List.of(new Slots.Site("lon", List.of("lon/*")));
    assertThat(new Slots(2, one).siteOf(0)).isEqualTo("lon");
    assertThatThrownBy(() -> new Slots(1, one)).isInstanceOf(IllegalArgumentException.class);
  }
}
