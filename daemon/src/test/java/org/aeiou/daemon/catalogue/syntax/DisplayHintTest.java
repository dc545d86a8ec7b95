package org.aeiou.daemon.catalogue.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.Value.NumberType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 2579, section 3.1. */
class DisplayHintTest {

  @ParameterizedTest(name = "{0} of {1} reads {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          255a                        | 686f73742031                     | host 1
          255t                        | 42c3bc726f                       | Büro
          1x:                         | 001122aabbcc                     | 00:11:22:aa:bb:cc
          1x:                         | 07                               | 07
          2x                          | 8001                             | 8001
          2x.1x:                      | 8000001e14010203                 | 8000.00:1e:14:01:02:03
          1d.1d.1d.1d                 | 0a000001                         | 10.0.0.1
          1d.1d.1d.1d/2d              | 0a00000100a1                     | 10.0.0.1/161
          1d.1d.1d.1d%4d              | 0a00000100000007                 | 10.0.0.1%7
          4d                          | ffffffff                         | 4294967295
          9d                          | ffffffffffffffffff               | 4722366482869645213695
          1o.                         | 08ff                             | 10.377
          0a[2x:2x]0a:2d              | fe80000100a1                     | [fe80:0001]:161
          4x-2x-2x-1x1x-6x            | 00112233445566778899aabbccddeeff | 00112233-4455-6677-8899-aabbccddeeff
          *1x:/1x:                    | 02aabb0102                       | aa:bb/01:02
          *1x:/1x:                    | 00aabb                           | /aa:bb
          *1d.;                       | 020102010301                     | 1.2;3;
          """)
  void showsOctetsAsTheHintSays(String hint, String hex, String shown) {
    assertThat(OctetHint.parse(hint).apply(HexFormat.of().parseHex(hex))).isEqualTo(shown);
  }

  @Test
  void showsTheExamplesOfDateAndTime() {
    OctetHint hint = OctetHint.parse("2d-1d-1d,1d:1d:1d.1d,1a1d:1d");
    byte[] date = HexFormat.of().parseHex("07c8051a0d1e0f002d0400");
    // "For example, Tuesday May 26, 1992 at 1:30:15 PM EDT would be displayed as:"
    assertThat(hint.apply(date)).isEqualTo("1992-5-26,13:30:15.0,-4:0");
    // "If only local time is known, then timezone information (fields 8-10) is not present."
    assertThat(hint.apply(Arrays.copyOf(date, 8))).isEqualTo("1992-5-26,13:30:15.0");
  }

  @Test
  void appliesTheLastSpecificationAgainWhileThereAreOctetsLeft() {
    assertThat(OctetHint.parse("1d.2x-").apply(new byte[] {1, 2, 3, 4, 5, 6}))
        .isEqualTo("1.0203-0405-06");
  }

  @Test
  void stopsWhereTheOctetsEnd() {
    assertThat(OctetHint.parse("1d.1d.1d.1d").apply(new byte[] {10, 1})).isEqualTo("10.1");
    assertThat(OctetHint.parse("1x:").apply(new byte[0])).isEmpty();
    assertThat(OctetHint.parse("*2x:").apply(new byte[] {5, 1, 2, 3})).isEqualTo("0102:03");
    assertThat(OctetHint.parse("*2x:").apply(new byte[] {5})).isEmpty();
  }

  @Test
  void aLastSpecificationThatTakesNothingIsNotAppliedForEver() {
    assertThat(OctetHint.parse("1x0a-").apply(new byte[] {1, 2, 3})).isEqualTo("01");
    assertThat(OctetHint.parse("*0a-").apply(new byte[] {2, 0, 1})).isEqualTo("--");
  }

  @Test
  void showsNoControlCharacters() {
    assertThat(OctetHint.parse("1a1x").apply(new byte[] {27, 7})).isEqualTo("\uFFFD07");
    assertThat(OctetHint.parse("3t:").apply("a\u202eb".getBytes(UTF_8))).doesNotContain("\u202e");
  }

  @Test
  void showsSixtyFourKibibytesAtOnce() {
    assertThat(OctetHint.parse("1x:").apply(new byte[65536])).hasSize(3 * 65536 - 1);
    assertThat(OctetHint.parse("65535d").apply(new byte[65535])).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "1", "1z", "255", "1x:2", "*", "*x", "999999a", "d", "1x::"})
  void refusesWhatIsNoHintForOctets(String hint) {
    assertThatThrownBy(() -> OctetHint.parse(hint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + hint + "' is not a display hint for octets; expected");
  }

  @ParameterizedTest(name = "{0} of {1} reads {2}")
  @CsvSource({
    "d, 1234, 1234",
    "d, -5, -5",
    "d-2, 1234, 12.34",
    "d-2, -1234, -12.34",
    "d-2, 5, 0.05",
    "d-1, 0, 0.0",
    "d-0, 7, 7",
    "x, 255, ff",
    "x, -255, -ff",
    "o, 8, 10",
    "b, 5, 101",
  })
  void showsNumbersAsTheHintSays(String hint, long number, String shown) {
    assertThat(NumberHint.parse(hint).apply(new Value.Numeric(NumberType.INTEGER, number)))
        .isEqualTo(shown);
  }

  @Test
  void showsCountersAsUnsigned() {
    Value.Numeric highest = new Value.Numeric(NumberType.COUNTER64, -1);
    assertThat(NumberHint.parse("d").apply(highest)).isEqualTo("18446744073709551615");
    assertThat(NumberHint.parse("d-3").apply(highest)).isEqualTo("18446744073709551.615");
    assertThat(NumberHint.parse("x").apply(highest)).isEqualTo("ffffffffffffffff");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "d-", "d-x", "1d", "x-2", "d-100"})
  void refusesWhatIsNoHintForNumbers(String hint) {
    assertThatThrownBy(() -> NumberHint.parse(hint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a display hint for numbers; expected d, d-2");
  }
}
