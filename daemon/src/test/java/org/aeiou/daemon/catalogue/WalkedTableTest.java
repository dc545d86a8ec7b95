package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.junit.jupiter.api.Test;

/** Which rows a walk makes, what tells them apart, and how they lead to other tables. */
class WalkedTableTest {

  private static Value text(String text) {
    return new Value.Octets(OctetsType.OCTETS, text.getBytes(UTF_8));
  }

  private static Walk physical(String index, String name, String description, String serial) {
    return part(Walk.of("physical"), index, name, description, serial);
  }

  private static Walk part(
      Walk walk, String index, String name, String description, String serial) {
    return walk.with("entPhysicalName", index, name)
        .with("entPhysicalDescr", index, description)
        .with("entPhysicalSerialNum", index, serial);
  }

  @Test
  void partsOfOneNameAreToldApartByTheirDescriptionThenTheirSerialNumberThenTheirIndex() {
    Walk walk = physical("1", "PEM", "PEM, left", "");
    part(walk, "2", "PEM", "PEM, right", "");
    part(walk, "3", "FPC", "line card", "AB123");
    part(walk, "4", "FPC", "line card", "AB124");
    part(walk, "5", "fan", "fan", "");
    part(walk, "6", "fan", "fan", "");
    part(walk, "7", "chassis", "MX960", "JN12");
    assertThat(walk.names())
        .containsExactly(
            "PEM~PEM, left",
            "PEM~PEM, right",
            "FPC~AB123",
            "FPC~AB124",
            "fan~5",
            "fan~6",
            "chassis");
  }

  @Test
  void whatTellsARowApartIsWhatProvesIt() {
    Walk walk = physical("1", "PEM", "left", "");
    part(walk, "2", "PEM", "right", "");
    part(walk, "3", "chassis", "MX960", "");
    part(walk, "4", "fan", "a", "S1");
    part(walk, "5", "fan", "a", "S1");
    AttributeGroup.NamedRow left = walk.row("PEM~left");
    assertThat(left.guard()).isEqualTo(walk.oid("entPhysicalDescr").append(1));
    assertThat(left.label()).isEqualTo(text("left"));
    assertThat(walk.row("chassis").guard()).isEqualTo(walk.oid("entPhysicalName").append(3));
    AttributeGroup.NamedRow fan = walk.row("fan~4");
    assertThat(fan.guard()).isEqualTo(walk.oid("entPhysicalName").append(4));
    assertThat(fan.label()).isEqualTo(text("fan"));
  }

  @Test
  void whatAnotherRowHasTooProvesNothingAndTellsNothingApart() {
    Walk walk = physical("1", "PEM", "slot 0", "");
    part(walk, "2", "PEM", "slot 1", "");
    part(walk, "3", "chassis", "slot 0", "");
    assertThat(walk.names()).containsExactly("PEM~1", "PEM~slot 1", "chassis");
  }

  @Test
  void namesSurviveRenumbering() {
    Walk before = physical("1", "PEM", "left", "");
    part(before, "2", "PEM", "right", "");
    Walk after = physical("7", "PEM", "right", "");
    part(after, "9", "PEM", "left", "");
    assertThat(after.names()).containsExactlyInAnyOrderElementsOf(before.names());
    assertThat(before.row("PEM~left").index()).isEqualTo(Oid.of(1));
    assertThat(after.row("PEM~left").index()).isEqualTo(Oid.of(9));
  }

  @Test
  void octetsAndNumbersAreNoNamesThatTellApart() {
    Walk walk = Walk.of("physical").with("entPhysicalName", "1", "PEM");
    walk.with("entPhysicalName", "2", "PEM");
    walk.with("entPhysicalDescr", "1", new Value.Octets(OctetsType.OCTETS, new byte[] {1}));
    walk.with("entPhysicalDescr", "2", 17);
    assertThat(walk.names()).containsExactly("PEM~1", "PEM~2");
  }

  @Test
  void aRowIsThereIfItHasAnyOfTheColumnsThatSayThatItIs() {
    Walk walk =
        Walk.of("forwarding")
            .with("dot1dTpFdbPort", "0.17.34.51.68.1", 5)
            .with("dot1dTpFdbStatus", "0.17.34.51.68.1", 3)
            .with("dot1dTpFdbStatus", "0.17.34.51.68.2", 4)
            .with("dot1dTpFdbPort", "0.17.34.51.68.3", 6);
    assertThat(walk.names())
        .containsExactly("00:11:22:33:44:01", "00:11:22:33:44:02", "00:11:22:33:44:03");
    assertThat(Walk.of("vlan-forwarding").with("dot1qTpFdbStatus", "7.0.17.34.51.68.1", 4).names())
        .containsExactly("7.00:11:22:33:44:01");
  }

  @Test
  void everyColumnOfEveryRowCanBeAskedFor() {
    Walk walk = Walk.of("interfaces").with("ifDescr", "1" + ".7".repeat(117), "hostile");
    walk.with("ifDescr", "1" + ".7".repeat(116), "long");
    for (AttributeGroup.NamedRow row : walk.rows()) {
      for (AttributeGroup.Attribute column : walk.columns()) {
        assertThat(row.instance(column).oid().length()).isLessThanOrEqualTo(Oid.MAX_LENGTH);
      }
    }
    assertThat(walk.names()).containsExactly("long");
  }

  @Test
  void whatIsWalkedOfAJoinedTableIsNoRow() {
    Walk walk =
        Walk.of("forwarding")
            .with("dot1dTpFdbPort", "0.17.34.51.68.1", 5)
            .with("dot1dBasePortIfIndex", "5", 10105)
            .with("dot1dBasePortIfIndex", "6", 10106);
    assertThat(walk.names()).containsExactly("00:11:22:33:44:01");
  }

  @Test
  void anAddressLeadsToTheInterfaceBehindItsPort() {
    Walk walk =
        Walk.of("forwarding")
            .with("dot1dTpFdbPort", "0.17.34.51.68.1", 5)
            .with("dot1dTpFdbPort", "0.17.34.51.68.2", 6)
            .with("dot1dTpFdbPort", "0.17.34.51.68.3", 0)
            .with("dot1dBasePortIfIndex", "5", 10105);
    AttributeGroup.Instance port = walk.instance("00:11:22:33:44:01", "dot1dBasePortIfIndex");
    assertThat(port.oid()).isEqualTo(walk.oid("dot1dBasePortIfIndex").append(5));
    AttributeGroup.Instance name = walk.instance("00:11:22:33:44:01", "ifName");
    assertThat(name.oid()).isEqualTo(walk.oid("ifName").append(10105));
    assertThat(walk.instance("00:11:22:33:44:02", "ifName").oid()).as("no such port").isNull();
    assertThat(walk.instance("00:11:22:33:44:03", "ifName").oid()).as("no port").isNull();
  }

  @Test
  void aColumnBehindAnotherIsProvedByWhatLeadsThere() {
    Walk walk =
        Walk.of("forwarding")
            .with("dot1dTpFdbPort", "0.17.34.51.68.1", 5)
            .with("dot1dBasePortIfIndex", "5", 10105);
    AttributeGroup.Instance name = walk.instance("00:11:22:33:44:01", "ifName");
    assertThat(name.guard()).isEqualTo(walk.oid("dot1dTpFdbPort").append(0, 17, 34, 51, 68, 1));
    assertThat(name.label()).isEqualTo(new Value.Numeric(Value.NumberType.INTEGER, 5));
  }

  private static Walk neighbours() {
    Walk walk = Walk.of("lldp-neighbours");
    for (String port : List.of("47", "48")) {
      walk.with("lldpRemSysName", "900." + port + ".1", "core2")
          .with("lldpRemChassisId", "900." + port + ".1", "x");
    }
    return walk;
  }

  @Test
  void neighboursOnSeveralLinksAreToldApartByTheNamesOfTheLocalPorts() {
    assertThat(
            neighbours()
                .with("lldpLocPortId", "47", "Ethernet47")
                .with("lldpLocPortId", "48", "Ethernet48")
                .with("lldpLocPortId", "49", "Ethernet49")
                .names())
        .containsExactly("core2~Ethernet47", "core2~Ethernet48");
  }

  @Test
  void aPortThatIsNamedByANumberOrAnAddressIsNamedByItsDescription() {
    Value address = new Value.Octets(OctetsType.OCTETS, new byte[] {0, 17, 34, 51, 68, 85});
    assertThat(
            neighbours()
                .with("lldpLocPortId", "47", "47")
                .with("lldpLocPortDesc", "47", "to core2, left")
                .with("lldpLocPortId", "48", address)
                .with("lldpLocPortDesc", "48", "eth3")
                .names())
        .containsExactly("core2~to core2, left", "core2~eth3");
  }

  @Test
  void neighboursWithUnknownPortsAreToldApartByTheirNumbersNotByTheTime() {
    Walk walk = neighbours().with("lldpRemSysName", "100.9.1", "core3");
    walk.with(
        "lldpRemChassisId",
        "900.10.1",
        new Value.Octets(OctetsType.OCTETS, new byte[] {0, 17, 34, 51, 68, 85}));
    assertThat(walk.names())
        .containsExactly("core3", "00:11:22:33:44:55", "core2~47.1", "core2~48.1");
  }

  @Test
  void aNeighbourIsProvedByItsNameAlsoWhereThePortTellsItApart() {
    Walk walk = neighbours().with("lldpLocPortId", "47", "Ethernet47");
    AttributeGroup.NamedRow row = walk.row("core2~Ethernet47");
    assertThat(row.guard()).isEqualTo(walk.oid("lldpRemSysName").append(900, 47, 1));
    AttributeGroup.Instance port = walk.instance("core2~Ethernet47", "lldpLocPortDesc");
    assertThat(port.oid()).isEqualTo(walk.oid("lldpLocPortDesc").append(47));
    assertThat(port.guard()).isEqualTo(row.guard());
  }

  @Test
  void theNumberOfAnInterfaceLeadsToItsNameAndTheNameOfAPortDoesNot() {
    Walk walk =
        neighbours().with("lldpLocPortId", "47", "606").with("lldpLocPortId", "48", "Gi0/48");
    Oid ifName = walk.oid("ifName");
    assertThat(walk.instance("core2~47.1", "ifName").oid()).isEqualTo(ifName.append(606));
    assertThat(walk.instance("core2~Gi0∕48", "ifName").oid()).isNull();
  }

  @Test
  void anIndexThatIsNotAsTheTableDefinesItLeadsNowhere() {
    Walk walk = Walk.of("lldp-neighbours").with("lldpRemSysName", "47", "core2");
    assertThat(walk.instance("core2", "lldpLocPortId").oid()).isNull();
    assertThat(walk.instance("core2", "lldpRemSysDesc").oid()).isNotNull();
  }
}
