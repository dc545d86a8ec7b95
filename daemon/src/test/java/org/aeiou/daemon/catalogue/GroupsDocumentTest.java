package org.aeiou.daemon.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;
import org.junit.jupiter.api.Test;

/** The built-in groups among each other, and the document that lists them. */
class GroupsDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/groups.md");
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  private static final String BEGINNING =
      """
      # The groups of the catalogue

      Written by `GroupsDocumentTest` from the files in `src/main/resources/catalogue`. A group of scalars has no rows.
      Rows without a label are named by their index. Where systems are given, only these are probed for the group: their
      `sysObjectID` begins so, behind `1.3.6.1.4.1`, or as a whole where a dot is before it.

      | file | directory | what it is | rows are named by | systems |
      |---|---|---|---|---|
      """;

  /** What the files say of each group, with the file. */
  private static Map<String, Map.Entry<String, YamlNode>> written() {
    Map<String, Map.Entry<String, YamlNode>> groups = new TreeMap<>();
    for (String file : CatalogueLoader.resource("index").lines().toList()) {
      YamlNode top = YamlReader.parse(CatalogueLoader.resource(file), new Problems(file));
      for (YamlNode group : top.map("groups").values()) {
        assertThat(groups.put(group.key(), Map.entry(file, group))).as(group.key()).isNull();
      }
    }
    return groups;
  }

  private static String line(AttributeGroup group, Map.Entry<String, YamlNode> written) {
    YamlNode node = written.getValue();
    String rows =
        group instanceof AttributeGroup.Scalars
            ? "–"
            : node.texts("label").stream()
                .map(YamlNode::text)
                .filter(name -> !name.equals("index"))
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "));
    String systems =
        group.systems().stream().map(GroupsDocumentTest::kind).collect(Collectors.joining(", "));
    return "| %s | `%s` | %s | %s | %s |"
        .formatted(
            written.getKey().replace(".yaml", ""),
            group.name(),
            node.text("description"),
            rows.isEmpty() ? "index" : rows,
            systems);
  }

  private static String kind(Oid system) {
    Oid makers = Oid.parse("1.3.6.1.4.1");
    return system.startsWith(makers) ? system.suffix(makers.length()).toString() : "." + system;
  }

  @Test
  void documentIsWhatTheFilesSay() throws IOException {
    Map<String, Map.Entry<String, YamlNode>> written = written();
    String lines =
        CATALOGUE.groups().stream()
            .map(group -> line(group, written.get(group.name())))
            .collect(Collectors.joining("\n", "", "\n"));
    Path made = Path.of("target/groups.md");
    Files.createDirectories(made.getParent());
    Files.writeString(made, BEGINNING + lines);
    assertThat(DOCUMENT)
        .as("cp daemon/target/groups.md daemon/docs/groups.md")
        .hasSameTextualContentAs(made);
  }

  /** A name of an object identifier, a syntax or a group means one thing in all files. */
  @Test
  void noFileChangesWhatAnotherSays() {
    Map<String, String> before = new TreeMap<>();
    List<String> twice = new ArrayList<>();
    for (String file : CatalogueLoader.resource("index").lines().toList()) {
      YamlNode top = YamlReader.parse(CatalogueLoader.resource(file), new Problems(file));
      for (String section : List.of("oids", "syntaxes", "groups")) {
        for (YamlNode entry : top.map(section).values()) {
          String says = entry.text() == null ? file : entry.text();
          String other = before.put(section + "." + entry.key(), says);
          if (other != null && !other.equals(says)) {
            twice.add(section + "." + entry.key() + ": " + other + " and " + says);
          }
        }
      }
    }
    assertThat(twice).isEmpty();
  }

  @Test
  void everyScalarIsOfTheModuleOrTheMakerThatItsGroupIsProbedFor() {
    int module = Oid.parse("1.3.6.1.2.1.1").length();
    for (AttributeGroup group : CATALOGUE.groups()) {
      if (group instanceof AttributeGroup.Scalars) {
        Oid probed = group.probe().prefix(module);
        assertThat(group.attributes())
            .as(group.name())
            .allMatch(attribute -> attribute.oid().startsWith(probed));
      }
    }
  }

  /** So that no listing of an unknown system asks for what only one maker's systems can have. */
  @Test
  void groupsBelowAMakersNumberSayWhichSystemsAreProbed() {
    Oid makers = Oid.parse("1.3.6.1.4.1");
    List<Oid> anyones = List.of(Oid.parse("1.3.6.1.4.1.2021"), Oid.parse("1.3.6.1.4.1.8072"));
    for (AttributeGroup group : CATALOGUE.groups()) {
      boolean isMakers =
          group.probe().startsWith(makers) && anyones.stream().noneMatch(group.probe()::startsWith);
      assertThat(!group.systems().isEmpty()).as(group.name()).isEqualTo(isMakers);
    }
  }
}
