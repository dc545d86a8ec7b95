package org.aeiou.daemon.catalogue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.aeiou.daemon.backend.Value.OctetsType;
import org.aeiou.daemon.catalogue.syntax.NoValueException;
import org.aeiou.daemon.catalogue.syntax.Syntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts as values: what reading gives can be written, and what is no value is told apart. */
class TextValuesTest {
  private static final List<String> TYPES =
      List.of(
          "INTEGER",
          "Integer32",
          "Unsigned32",
          "Gauge32",
          "Counter32",
          "Counter64",
          "TimeTicks",
          "OCTET STRING",
          "BITS",
          "IpAddress",
          "Opaque",
          "OBJECT IDENTIFIER",
          "AdminStatus",
          "Tenths",
          "Mask",
          "Ranged",
          "ZeroOr",
          "Capabilities",
          "ShortText",
          "DisplayString",
          "SnmpAdminString",
          "MacAddress",
          "PhysAddress",
          "DateAndTime",
          "InetAddress",
          "TruthValue",
          "Dotted");

  private static final Catalogue CATALOGUE = catalogue();

  private static Catalogue catalogue() {
    StringBuilder text =
        new StringBuilder(
            """
            syntaxes:
              AdminStatus: {is: INTEGER, labels: up(1) down(2) testing(3)}
              Tenths: {is: Integer32, hint: d-1}
              Mask: {is: Unsigned32, hint: x}
              Ranged: {is: Integer32, range: 1..10 | 20}
              ZeroOr: {is: Integer32, labels: none(0), range: 5..9}
              Capabilities: {is: BITS, labels: other(0) repeater(1) bridge(2) last(9)}
              ShortText: {is: DisplayString, range: 0..8}
              Dotted: {is: OCTET STRING, hint: 1d.1d.1d.1d/2d}
            groups:
              all:
                probe: 1.3
                scalars:
            """);
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

  private static Value integer(long number) {
    return number(NumberType.INTEGER, number);
  }

  private static Value octets(String hex) {
    return octets(OctetsType.OCTETS, hex);
  }

  private static Value octets(OctetsType type, String hex) {
    return new Value.Octets(type, HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static Value text(String text) {
    return new Value.Octets(OctetsType.OCTETS, text.getBytes(UTF_8));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("AdminStatus", "down", integer(2)),
        arguments("AdminStatus", "down\n", integer(2)),
        arguments("AdminStatus", " 2 \n", integer(2)),
        arguments("TruthValue", "true", integer(1)),
        arguments("Integer32", "-2147483648", integer(Integer.MIN_VALUE)),
        arguments("Unsigned32", "4294967295", number(NumberType.GAUGE, 0xFFFF_FFFFL)),
        arguments("Counter64", "18446744073709551615", number(NumberType.COUNTER64, -1)),
        arguments("TimeTicks", "100", number(NumberType.TIME, 100)),
        arguments("Tenths", "12.5", integer(125)),
        arguments("Tenths", "-0.1", integer(-1)),
        arguments("Tenths", "12", integer(120)),
        arguments("Mask", "ff", number(NumberType.GAUGE, 255)),
        arguments("Mask", "0xFF", number(NumberType.GAUGE, 255)),
        arguments("Ranged", "20", integer(20)),
        arguments("ZeroOr", "none", integer(0)),
        arguments("ZeroOr", "0", integer(0)),
        arguments("ZeroOr", "7", integer(7)),
        arguments("Capabilities", "repeater last", octets("4040")),
        arguments("Capabilities", "1, 9", octets("4040")),
        arguments("Capabilities", "\n", octets("0000")),
        arguments("DisplayString", "Rack 7\n", text("Rack 7")),
        arguments("DisplayString", "two\nlines\n", text("two\nlines")),
        arguments("DisplayString", "", text("")),
        arguments("DisplayString", "0x4142", text("0x4142")),
        arguments("SnmpAdminString", "Zürich", text("Zürich")),
        arguments("OCTET STRING", "a text", text("a text")),
        arguments("OCTET STRING", "de ad be ef", octets("deadbeef")),
        arguments("OCTET STRING", "0xDEADbeef", octets("deadbeef")),
        arguments("OCTET STRING", "de", text("de")),
        arguments("PhysAddress", "0:1b:FF", octets("001bff")),
        arguments("PhysAddress", "0x001bff", octets("001bff")),
        arguments("PhysAddress", "", octets("")),
        arguments("MacAddress", "00:11:22:33:44:55", octets("001122334455")),
        arguments("Dotted", "10.0.0.1/8080", octets("0a0000011f90")),
        arguments("IpAddress", "10.0.0.1", octets(OctetsType.ADDRESS, "0a000001")),
        arguments("InetAddress", "fe80::1", octets("fe80000000000000 0000000000000001")),
        arguments("InetAddress", "10.0.0.1", octets("0a000001")),
        arguments("DateAndTime", "2026-11-22,8:50:7.0", octets("07ea0b16 08320700")),
        arguments("DateAndTime", "2026-11-22,8:50:7.0,-1:30", octets("07ea0b16 08320700 2d011e")),
        arguments("Opaque", "0x0102", octets(OctetsType.OPAQUE, "0102")),
        arguments("OBJECT IDENTIFIER", "1.3.6.1", new Value.Identifier(Oid.parse("1.3.6.1"))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aTextIsTheValueThatReadsSo(String type, String text, Value expected) throws Exception {
    assertThat(syntax(type).parse(text, ISO_8859_1)).isEqualTo(expected);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        arguments(
            "AdminStatus",
            "sideways",
            "'sideways' is no value; expected up(1), down(2), testing(3), or the number of one"),
        arguments(
            "AdminStatus",
            "dwon",
            "'dwon' is no value; expected 'down', or up(1), down(2), testing(3), or the number of"
                + " one"),
        arguments(
            "AdminStatus",
            "4",
            "'4' is no value; expected up(1), down(2), testing(3), or the number of one"),
        arguments(
            "AdminStatus",
            "",
            "'' is no value; expected up(1), down(2), testing(3), or the number of one"),
        arguments("ZeroOr", "all", "'all' is no value; expected none(0), or a number"),
        arguments("Integer32", "ten", "'ten' is no value; expected a number"),
        arguments("Integer32", "0x10", "'0x10' is no value; expected a number"),
        arguments(
            "Tenths",
            "1.25",
            "'1.25' has too many decimal places; expected a number with at most 1 decimal places"),
        arguments(
            "Capabilities",
            "bridge wheel",
            "'wheel' is no bit; expected any of other(0), repeater(1), bridge(2), last(9)"),
        arguments(
            "Capabilities",
            "10",
            "'10' is no bit; expected any of other(0), repeater(1), bridge(2), last(9)"),
        arguments(
            "IpAddress", "10.0.0.300", "'10.0.0.300' is no address; expected one such as 10.0.0.1"),
        arguments(
            "IpAddress", "fe80::1", "'fe80::1' is no IPv4 address; expected one such as 10.0.0.1"),
        arguments("InetAddress", "host", "'host' is no address; expected one such as 10.0.0.1"),
        arguments(
            "OBJECT IDENTIFIER",
            "sysName",
            "'sysName' is no object identifier; expected numbers with dots between them"),
        arguments(
            "MacAddress",
            "00:11:zz",
            "'zz' is not expected there; expected octets as they read, or 0x and hexadecimal digits"),
        arguments(
            "MacAddress",
            "00:11:",
            "'' is not expected there; expected octets as they read, or 0x and hexadecimal digits"),
        arguments(
            "DateAndTime",
            "yesterday",
            "'yesterday' is no date; expected one such as 2026-11-22,8:50:07.0,+1:0, the zone may be left out"),
        arguments(
            "DisplayString",
            "a\u001b[31mb",
            "has a character that cannot be shown, number 2; expected text without controls"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void whatIsNoValueIsToldWithWhatWasExpected(String type, String text, String message) {
    NoValueException thrown = thrown(type, text);
    assertThat(thrown).hasMessage(message);
    assertThat(thrown.isOutOfRange()).isFalse();
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        arguments(
            "Integer32",
            "2147483648",
            "'2147483648' is out of range; expected -2147483648 to 2147483647"),
        arguments("Unsigned32", "-1", "'-1' is out of range; expected 0 to 4294967295"),
        arguments("Ranged", "11", "'11' is out of range; expected 1 to 10, 20"),
        arguments("ShortText", "too long a text", "has 15 octets; expected 0 to 8"),
        arguments("ShortText", "Zürich 99", "has 9 octets; expected 0 to 8"),
        arguments("MacAddress", "00:11:22", "has 3 octets; expected 6"),
        arguments("Dotted", "10.0.0.256/1", "'256' is out of range; expected 0 to 255"));
  }

  @ParameterizedTest
  @MethodSource("outOfRange")
  void whatIsTooLargeOrTooLongIsOutOfRange(String type, String text, String message) {
    NoValueException thrown = thrown(type, text);
    assertThat(thrown).hasMessage(message);
    assertThat(thrown.isOutOfRange()).isTrue();
  }

  private static NoValueException thrown(String type, String text) {
    return catchThrowableOfType(NoValueException.class, () -> syntax(type).parse(text, ISO_8859_1));
  }

  @Test
  void textIsInTheSystemsCharacterSetUnlessItWouldReadAsAnother() throws Exception {
    Charset gbk = Charset.forName("GBK");
    Syntax syntax = syntax("DisplayString");
    for (Charset charset : List.of(ISO_8859_1, gbk, UTF_8)) {
      for (String text : List.of("Zürich", "北京", "Ã¼", "plain")) {
        assertThat(new String(syntax.render(syntax.parse(text, charset), charset), UTF_8))
            .as("%s in %s", text, charset)
            .isEqualTo(text);
      }
    }
    assertThat(((Value.Octets) syntax.parse("北京", gbk)).octets()).hasSize(4);
    assertThat(((Value.Octets) syntax.parse("Zürich", ISO_8859_1)).octets()).hasSize(6);
  }

  @Test
  void whatReadsCanBeWritten() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 4000; i++) {
      byte[] six = new byte[6];
      random.nextBytes(six);
      byte[] four = new byte[4];
      random.nextBytes(four);
      assertReadsAsWritten("MacAddress", new Value.Octets(OctetsType.OCTETS, six));
      assertReadsAsWritten("Dotted", new Value.Octets(OctetsType.OCTETS, six));
      assertReadsAsWritten("InetAddress", new Value.Octets(OctetsType.OCTETS, four));
      assertReadsAsWritten("IpAddress", new Value.Octets(OctetsType.ADDRESS, four));
      assertReadsAsWritten("Integer32", integer(random.nextInt()));
      assertReadsAsWritten("Tenths", integer(random.nextInt()));
      assertReadsAsWritten("Mask", number(NumberType.GAUGE, random.nextInt() & 0xFFFF_FFFFL));
      assertReadsAsWritten("Counter64", number(NumberType.COUNTER64, random.nextLong()));
      assertReadsAsWritten("AdminStatus", integer(1 + random.nextInt(3)));
    }
  }

  private static void assertReadsAsWritten(String type, Value value) throws Exception {
    String text = new String(syntax(type).line(value, ISO_8859_1), UTF_8);
    assertThat(syntax(type).parse(text, ISO_8859_1)).as(type + " " + text).isEqualTo(value);
  }

  @Test
  void whateverIsWrittenIsAValueOrATellingMistake() {
    Random random = new Random(11);
    String characters = "0123456789abcdefx:.,+- \n\u0000üupdown";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(14); length > 0; length--) {
        text.append(characters.charAt(random.nextInt(characters.length())));
      }
      Syntax syntax = syntax(TYPES.get(random.nextInt(TYPES.size())));
      try {
        assertThat(syntax.parse(text.toString(), ISO_8859_1)).isNotNull();
      } catch (NoValueException e) {
        assertThat(e.getMessage()).contains("expected");
      }
    }
  }
}
