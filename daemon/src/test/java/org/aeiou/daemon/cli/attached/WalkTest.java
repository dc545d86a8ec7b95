package org.aeiou.daemon.cli.attached;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.cli.output.Item;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WalkTest {
  private final KnownTree tree =
      new KnownTree()
          .with("core1/.health", "state: up")
          .with("core1/system/sysName", "core1")
          .with("core1/interfaces/eth0/ifInErrors", "17", Map.of("age_ms", "40000"))
          .with("lon/edge7/interfaces/eth0/ifInErrors", "0", Map.of("age_ms", "10"));

  private final List<String> leaves = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();

  private void walk(String path) {
    Walk walk = new Walk(tree, leaves::add, (where, failure) -> failed.add(where));
    walk.start(path);
    tree.loop.run(walk::isDone, 1, tree::flush);
  }

  private static Predicates of(String... arguments) {
    return CommandLine.populateCommand(new Predicates(), arguments);
  }

  private List<String> found(String... arguments) {
    Predicates predicates = of(arguments);
    return tree.values.values().stream()
        .filter(item -> predicates.holdsFor(item.path()) && predicates.holdsFor(item))
        .map(Item::path)
        .toList();
  }

  @Test
  void allThatIsListedIsFoundAndNothingHidden() {
    walk("");
    assertThat(leaves)
        .containsExactlyInAnyOrder(
            "core1/system/sysName",
            "core1/interfaces/eth0/ifInErrors",
            "lon/edge7/interfaces/eth0/ifInErrors");
  }

  @Test
  void aLeafIsAllThereIsBelowIt() {
    walk("core1/system/sysName");
    assertThat(leaves).containsExactly("core1/system/sysName");
  }

  @Test
  void whatCannotBeListedIsToldAndKeepsNothingElseBack() {
    tree.silent.add("core1/interfaces");
    walk("");
    assertThat(failed).containsExactly("core1/interfaces");
    assertThat(leaves).contains("lon/edge7/interfaces/eth0/ifInErrors");
    failed.clear();
    walk("core9");
    assertThat(failed).containsExactly("core9");
  }

  @Test
  void whatIsLookedForIsToldByNameValueNumberAndAge() {
    assertThat(found("--name", "ifInErrors", "--above", "0"))
        .containsExactly("core1/interfaces/eth0/ifInErrors");
    assertThat(found("--name", "if*", "--below", "1"))
        .containsExactly("lon/edge7/interfaces/eth0/ifInErrors");
    assertThat(found("--above", "0")).containsExactly("core1/interfaces/eth0/ifInErrors");
    assertThat(found("--value", "core?")).containsExactly("core1/system/sysName");
    assertThat(found("--name", "sysName", "--not-value", "core1")).isEmpty();
    assertThat(found("--older", "30s")).containsExactly("core1/interfaces/eth0/ifInErrors");
    assertThat(found("--path", "lon")).containsExactly("lon/edge7/interfaces/eth0/ifInErrors");
  }

  @Test
  void valuesAreReadOnlyIfTheyMatter() {
    assertThat(of("--name", "x", "--path", "y").areAboutValues()).isFalse();
    assertThat(of("--above", "1").areAboutValues()).isTrue();
    assertThat(of("--older", "1s").isDescribed()).isTrue();
  }
}
