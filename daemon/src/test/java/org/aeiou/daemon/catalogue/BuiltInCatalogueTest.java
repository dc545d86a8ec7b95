package org.aeiou.daemon.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.junit.jupiter.api.Test;

class BuiltInCatalogueTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  @Test
  void valuesHaveTheLengthThatTheirTypesDeclare() {
    assertThat(CATALOGUE.mostOctets(Oid.parse("1.3.6.1.2.1.1.1.0"))).as("sysDescr").isEqualTo(255);
    assertThat(CATALOGUE.mostOctets(Oid.parse("1.3.6.1.2.1.2.2.1.6.3")))
        .as("ifPhysAddress, of any length")
        .isEqualTo(65_535);
    assertThat(CATALOGUE.mostOctets(Oid.parse("1.3.6.1.2.1.17.1.1.0")))
        .as("dot1dBaseBridgeAddress, of six, and nothing below 256 is too long")
        .isEqualTo(255);
    assertThat(CATALOGUE.mostOctets(Oid.parse("1.3.6.1.4.1.99999.1.0"))).isEqualTo(65_535);
  }

  @Test
  void objectsAreCalledByGroupAndAttribute() {
    assertThat(CATALOGUE.name(Oid.parse("1.3.6.1.2.1.2.2.1.2"))).isEqualTo("interfaces/ifDescr");
    assertThat(CATALOGUE.name(Oid.parse("1.3.6.1.2.1.2.2.1.2.7"))).isEqualTo("interfaces/ifDescr");
    assertThat(CATALOGUE.name(Oid.parse("1.3.6.1.4.1.99999.1.0"))).isNull();
  }

  @Test
  void everyFileOfTheFolderIsInTheIndexAndTheOtherWayRound()
      throws IOException, URISyntaxException {
    Path folder =
        Path.of(BuiltInCatalogueTest.class.getResource("/catalogue/index").toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(f -> !f.equals("index")))
          .containsExactlyInAnyOrderElementsOf(CatalogueLoader.resource("index").lines().toList());
    }
  }

  @Test
  void everyAttributeIsFoundByItsNameAndByAnInstanceOfIt() {
    for (AttributeGroup group : CATALOGUE.groups()) {
      assertThat(CATALOGUE.group(group.name())).isSameAs(group);
      for (Attribute attribute : group.attributes()) {
        Oid instance =
            group instanceof AttributeGroup.Scalars
                ? attribute.oid()
                : attribute.oid().append(7, 1);
        assertThat(group.attribute(attribute.name())).isSameAs(attribute);
        assertThat(CATALOGUE.describe(instance).name()).isEqualTo(attribute.name());
      }
    }
  }

  @Test
  void whatIsInTwoGroupsReadsTheSameInBoth() {
    Map<Oid, Attribute> byOid = new HashMap<>();
    for (AttributeGroup group : CATALOGUE.groups()) {
      for (Attribute attribute : group.attributes()) {
        Attribute other = byOid.putIfAbsent(attribute.oid(), attribute);
        if (other != null) {
          assertThat(attribute.name()).isEqualTo(other.name());
          assertThat(attribute.syntax()).isEqualTo(other.syntax());
        }
      }
    }
  }

  @Test
  void everyAttributeHasADescriptionAndEveryScalarItsInstance() {
    for (AttributeGroup group : CATALOGUE.groups()) {
      for (Attribute attribute : group.attributes()) {
        assertThat(attribute.description()).as(attribute.name()).isNotBlank().endsWith(".");
        if (group instanceof AttributeGroup.Scalars) {
          assertThat(attribute.oid().get(attribute.oid().length() - 1)).isZero();
        }
      }
    }
  }

  @Test
  void everyTableWalksOnlyColumnsThatItHasAndFewOfThem() {
    for (AttributeGroup group : CATALOGUE.groups()) {
      if (group instanceof AttributeGroup.Table table) {
        assertThat(table.walk()).hasSizeBetween(1, 4).doesNotHaveDuplicates();
        assertThat(table.attributes()).extracting(Attribute::oid).containsAll(table.walk());
      }
    }
  }

  @Test
  void countersAgeAsCountersAndNamesHardlyAtAll() {
    assertThat(attribute("interfaces", "ifHCInOctets").ttl()).isEqualTo(TtlClass.COUNTER);
    assertThat(attribute("interfaces", "ifName").ttl()).isEqualTo(TtlClass.STATIC);
    assertThat(attribute("interfaces", "ifAdminStatus").ttl()).isEqualTo(TtlClass.CONFIG);
    assertThat(attribute("interfaces", "ifOperStatus").ttl()).isEqualTo(TtlClass.STATE);
  }

  @Test
  void knowsWhatTheMibSaysOfAnAttribute() {
    Attribute location = attribute("system", "sysLocation");
    assertThat(location.oid()).isEqualTo(Oid.parse("1.3.6.1.2.1.1.6.0"));
    assertThat(location.writable()).isTrue();
    assertThat(location.syntax().type()).isEqualTo("DisplayString");
    Attribute status = attribute("interfaces", "ifOperStatus");
    assertThat(status.oid()).isEqualTo(Oid.parse("1.3.6.1.2.1.2.2.1.8"));
    assertThat(status.writable()).isFalse();
    assertThat(status.syntax().type()).isEqualTo("INTEGER");
    assertThat(status.syntax().labels()).hasSize(7).containsEntry(7L, "lowerLayerDown");
    assertThat(attribute("interfaces", "ifType").syntax().labels())
        .containsEntry(6L, "ethernetCsmacd")
        .containsEntry(303L, "p2pOverLan");
    assertThat(attribute("host", "hrMemorySize").units()).isEqualTo("KBytes");
    assertThat(attribute("system", "sysUpTime").units()).isEqualTo("centi-seconds");
  }

  @Test
  void doesNotDescribeWhatItDoesNotHave() {
    assertThat(CATALOGUE.describe(Oid.parse("1.3.6.1.4.1.9.9.1"))).isNull();
    assertThat(CATALOGUE.describe(Oid.parse("1.3"))).isNull();
    assertThat(CATALOGUE.describe(Oid.parse("1.3.6.1.2.1.1.6"))).isNull();
    assertThat(CATALOGUE.describe(Oid.parse("2.999"))).isNull();
    assertThat(CATALOGUE.group("none")).isNull();
    assertThat(CATALOGUE.group("system").attribute("none")).isNull();
  }

  private static Attribute attribute(String group, String name) {
    return CATALOGUE.group(group).attribute(name);
  }
}
