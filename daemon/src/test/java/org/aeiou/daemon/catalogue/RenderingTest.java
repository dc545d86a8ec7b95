package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.aeiou.daemon.catalogue.syntax.PlainText;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RenderingTest {
  private static final String FILE =
      """
      syntaxes:
        InterfaceStatus: {is: INTEGER, labels: up(1) down(2)}
        Tenths: {is: Integer32, hint: d-1}
        Capabilities: {is: BITS, labels: other(0) repeater(1) bridge(2) last(9)}
        PrinterState: {is: OCTET STRING, format: bits, labels: lowPaper(0)}
        ChassisId: {is: OCTET STRING, binary-hint: "1x:"}
      groups:
        all:
          probe: 1.3
          scalars:
      """;

  private static final List<String> TYPES =
      List.of(
          "INTEGER",
          "Counter32",
          "Counter64",
          "TimeTicks",
          "OCTET STRING",
          "BITS",
          "IpAddress",
          "Opaque",
          "OBJECT IDENTIFIER",
          "InterfaceStatus",
          "Tenths",
          "Capabilities",
          "PrinterState",
          "ChassisId",
          "DisplayString",
          "SnmpAdminString",
          "MacAddress",
          "PhysAddress",
          "DateAndTime",
          "InetAddress",
          "TruthValue");

  private static final Catalogue CATALOGUE = catalogue();

  private static Catalogue catalogue() {
    StringBuilder text = new StringBuilder(FILE);
    for (int i = 0; i < TYPES.size(); i++) {
      text.append("      a%d: {oid: 1.3.%d, type: %s}\n".formatted(i, i, TYPES.get(i)));
    }
    return new CatalogueLoader()
        .addResource("conventions.yaml")
        .addText("test", text.toString())
        .catalogue();
  }

  private static Syntax syntax(String type) {
    return CATALOGUE.group("all").attribute("a" + TYPES.indexOf(type)).syntax();
  }

  private static Value number(NumberType type, long number) {
    return new Value.Numeric(type, number);
  }

  private static Value octets(String hex) {
    return octets(OctetsType.OCTETS, hex);
  }

  private static Value octets(OctetsType type, String hex) {
    return new Value.Octets(type, HexFormat.of().parseHex(hex));
  }

  private static Value real(String digits) {
    byte[] text = digits.getBytes(UTF_8);
    byte[] octets = new byte[text.length + 3];
    octets[0] = 9;
    octets[1] = (byte) (text.length + 1);
    octets[2] = 3;
    System.arraycopy(text, 0, octets, 3, text.length);
    return new Value.Octets(OctetsType.OPAQUE, octets);
  }

  private static Value text(String text) {
    return new Value.Octets(OctetsType.OCTETS, text.getBytes(UTF_8));
  }

  private static Value latin1(String text) {
    return new Value.Octets(OctetsType.OCTETS, text.getBytes(ISO_8859_1));
  }

  /** The beginning of what a system answered. */
  private static Value cut(String text, int answered) {
    return new Value.Octets(OctetsType.OCTETS, text.getBytes(UTF_8), answered);
  }

  static Stream<Arguments> renderings() {
    return Stream.of(
        // Numbers as numbers, the unsigned ones unsigned.
        arguments("INTEGER", number(NumberType.INTEGER, -2147483648), "-2147483648"),
        arguments("Counter32", number(NumberType.COUNTER32, 4294967295L), "4294967295"),
        arguments("Counter64", number(NumberType.COUNTER64, -1), "18446744073709551615"),
        arguments("TimeTicks", number(NumberType.TIME, 4294967295L), "4294967295"),
        arguments("Tenths", number(NumberType.INTEGER, 215), "21.5"),
        // What was cut says so, and of how much.
        arguments("DisplayString", cut("abc", 300), "abc… [cut: the system answered 300 octets]"),
        arguments("OCTET STRING", cut("\1", 300), "01… [cut: the system answered 300 octets]"),
        // Enumerations as their label; a number without one as the number.
        arguments("InterfaceStatus", number(NumberType.INTEGER, 1), "up"),
        arguments("InterfaceStatus", number(NumberType.GAUGE, 2), "down"),
        arguments("InterfaceStatus", number(NumberType.INTEGER, 3), "3"),
        arguments("TruthValue", number(NumberType.INTEGER, 1), "true"),
        // Octets without a hint: text if it is, else hexadecimal.
        arguments("OCTET STRING", text("core1"), "core1"),
        arguments("OCTET STRING", text("Zürich ∕ 東京"), "Zürich ∕ 東京"),
        arguments("OCTET STRING", text(""), ""),
        arguments("OCTET STRING", text("core1\0\0"), "core1"),
        arguments("OCTET STRING", octets("0000"), "00 00"),
        arguments("OCTET STRING", octets("deadbeef"), "de ad be ef"),
        arguments("OCTET STRING", octets("410042"), "41 00 42"),
        arguments("OCTET STRING", octets("1b5b33316d"), "1b 5b 33 31 6d"),
        arguments("OCTET STRING", text("a\u202eb"), "61 e2 80 ae 62"),
        arguments("OCTET STRING", latin1("Zürich"), "5a fc 72 69 63 68"),
        arguments("OCTET STRING", octets("c328"), "c3 28"),
        arguments("ChassisId", text("core1"), "core1"),
        arguments("ChassisId", octets("001122aabbcc"), "00:11:22:aa:bb:cc"),
        // Text keeps its lines, with one kind of line end and none at its own end.
        arguments("DisplayString", text("Cisco IOS\r\nVersion 12\r\n"), "Cisco IOS\nVersion 12"),
        arguments("DisplayString", text("a\rb\n\n"), "a\nb"),
        arguments("DisplayString", text("a\tb  "), "a\tb  "),
        arguments("DisplayString", text("Zürich"), "Zürich"),
        arguments("DisplayString", latin1("Zürich"), "Zürich"),
        arguments("DisplayString", octets("0000"), ""),
        arguments("DisplayString", octets("001122"), "00 11 22"),
        arguments("DisplayString", octets("9b33316d"), "9b 33 31 6d"),
        arguments("SnmpAdminString", text("東京\0"), "東京"),
        // Octets with a hint.
        arguments("MacAddress", octets("001122334455"), "00:11:22:33:44:55"),
        arguments("MacAddress", text("abcdef"), "61:62:63:64:65:66"),
        arguments("DateAndTime", octets("07c8051a0d1e0f00"), "1992-5-26,13:30:15.0"),
        arguments("DateAndTime", octets("07c8051a0d1e0f002d0400"), "1992-5-26,13:30:15.0,-4:0"),
        // Of a date that is none: text if it is text, else what is there; all zeros say nothing.
        arguments("DateAndTime", text("2019-10-1,4:52:5.0,-4:0"), "2019-10-1,4:52:5.0,-4:0"),
        arguments("DateAndTime", text("05/17/18"), "05/17/18"),
        arguments("DateAndTime", text("17-May-2018"), "17-May-2018"),
        arguments("DateAndTime", octets("07c8051a"), "07 c8 05 1a"),
        arguments("DateAndTime", octets("07c8051a0d1e0f002d04"), "07 c8 05 1a 0d 1e 0f 00 2d 04"),
        arguments("DateAndTime", octets("07e2000000000000"), "2018-0-0,0:0:0.0"),
        arguments("DateAndTime", octets("0000000000000000"), ""),
        arguments("DateAndTime", octets("0000000000000000000000"), ""),
        arguments("DateAndTime", octets("00"), ""),
        arguments("DateAndTime", octets(""), ""),
        // The same of other types that have a size, where agents send text.
        arguments("MacAddress", text("00:11:22:33:44:55"), "00:11:22:33:44:55"),
        arguments("MacAddress", octets("0011223344556677"), "00:11:22:33:44:55:66:77"),
        // Bits by name, those without one by number.
        arguments("Capabilities", octets("60"), "repeater bridge"),
        arguments("Capabilities", octets("a0c0"), "other bridge 8 last"),
        arguments("Capabilities", octets("0000"), ""),
        arguments("Capabilities", octets(""), ""),
        arguments("PrinterState", octets("c0"), "lowPaper 1"),
        // Addresses.
        arguments("IpAddress", octets(OctetsType.ADDRESS, "0a000001"), "10.0.0.1"),
        arguments("IpAddress", octets("0a000001"), "10.0.0.1"),
        arguments("OCTET STRING", octets(OctetsType.ADDRESS, "0a000001"), "10.0.0.1"),
        arguments("InetAddress", octets(""), ""),
        arguments("InetAddress", octets("7f000001"), "127.0.0.1"),
        arguments("InetAddress", octets("fe800000000000000000000000000001"), "fe80::1"),
        arguments("InetAddress", octets("00000000000000000000ffff0a000001"), "::ffff:a00:1"),
        arguments("InetAddress", octets("a9fe000100000007"), "169.254.0.1%7"),
        arguments("InetAddress", octets("fe80000000000000000000000000000100000003"), "fe80::1%3"),
        arguments(
            "InetAddress", text("host.example.org"), "686f:7374:2e65:7861:6d70:6c65:2e6f:7267"),
        arguments("InetAddress", text("www.example.org"), "www.example.org"),
        arguments("InetAddress", octets("0a0001"), "0a 00 01"),
        // Object identifiers.
        arguments("OBJECT IDENTIFIER", new Value.Identifier(Oid.parse("1.3.6.1")), "1.3.6.1"),
        arguments("OBJECT IDENTIFIER", new Value.Identifier(Oid.EMPTY), ""),
        // Opaque: Net-SNMP's numbers, else hexadecimal.
        arguments("Opaque", octets(OctetsType.OPAQUE, "9f78043e19999a"), "0.15"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "9f7804501502f9"), "10000000000"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "9f78047fc00000"), "NaN"),
        arguments(
            "Opaque", octets(OctetsType.OPAQUE, "9f7908400921fb54442d18"), "3.141592653589793"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "9f7904400921fb"), "9f 79 04 40 09 21 fb"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "9f7a02ff38"), "-200"),
        arguments(
            "Opaque",
            octets(OctetsType.OPAQUE, "9f7b0900ffffffffffffffff"),
            "18446744073709551615"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "9f7605ffffffffff"), "1099511627775"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "0403616263"), "04 03 61 62 63"),
        // ASN.1's REAL in decimal digits, as Arista's laLoadFloat has it; not in binary ones.
        arguments("Opaque", real("28000000000000004E-17"), "0.28000000000000004"),
        arguments("Opaque", real("45E-2"), "0.45"),
        arguments("Opaque", real(" -12"), "-12"),
        arguments("Opaque", real("1,5"), "1.5"),
        arguments("Opaque", real("1-2"), "09 04 03 31 2d 32"),
        arguments("Opaque", real("1E99999"), "09 08 03 31 45 39 39 39 39 39"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "0903c00001"), "09 03 c0 00 01"),
        arguments("Opaque", octets(OctetsType.OPAQUE, "9f78"), "9f 78"),
        // What the definition does not expect reads as what it is.
        arguments("InterfaceStatus", text("up"), "up"),
        arguments("InterfaceStatus", octets("ff00"), "ff 00"),
        arguments("Counter32", new Value.Identifier(Oid.of(1, 3)), "1.3"),
        arguments("DisplayString", number(NumberType.COUNTER32, 7), "7"),
        arguments("Capabilities", number(NumberType.INTEGER, 1), "1"),
        arguments("OBJECT IDENTIFIER", text("none"), "none"),
        arguments("DisplayString", octets(OctetsType.OPAQUE, "9f78043f800000"), "1.0"),
        arguments("MacAddress", new Value.Guarded(octets("0a0b"), null), "0a:0b"),
        arguments("MacAddress", new Value.Rows(List.of()), "0 rows"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("renderings")
  void aValueReadsAsItsSyntaxSays(String type, Value value, String expected) {
    assertThat(new String(syntax(type).render(value, ISO_8859_1), UTF_8)).isEqualTo(expected);
  }

  private static final Charset GBK = Charset.forName("GBK");

  @Test
  void textThatIsNotUtf8ReadsInTheCharacterSetOfItsSystem() {
    Value room = octets("bbfab7bf"); // 机房
    assertThat(syntax("DisplayString").render(room, GBK)).asString(UTF_8).isEqualTo("机房");
    assertThat(syntax("SnmpAdminString").render(room, GBK)).asString(UTF_8).isEqualTo("机房");
    assertThat(syntax("DisplayString").render(room, ISO_8859_1)).asString(UTF_8).isEqualTo("»ú·¿");
    assertThat(syntax("DisplayString").render(octets("5ad4c60000"), GBK))
        .as("padded")
        .asString(UTF_8)
        .isEqualTo("Z云");
  }

  @Test
  void textThatIsUtf8ReadsAsItIsWhateverTheCharacterSet() {
    assertThat(syntax("DisplayString").render(text("机房 1"), GBK)).asString(UTF_8).isEqualTo("机房 1");
    assertThat(syntax("DisplayString").render(text("core1"), GBK))
        .asString(UTF_8)
        .isEqualTo("core1");
    assertThat(syntax("DisplayString").render(octets("1b5b33316d"), GBK))
        .asString(UTF_8)
        .isEqualTo("1b 5b 33 31 6d");
  }

  @Test
  void whatIsNoTextInTheCharacterSetEitherReadsAsWithoutOne() {
    assertThat(syntax("DisplayString").render(octets("5afc"), GBK)).asString(UTF_8).isEqualTo("Zü");
    assertThat(syntax("DisplayString").render(octets("80ff"), GBK))
        .asString(UTF_8)
        .isEqualTo("80 ff");
  }

  @Test
  void octetsThatNoHintCallsTextAreNotReadInTheCharacterSet() {
    Value address = octets("bbfab7bf");
    assertThat(syntax("OCTET STRING").render(address, GBK))
        .asString(UTF_8)
        .isEqualTo("bb fa b7 bf");
    assertThat(syntax("ChassisId").render(address, GBK)).asString(UTF_8).isEqualTo("bb:fa:b7:bf");
    assertThat(syntax("MacAddress").render(address, GBK)).asString(UTF_8).isEqualTo("bb:fa:b7:bf");
  }

  @Test
  void anyOctetsHaveARenderingInAnySyntax() {
    Random random = new Random(7);
    for (String type : TYPES) {
      for (OctetsType octetsType : OctetsType.values()) {
        for (int i = 0; i < 200; i++) {
          byte[] octets = new byte[random.nextInt(30)];
          random.nextBytes(octets);
          String text =
              new String(
                  syntax(type).render(new Value.Octets(octetsType, octets), ISO_8859_1), UTF_8);
          assertThat(text.codePoints()).allMatch(PlainText::isPrintable);
        }
      }
    }
  }

  @Test
  void valuesOfSixtyFourKibibytesAreWhole() {
    byte[] large = new byte[65536];
    Arrays.fill(large, (byte) 'a');
    Value value = new Value.Octets(OctetsType.OCTETS, large);
    assertThat(syntax("DisplayString").render(value, ISO_8859_1)).isEqualTo(large);
    assertThat(syntax("OCTET STRING").render(value, ISO_8859_1)).isEqualTo(large);
    assertThat(syntax("PhysAddress").render(value, ISO_8859_1)).hasSize(3 * large.length - 1);
  }

  @Test
  void whatNoFileDefinesReadsAsWhatItIs() {
    Syntax undefined = Catalogue.undefined();
    assertThat(undefined.render(text("eth0"), ISO_8859_1)).asString(UTF_8).isEqualTo("eth0");
    assertThat(undefined.render(octets("00ff"), ISO_8859_1)).asString(UTF_8).isEqualTo("00 ff");
    assertThat(undefined.render(number(NumberType.COUNTER64, -1), ISO_8859_1))
        .asString(UTF_8)
        .isEqualTo("18446744073709551615");
    assertThat(undefined.labels()).isEmpty();
    assertThat(Catalogue.typeOf(number(NumberType.GAUGE, 1))).isEqualTo("Gauge32");
    assertThat(Catalogue.typeOf(octets("00"))).isEqualTo("OCTET STRING");
    assertThat(Catalogue.typeOf(new Value.Identifier(Oid.EMPTY))).isEqualTo("OBJECT IDENTIFIER");
  }

  @Test
  void aSyntaxSaysItsNameAndOnlyAnEnumerationHasLabels() {
    assertThat(syntax("InterfaceStatus").type()).isEqualTo("InterfaceStatus");
    assertThat(syntax("InterfaceStatus").labels()).containsOnlyKeys(1L, 2L);
    assertThat(syntax("Capabilities").labels()).isEmpty();
  }
}
