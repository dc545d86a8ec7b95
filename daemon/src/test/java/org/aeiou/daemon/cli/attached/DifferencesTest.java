package org.aeiou.daemon.cli.attached;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.output.Item;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private final Map<String, Item> a = new HashMap<>();
  private final Map<String, Item> b = new HashMap<>();

  private static void put(Map<String, Item> to, String path, String text) {
    to.put(path, Item.value(path, text, Map.of()));
  }

  private List<String> differing() {
    return Differences.between(a, b).stream()
        .map(
            each ->
                each.path()
                    + " "
                    + (each.before() == null ? null : each.before().text())
                    + " "
                    + (each.after() == null ? null : each.after().text()))
        .toList();
  }

  @Test
  void valuesAreComparedByTheirPathsInTheOrderOfTheirNumbers() {
    put(a, "interfaces/eth10/ifAlias", "x");
    put(b, "interfaces/eth10/ifAlias", "y");
    put(a, "interfaces/eth2/ifAlias", "x");
    put(b, "interfaces/eth2/ifAlias", "z");
    put(a, "system/sysContact", "same");
    put(b, "system/sysContact", "same");
    assertThat(differing())
        .containsExactly("interfaces/eth2/ifAlias x z", "interfaces/eth10/ifAlias x y");
  }

  @Test
  void whatIsAbsentIsNotThere() {
    put(a, "system/sysContact", "x");
    b.put("system/sysContact", Item.absent("system/sysContact"));
    a.put("system/sysName", Item.absent("system/sysName"));
    assertThat(differing()).containsExactly("system/sysContact x null");
  }

  @Test
  void whatCouldNotBeReadIsNoDifference() {
    put(a, "system/sysContact", "x");
    b.put(
        "system/sysContact",
        Item.failed("system/sysContact", Failure.Reason.TIMEOUT, "it did not answer"));
    assertThat(differing()).isEmpty();
  }

  @Test
  void aRowThatIsNotThereIsOneDifferenceToAPerson() {
    Set<String> one =
        Set.of("interfaces/eth0/ifAlias", "interfaces/eth7/ifAlias", "interfaces/eth7/ifMtu");
    Set<String> other = Set.of("interfaces/eth0/ifMtu");
    assertThat(Differences.missing(one, other)).isEqualTo(Map.of("interfaces/eth7", 2));
    assertThat(Differences.missing(other, one)).isEmpty();
    assertThat(Differences.missing(one, Set.of())).isEqualTo(Map.of("interfaces", 3));
  }
}
