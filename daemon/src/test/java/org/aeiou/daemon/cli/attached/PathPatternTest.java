package org.aeiou.daemon.cli.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          core*        | core1            | true
          core*        | core             | true
          core*        | score1           | false
          *            | .health          | false
          .*           | .health          | true
          [.]*         | .health          | false
          ?            | é                | true
          eth?         | eth10            | false
          eth[0-9]     | eth7             | true
          eth[!0-9]    | eth7             | false
          eth[^0-9]    | ethx             | true
          []x]         | ]                | true
          [!]]         | ]                | false
          [a-]         | -                | true
          [z-a]        | z                | true
          [&&]         | &                | true
          [\\]         | \\                | true
          Gi1∕0∕*      | Gi1∕0∕6          | true
          a.c          | abc              | false
          a[b          | a[b              | true
          \\*          | *                | true
          \\*          | x                | false
          x\\?*        | x?y              | true
          """)
  void aNameMatchesAsInAShell(String pattern, String name, boolean expected) {
    assertThat(PathPattern.part(pattern).matches(name))
        .as("%s against %s", name, pattern)
        .isEqualTo(expected);
  }

  @Test
  void whatMeansSomethingInARegularExpressionIsAText() {
    assertThat(PathPattern.part("(a|b)+$").matches("(a|b)+$")).isTrue();
    assertThat(PathPattern.part("*(a|b)+$").matches("x(a|b)+$")).isTrue();
    assertThat(PathPattern.part("*\\\\E*").matches("a\\Eb")).isTrue();
    assertThat(PathPattern.part("*\\\\E*").matches("aEb")).isFalse();
    assertThat(PathPattern.part("*\n*").matches("a\nb")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          a/{b,c}             | a/b a/c
          {a,b}/{c,d}         | a/c a/d b/c b/d
          a{b,{c,d}e}f        | abf acef adef
          if{In,Out}Octets    | ifInOctets ifOutOctets
          {,b}c               | c bc
          {a}                 | {a}
          {a,b                | {a,b
          a}b                 | a}b
          \\{a,b}             | \\{a,b}
          {a{b,c}}            | {ab} {ac}
          """)
  void bracesStandForEachOfTheirAlternatives(String text, String expected) {
    assertThat(PathPattern.of(text))
        .extracting(PathPattern::toString)
        .isEqualTo(List.of(expected.split(" ", -1)));
  }

  @Test
  void namesThatSayNothingAreLeftOut() {
    PathPattern pattern = PathPattern.of("//core1/./system//sysName/").get(0);
    assertThat(pattern.isPattern()).isFalse();
    assertThat(pattern.path()).isEqualTo("core1/system/sysName");
    assertThat(PathPattern.of("/").get(0).path()).isEmpty();
  }

  @Test
  void moreAlternativesThanAnyPersonMeansAreRefused() {
    assertThatThrownBy(() -> PathPattern.of("{a,b,c,d,e,f,g,h,i,j}".repeat(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10000");
  }

  @ParameterizedTest
  @CsvSource({
    "eth2, eth10, -1",
    "eth10, eth10, 0",
    "eth010, eth10, -1",
    "core1/x, core10/a, -1",
    "core1/x, core1-a/a, -1",
    "a, b, -1",
    "a, a1, -1",
    "99999999999999999999, 100000000000000000000, -1"
  })
  void numbersInNamesAreComparedAsNumbers(String first, String second, int order) {
    assertThat(Integer.signum(NaturalOrder.INSTANCE.compare(first, second))).isEqualTo(order);
    assertThat(Integer.signum(NaturalOrder.INSTANCE.compare(second, first))).isEqualTo(-order);
  }
}
