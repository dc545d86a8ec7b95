package org.aeiou.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.Reading;
import org.junit.jupiter.api.Test;

/** Nodes know where they come in a listing, as programs read whole directories in that order. */
final class ListingOrderTest extends ServiceFixture {
  private Map<String, Integer> orders(String path) {
    Map<String, Integer> orders = new LinkedHashMap<>();
    service.list(
        requester,
        node(path),
        (context, outcome, delayed) ->
            ((Reading<FileSystem.Listing>) outcome)
                .value()
                .entries()
                .forEach(entry -> orders.put(entry.name(), entry.node().order())),
        null);
    return orders;
  }

  private Map<String, Integer> walkAgain(Object... namesAndIndexes) {
    now += 3 * MINUTE;
    service.list(requester, node("core1/interfaces"), note(), "list");
    walked(namesAndIndexes);
    ended.clear();
    return orders("core1/interfaces");
  }

  private static void assertRises(Map<String, Integer> orders) {
    assertThat(List.copyOf(orders.values())).isSorted().doesNotHaveDuplicates().doesNotContain(0);
  }

  @Test
  void risesFromEachToTheNext() {
    knowInterfaces();
    assertRises(orders("core1/interfaces"));
    assertRises(orders("core1/interfaces/eth0"));
    assertRises(orders("core1/system"));
    assertThat(node("core1/interfaces/eth1").order())
        .isEqualTo(orders("core1/interfaces").get("eth1"));
  }

  @Test
  void aRowKeepsItsPlaceWhenOthersComeAndGo() {
    Map<String, Integer> before = walkAgain("eth0", 3, "eth1", 4, "eth2", 5);
    Map<String, Integer> then = walkAgain("lo", 1, "eth0", 3, "eth0.1", 4, "eth2", 5, "eth3", 6);
    assertRises(then);
    assertThat(List.of(then.get("eth0"), then.get("eth2")))
        .containsExactly(before.get("eth0"), before.get("eth2"));
  }

  @Test
  void placesAreGivenAnewWhereThereIsNoRoom() {
    walkAgain("eth0", 1, "eth1", 200);
    Object[] many = new Object[400];
    for (int i = 0; i < 200; i++) {
      many[2 * i] = i == 0 ? "eth0" : i == 199 ? "eth1" : "eth0." + i;
      many[2 * i + 1] = i + 1;
    }
    assertRises(walkAgain(many));
  }

  @Test
  void rowsThatChangePlacesHaveOthers() {
    walkAgain("eth0", 3, "eth1", 4);
    assertRises(walkAgain("eth1", 3, "eth0", 4));
  }
}
