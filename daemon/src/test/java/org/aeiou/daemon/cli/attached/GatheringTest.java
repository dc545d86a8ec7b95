package org.aeiou.daemon.cli.attached;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.daemon.cli.output.Item;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private final KnownTree tree =
      new KnownTree()
          .with("core1/interfaces/eth2/ifOperStatus", "up")
          .with("core1/interfaces/eth10/ifOperStatus", "down")
          .with("core1/.health", "state: up")
          .with("core1/system/sysName", "core1")
          .with("lon/edge7/system/sysName", "edge7");

  private List<Gathering.OfPattern> gather(String... patterns) {
    Gathering gathering = new Gathering(tree, false);
    for (String pattern : patterns) {
      PathPattern.of(pattern).forEach(gathering::add);
    }
    tree.loop.run(gathering::isDone, 1, tree::flush);
    return gathering.all();
  }

  private List<String> paths(String... patterns) {
    return gather(patterns).stream().flatMap(of -> of.items().stream()).map(Item::path).toList();
  }

  @Test
  void rowsComeInTheOrderOfTheirNumbers() {
    assertThat(paths("core1/interfaces/*/ifOperStatus"))
        .containsExactly(
            "core1/interfaces/eth2/ifOperStatus", "core1/interfaces/eth10/ifOperStatus");
  }

  @Test
  void aNameWithoutAPatternIsNotLookedFor() {
    paths("core1/system/sysName");
    assertThat(tree.listed).isEmpty();
    paths("core1/interfaces/*/ifOperStatus");
    assertThat(tree.listed).containsExactly("core1/interfaces");
  }

  @Test
  void aHiddenNameIsFoundOnlyIfItIsNamed() {
    assertThat(paths("core1/*")).isEmpty();
    assertThat(paths("core1/.h*")).containsExactly("core1/.health");
  }

  @Test
  void whatAPatternMakesOfNamesThatAreNotThereIsNoFailure() {
    List<Gathering.OfPattern> all = gather("*/system/sysName", "*/interfaces/*/ifAlias");
    assertThat(all.get(0).items()).extracting(Item::path).containsExactly("core1/system/sysName");
    assertThat(all.get(1).isEmpty()).isTrue();
  }

  @Test
  void aPathThatIsNotThereIsToldWithTheNameThatMayHaveBeenMeant() {
    Item item = gather("core1/system/sysNaem").get(0).items().get(0);
    assertThat(item.reason()).isEqualTo(Failure.Reason.UNKNOWN_NAME);
    assertThat(item.message()).isEqualTo("there is no 'sysNaem'; did you mean 'sysName'?");
  }

  @Test
  void aDirectoryThatCannotBeListedKeepsBackItsOwnPathsOnly() {
    tree.silent.add("core1/interfaces");
    tree.with("core2/interfaces/eth0/ifOperStatus", "up");
    Gathering.OfPattern of = gather("core*/interfaces/*/ifOperStatus").get(0);
    assertThat(of.items())
        .extracting(Item::path)
        .containsExactly("core2/interfaces/eth0/ifOperStatus");
    assertThat(of.failures()).extracting(Item::path).containsExactly("core1/interfaces");
  }

  @Test
  void aDirectoryIsNoValue() {
    assertThat(gather("core1/system").get(0).items().get(0).message())
        .isEqualTo("is a directory; use 'aeiou ls'");
    assertThat(paths("core1/*")).isEmpty();
  }
}
