package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.UniqueFileNames.Candidate;
import org.aeiou.daemon.catalogue.UniqueFileNames.Name;
import org.junit.jupiter.api.Test;

class UniqueFileNamesTest {

  private static Candidate row(String label, int... index) {
    return new Candidate(label, Oid.of(index), Oid.of(index));
  }

  private static List<String> names(Candidate... rows) {
    return texts(UniqueFileNames.of(List.of(rows), UniqueFileNames.Further.NONE));
  }

  private static List<String> texts(List<Name> names) {
    return names.stream().map(Name::text).toList();
  }

  /** Further labels by the row's place; null for none. */
  private static UniqueFileNames.Further further(List<List<String>> labels) {
    return new UniqueFileNames.Further() {
      @Override
      public int count() {
        return labels.get(0).size();
      }

      @Override
      public String label(int row, int number) {
        return labels.get(row).get(number);
      }
    };
  }

  @Test
  void aLabelOfItsOwnIsTheName() {
    assertThat(names(row("eth0", 1), row("eth1", 2))).containsExactly("eth0", "eth1");
  }

  @Test
  void everyRowOfASharedLabelGetsItsIndex() {
    assertThat(names(row("cpu", 1), row("eth0", 2), row("cpu", 3)))
        .containsExactly("cpu~1", "eth0", "cpu~3");
  }

  @Test
  void rowsThatShareALabelAreToldApartByAFurtherOneBeforeTheirIndex() {
    List<Candidate> psus = List.of(row("PSU", 1), row("PSU", 2), row("fan", 3), row("PSU", 4));
    List<Name> names =
        UniqueFileNames.of(
            psus,
            further(
                List.of(
                    Arrays.asList("left", null),
                    Arrays.asList("right", "S1"),
                    Arrays.asList("left", "S2"),
                    Arrays.asList("right", "S/3"))));
    assertThat(texts(names)).containsExactly("PSU~left", "PSU~S1", "fan", "PSU~S∕3");
    assertThat(names).extracting(Name::further).containsExactly(0, 1, -1, 1);
  }

  @Test
  void aFurtherLabelThatReadsLikeAnIndexOrIsTooLongIsPassedOver() {
    for (String label :
        List.of("", " ", "17", "1.2", "a~b", "#" + "0".repeat(32), "x".repeat(252))) {
      assertThat(
              texts(
                  UniqueFileNames.of(
                      List.of(row("cpu", 1), row("cpu", 2)),
                      further(List.of(Arrays.asList(label), Arrays.asList("ae0"))))))
          .as(label)
          .containsExactly("cpu~1", "cpu~ae0");
    }
  }

  @Test
  void aPlainNameNeverComesToMeanAnotherRow() {
    assertThat(names(row("cpu", 1), row("cpu", 3))).doesNotContain("cpu");
    assertThat(names(row("cpu", 3))).containsExactly("cpu");
  }

  @Test
  void aLabelWithATildeInItGetsItsIndexToo() {
    assertThat(names(row("cpu", 1), row("cpu", 2), row("cpu~1", 9)))
        .containsExactly("cpu~1", "cpu~2", "cpu~1~9");
    assertThat(names(row("cpu~1", 9))).containsExactly("cpu~1~9");
    assertThat(names(row("~", 4), row("a~b", 5), row("a~xyz", 6)))
        .containsExactly("~~4", "a~b~5", "a~xyz~6");
  }

  @Test
  void slashesAndDotsDoNotMeanDirectories() {
    assertThat(names(row("Gi0/1", 1), row(".", 2), row("..", 3), row(".oid", 4), row("/", 5)))
        .containsExactly("Gi0∕1", "․", "․.", "․oid", "∕");
  }

  @Test
  void whatEscapesToTheSameNameIsTwoRowsNevertheless() {
    assertThat(names(row("a/b", 1), row("a∕b", 2))).containsExactly("a∕b~1", "a∕b~2");
    assertThat(names(row(".x", 1), row("․x", 2))).containsExactly("․x~1", "․x~2");
  }

  @Test
  void anEmptyLabelIsItsIndex() {
    assertThat(names(row("", 1, 2), row("  ", 3))).containsExactly("~1.2", "~3");
    assertThat(names(row(""))).containsExactly("~");
  }

  @Test
  void aNameIsOneLineThatATerminalCanShow() {
    assertThat(names(row("a\nb\tc\0d\u001b[m\u007f", 1), row("x\u009b\u202ey\u2029z", 2)))
        .containsExactly("a␊b␉c␀d␛[m␡", "x��y�z");
  }

  @Test
  void spaceAroundALabelIsLeftOut() {
    assertThat(names(row(" eth0 ", 1))).containsExactly("eth0");
  }

  @Test
  void aLabelThatIsTooLongIsCutBetweenCharactersAndGetsItsIndex() {
    String name = names(row("ü".repeat(200), 1000)).get(0);
    assertThat(name).endsWith("ü~1000");
    assertThat(name.getBytes(UTF_8)).hasSize(255);
    assertThat(names(row("é" + "a".repeat(253), 7)).get(0)).isEqualTo("é" + "a".repeat(253));
    assertThat(names(row("é" + "a".repeat(254), 7)).get(0)).isEqualTo("é" + "a".repeat(251) + "~7");
  }

  @Test
  void anIndexThatIsTooLongIsHashed() {
    int[] long1 = new int[100];
    int[] long2 = new int[100];
    Arrays.fill(long1, -1);
    Arrays.fill(long2, -1);
    long2[99] = 1;
    List<String> names = names(row("cpu", long1), row("cpu", long2));
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("cpu~#[0-9a-f]{32}"));
  }

  @Test
  void theShortIndexIsTakenWhileItTellsTheRowsApart() {
    assertThat(
            names(
                new Candidate("core2", Oid.of(0, 7, 1), Oid.of(7, 1)),
                new Candidate("core2", Oid.of(0, 8, 1), Oid.of(8, 1))))
        .containsExactly("core2~7.1", "core2~8.1");
    assertThat(
            names(
                new Candidate("core2", Oid.of(0, 7, 1), Oid.of(7, 1)),
                new Candidate("core2", Oid.of(5, 7, 1), Oid.of(7, 1)),
                new Candidate("core2", Oid.of(5, 9, 1), Oid.of(9, 1))))
        .containsExactly("core2~0.7.1", "core2~5.7.1", "core2~5.9.1");
  }

  @Test
  void namesAreValidAndUniqueWhateverTheLabels() {
    Random random = new Random(20070);
    for (int table = 0; table < 400; table++) {
      List<Candidate> rows = nastyRows(random);
      List<String> names = texts(UniqueFileNames.of(rows, furtherOf(rows)));
      assertThat(names).hasSize(rows.size()).doesNotHaveDuplicates();
      for (String name : names) {
        assertThat(name).isNotEmpty().doesNotContain("/").doesNotStartWith(".");
        assertThat(name.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(255);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name)).isTrue();
        assertThat(name.codePoints()).noneMatch(Character::isISOControl);
      }
    }
  }

  @Test
  void aRowsNameDependsOnlyOnTheRowsThatShareItsLabel() {
    Random random = new Random(42);
    for (int table = 0; table < 200; table++) {
      List<Candidate> rows = nastyRows(random);
      Map<Oid, String> before = byIndex(rows);
      List<Candidate> shuffled = new ArrayList<>(rows);
      Collections.shuffle(shuffled, random);
      assertThat(byIndex(shuffled)).isEqualTo(before);
      Candidate gone = shuffled.remove(0);
      Map<Oid, String> after = byIndex(shuffled);
      for (Candidate row : shuffled) {
        if (!UniqueFileNames.escape(row.label()).equals(UniqueFileNames.escape(gone.label()))) {
          assertThat(after.get(row.index())).isEqualTo(before.get(row.index()));
        }
      }
    }
  }

  private static Map<Oid, String> byIndex(List<Candidate> rows) {
    List<String> names = texts(UniqueFileNames.of(rows, furtherOf(rows)));
    Map<Oid, String> byIndex = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      byIndex.put(rows.get(i).index(), names.get(i));
    }
    return byIndex;
  }

  /** Nasty further labels, by the row's index. */
  private static UniqueFileNames.Further furtherOf(List<Candidate> rows) {
    return further(
        rows.stream()
            .map(
                row -> {
                  Random random = new Random(row.index().hashCode());
                  return Arrays.asList(nastyLabel(random), nastyLabel(random), null);
                })
            .toList());
  }

  private static final List<String> PIECES =
      List.of(
          "",
          ".",
          "..",
          "/",
          "~",
          "~1",
          "~1.2",
          "#",
          "a",
          "A",
          "eth0",
          " ",
          "\n",
          "\0",
          "\u001b",
          "ü",
          "東京",
          "🌍",
          "\ud83c",
          "\u202e",
          "\u2028",
          "\u2215",
          "\u2024",
          "x".repeat(130));

  private static String nastyLabel(Random random) {
    StringBuilder label = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      label.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return label.toString();
  }

  private static List<Candidate> nastyRows(Random random) {
    Set<Oid> indices = new TreeSet<>();
    int count = 1 + random.nextInt(12);
    while (indices.size() < count) {
      indices.add(Oid.of(random.ints(random.nextInt(4), 0, 4).toArray()));
    }
    Map<Oid, Candidate> rows = new LinkedHashMap<>();
    for (Oid index : indices) {
      Oid shortIndex = index.length() > 1 ? index.suffix(1) : index;
      rows.put(index, new Candidate(nastyLabel(random), index, shortIndex));
    }
    return new ArrayList<>(rows.values());
  }
}
