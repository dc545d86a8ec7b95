package org.aeiou.daemon.http.snmp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.junit.jupiter.api.Test;

/** As the collector of snmp_exporter writes values; SnmpExporterIT compares with the real one. */
final class LabelTextTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  private static Syntax syntax(String group, String attribute) {
    return CATALOGUE.group(group).attribute(attribute).syntax();
  }

  private static Value octets(String hex) {
    return new Value.Octets(Value.OctetsType.OCTETS, HexFormat.of().parseHex(hex));
  }

  private static String text(String group, String attribute, Value value) {
    return LabelText.of(syntax(group, attribute), value, ISO_8859_1);
  }

  @Test
  void textIsDecodedAndOctetsAreHexadecimal() {
    Value words = new Value.Octets(Value.OctetsType.OCTETS, "Rack 8 é".getBytes(UTF_8));
    assertThat(text("system", "sysLocation", words)).isEqualTo("Rack 8 é");
    assertThat(text("system", "sysLocation", octets("e9"))).as("ISO 8859-1").isEqualTo("é");
    assertThat(text("printers", "hrPrinterDetectedErrorState", octets("40ff"))).isEqualTo("0x40FF");
    assertThat(text("printers", "hrPrinterDetectedErrorState", octets(""))).isEmpty();
  }

  @Test
  void hardwareAddressHasSixOctetsWhateverTheSystemSays() {
    assertThat(text("interfaces", "ifPhysAddress", octets("0a0b0c0d0eff")))
        .isEqualTo("0A:0B:0C:0D:0E:FF");
    assertThat(text("interfaces", "ifPhysAddress", octets(""))).isEqualTo("00:00:00:00:00:00");
    assertThat(text("interfaces", "ifPhysAddress", octets("0102030405060708")))
        .isEqualTo("01:02:03:04:05:06");
  }

  @Test
  void addressesAreDottedOrInFull() {
    Value address = new Value.Octets(Value.OctetsType.ADDRESS, new byte[] {10, 0, 0, (byte) 200});
    assertThat(text("ipv4-addresses", "ipAdEntNetMask", address)).isEqualTo("10.0.0.200");
    AttributeIndex index = new AttributeIndex("ip-addresses", 1);
    assertThat(index.text(octets("20010db8000000000000000000000001")))
        .isEqualTo("2001:0DB8:0000:0000:0000:0000:0000:0001");
    assertThat(index.text(octets("0a000001"))).isEqualTo("10.0.0.1");
    assertThat(index.text(octets("0a00000105"))).isEqualTo("0x0A00000105");
  }

  /** An object of an index. */
  private record AttributeIndex(String group, int position) {
    String text(Value value) {
      AttributeGroup.Table table = (AttributeGroup.Table) CATALOGUE.group(group);
      return LabelText.ofIndex(table.index().get(position).syntax(), value, UTF_8);
    }
  }

  @Test
  void identifierIsInNumbersAndAnEnumerationInAnIndexItsLabel() {
    assertThat(text("system", "sysObjectID", new Value.Identifier(Oid.parse("1.3.6.1"))))
        .isEqualTo("1.3.6.1");
    Syntax status = syntax("interfaces", "ifOperStatus");
    Value up = new Value.Numeric(Value.NumberType.INTEGER, 1);
    assertThat(LabelText.of(status, up, UTF_8)).isEqualTo("1");
    assertThat(LabelText.ofIndex(status, up, UTF_8)).isEqualTo("up");
    Value none = new Value.Numeric(Value.NumberType.INTEGER, 99);
    assertThat(LabelText.ofIndex(status, none, UTF_8)).isEqualTo("99");
  }

  private static String number(String group, String attribute, Value value) {
    return LabelText.number(syntax(group, attribute), value, UTF_8);
  }

  private static Value counter64(long number) {
    return new Value.Numeric(Value.NumberType.COUNTER64, number);
  }

  @Test
  void longCounterStartsOverWhereADoubleIsNoLongerExact() {
    assertThat(number("interfaces", "ifHCInOctets", counter64((1L << 53) - 1)))
        .isEqualTo("9007199254740991");
    assertThat(number("interfaces", "ifHCInOctets", counter64(1L << 53))).isEqualTo("0");
    assertThat(number("interfaces", "ifHCInOctets", counter64(-1))).isEqualTo("9007199254740991");
  }

  @Test
  void dateIsInSecondsSince1970InUtcUnlessItSaysItsZone() {
    assertThat(number("host", "hrSystemDate", octets("07ea0b160c00050500"))).isNull();
    assertThat(number("host", "hrSystemDate", octets("07ea0b160c000505"))).isEqualTo("1795348805");
    assertThat(number("host", "hrSystemDate", octets("07ea0b160c0005052b0200")))
        .isEqualTo("1795341605");
    assertThat(number("host", "hrSystemDate", octets("0000000000000000"))).as("unset").isNull();
    assertThat(number("host", "hrSystemDate", octets(""))).isNull();
  }

  @Test
  void floatingPointNumberInAnOpaqueIsItsNumber() {
    Value value =
        new Value.Octets(Value.OctetsType.OPAQUE, HexFormat.of().parseHex("9f78043fc00000"));
    assertThat(number("load", "laLoadFloat", value)).isEqualTo("1.5");
    assertThat(LabelText.isNumber(syntax("load", "laLoadFloat"))).isTrue();
  }

  @Test
  void valueOfAnotherTypeThanDefinedIsNoNumber() {
    assertThat(number("interfaces", "ifMtu", octets("01"))).isNull();
    assertThat(number("system", "sysDescr", octets("01"))).isNull();
  }

  @Test
  void labelsAndNamesAreWhatPrometheusReads() {
    StringBuilder out = new StringBuilder();
    LabelText.escape("a \"b\"\\\n\té", out);
    assertThat(out).hasToString("a \\\"b\\\"\\\\\\n\té");
    assertThat(LabelText.name("if-gsn.2")).isEqualTo("if_gsn_2");
    assertThat(LabelText.name("2x")).isEqualTo("_x");
    assertThat(LabelText.name("ifMtu")).isSameAs("ifMtu");
  }
}
