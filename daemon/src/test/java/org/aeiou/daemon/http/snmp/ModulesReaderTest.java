package org.aeiou.daemon.http.snmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.http.snmp.ModuleExport.OfGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModulesReaderTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  @TempDir private Path folder;

  private Modules read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("modules.yaml"), text);
    return ModulesReader.read(CATALOGUE, List.of(file));
  }

  private static List<String> names(List<Attribute> attributes) {
    return attributes.stream().map(Attribute::name).toList();
  }

  @Test
  void everyAttributeGroupIsAModule() throws IOException {
    Modules modules = read("");
    for (AttributeGroup group : CATALOGUE.groups()) {
      OfGroup of = modules.find(group.name()).groups().get(0);
      assertThat(of.metrics()).as(group.name()).isNotEmpty();
      assertThat(Scrape.parts(of)).as(group.name()).isNotEmpty();
    }
    assertThat(modules.find("nowhere")).isNull();
  }

  @Test
  void whatNamesARowIsALabelAndNoMetric() throws IOException {
    OfGroup storage = read("").find("storage").groups().get(0);

    assertThat(names(storage.labels())).containsExactly("hrStorageDescr");
    assertThat(names(storage.metrics()))
        .contains("hrStorageUsed", "hrStorageIndex")
        .doesNotContain("hrStorageDescr");
  }

  @Test
  void userAddsAModuleAndChangesAKeyOfAnother() throws IOException {
    Modules modules =
        read(
            """
            modules:
              mine: {groups: [storage, system], only: [hrStorageUsed, sysUpTime], labels: []}
              if_mib: {omit: [ifAlias, ifDescr, ifName, ifInNUcastPkts]}
            """);

    ModuleExport mine = modules.find("mine");
    assertThat(names(mine.groups().get(0).metrics())).containsExactly("hrStorageUsed");
    assertThat(mine.groups().get(0).labels()).isEmpty();
    assertThat(names(mine.groups().get(1).metrics())).containsExactly("sysUpTime");
    OfGroup none =
        read("modules: {a: {groups: [storage], only: [hrStorageIndex],"
                + " omit: [hrStorageIndex]}}")
            .find("a")
            .groups()
            .get(0);
    assertThat(Scrape.parts(none)).as("nothing is read for no metric").isEmpty();
    OfGroup interfaces = modules.find("if_mib").groups().get(0);
    assertThat(names(interfaces.metrics())).contains("ifMtu").doesNotContain("ifInNUcastPkts");
    assertThat(names(interfaces.labels()))
        .containsExactlyInAnyOrder("ifName", "ifDescr", "ifAlias");
  }

  @Test
  void everythingThatIsWrongIsToldWithItsLine() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    modules:
                      a: {groups: [storge]}
                      b: {groups: [storage], only: [hrStorageUsd], colour: red}
                      c: nothing
                      d: {objects: {noSuchObject: What it is.}}
                      e: {only: []}
                    """))
        .isInstanceOfSatisfying(
            InvalidModulesException.class,
            e ->
                assertThat(e.problems().stream().map(each -> each.replaceAll(".*/", "")).toList())
                    .containsExactly(
                        "modules.yaml:2: modules.a.groups: 'storge' is no attribute group of the"
                            + " catalogue",
                        "modules.yaml:3: modules.b.colour: is not a key here; expected one of"
                            + " groups, hide, info, labels, objects, omit, only or states",
                        "modules.yaml:3: modules.b.only: 'hrStorageUsd' is no attribute of the"
                            + " module's groups",
                        "modules.yaml:4: modules.c: is a single value; expected 'groups: [GROUP,"
                            + " …]'",
                        "modules.yaml:5: modules.d.objects.noSuchObject: no catalogue or MIB file"
                            + " names 'noSuchObject'",
                        "modules.yaml:6: modules.e: exports nothing; expected 'groups: [GROUP, …]'"
                            + " or 'objects: {NAME: HELP}'"));
  }

  @Test
  void whatHardlyChangesIsReadApartFromWhatDoes() throws IOException {
    List<Scrape.Part> parts = Scrape.parts(read("").find("if_mib").groups().get(0));

    assertThat(parts).hasSize(2);
    assertThat(names(parts.get(0).columns))
        .contains("ifOperStatus", "ifHCInOctets")
        .doesNotContain("ifAlias");
    assertThat(names(parts.get(1).columns))
        .contains("ifAlias", "ifMtu")
        .doesNotContain("ifHCInOctets");
  }
}
