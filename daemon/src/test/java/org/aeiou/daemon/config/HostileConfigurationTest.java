package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in the file: the outcome is a configuration or lines for a person, no exception. */
class HostileConfigurationTest {
  private static final String GOOD =
      """
      mount: {owner: root, mode: "0444"}
      ttl: {state: 15s, attributes: {ifOperStatus: 2s}}
      defaults: {snmp: {version: 3, user: ops, auth: {protocol: SHA, pass: "longenough"}}}
      systems:
        core1: {address: "10.0.0.1:161"}
        lon/edge7:
          address: '[::1]:161'
      """;

  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "a: &x ", "!!map {b: "})
  void deepNestingIsAnError(String opening) throws Exception {
    assertThat(files.errors(opening.repeat(20_000))).hasSize(1);
  }

  @Test
  void nestingInBlocksIsBoundedToo() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int depth = 0; depth < 200; depth++) {
      text.append(" ".repeat(depth)).append("a:\n");
    }
    assertThat(files.errors(text.toString()))
        .singleElement()
        .asString()
        .endsWith("this is nested deeper than 8 levels");
  }

  @Test
  void aliasesAreRefusedSoThatNothingMultiplies() throws Exception {
    assertThat(
            files.errors(
                """
                a: &a [x, x, x, x, x, x, x, x, x]
                b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
                systems: {core1: *b}
                """))
        .contains(
            "net.yaml:3: systems.core1: aliases ('*name') are not supported; write the value again")
        .hasSizeLessThan(20);
  }

  @Test
  void mergeKeysAreRefused() throws Exception {
    assertThat(files.errors("systems: {core1: {address: a, <<: {snmp: {version: 1}}}}"))
        .containsExactly(
            "net.yaml:1: systems.core1.<<: is not a key here; expected one of address, profiles,"
                + " snmp, ttl, charset, budget, write");
  }

  @Test
  void aSecondDocumentIsRefused() throws Exception {
    assertThat(files.errors(GOOD + "---\n" + GOOD))
        .containsExactly("net.yaml:9: a second document begins here; expected one");
  }

  @Test
  void hugeTextsAreCutInMessages() throws Exception {
    String huge = "x".repeat(5_000_000);
    assertThat(
            files.errors(
                "mount: {mode: " + huge + "}\n? " + huge + "\n: 1\nsystems: {? " + huge + " : 2}"))
        .hasSize(4)
        .allMatch(error -> error.length() < 500);
  }

  @Test
  void messagesHoldNothingThatATerminalObeys() throws Exception {
    assertThat(
            files.errors("systems: {\"a\\e[2J\\u202e\\u2028\\r\\nb\": {address: \"\\e]0;x\\a\"}}"))
        .hasSize(2)
        .allMatch(error -> error.matches("[\\x20-\\x7e]+"));
  }

  @Test
  void halvesOfCharactersAreNoNames() throws Exception {
    assertThat(files.errors("systems: {\"a\\ud800\": {address: a}}")).isNotEmpty();
  }

  @Test
  void whatIsNotUtf8IsNamedWithItsLine() throws Exception {
    assertThat(files.errors("systems:\n  zürich: {address: a}".getBytes(ISO_8859_1)))
        .containsExactly("net.yaml:2: this is not a text in UTF-8; expected one");
    assertThat(files.errors(GOOD.getBytes(UTF_16)))
        .containsExactly("net.yaml:1: this is not a text in UTF-8; expected one");
    byte[] cut = "systems: {ü".getBytes(UTF_8);
    assertThat(files.errors(java.util.Arrays.copyOf(cut, cut.length - 1)))
        .containsExactly("net.yaml:1: this is not a text in UTF-8; expected one");
  }

  @Test
  void charactersThatYamlForbidsAreNamedWithTheirLine() throws Exception {
    assertThat(files.errors("systems:\n  😀: {address: a}\n  b\u0000: {address: a}"))
        .containsExactly("net.yaml:3: this is not YAML: the character U+0000 is not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!int +",
        "a: !!int +",
        "a: !!int ''",
        "a: !!binary ////===",
        "a: !!float .",
        "a: !!bool x",
        "a: !!int 0b2",
        "a: !!null x",
        "? [a]\n: b",
        "{a: b}: c",
        "*x : y",
        "- a\nb: c",
        "a: b: c",
        "a: |9\n x",
        "%YAML 9.9\n---\na: b",
        "&a &b c",
        "\t",
        "a:\n\t- b",
        "'",
        "\"\\x",
        "...",
        "---",
        ": ",
        "a: \"\\ud800\"",
        "!<tag:x> y",
        "{,}",
        "[,]",
        "a: 0x",
        "a: +",
        "a: 1e",
        "~: ~",
        "null"
      })
  void oddYamlEndsInAMessage(String text) throws Exception {
    assertThat(files.errors(text)).isNotEmpty().allMatch(error -> error.startsWith("net.yaml"));
  }

  @Test
  void randomOctetsEndInAMessage() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      byte[] octets = new byte[random.nextInt(400)];
      random.nextBytes(octets);
      assertThat(files.errors(octets)).isNotEmpty();
    }
  }

  @Test
  void damagedFilesEndInAConfigurationOrAMessage() throws Exception {
    Random random = new Random(2);
    String odd = "{}[]:,-?&*!|>'\"%@`#\n\t \\$.0~<é\u0007";
    for (int i = 0; i < 3_000; i++) {
      StringBuilder text = new StringBuilder(GOOD);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(text.length());
        String replacement = odd.substring(random.nextInt(odd.length()));
        switch (random.nextInt(4)) {
          case 0 -> text.setCharAt(at, replacement.charAt(0));
          case 1 -> text.insert(at, replacement.charAt(0));
          case 2 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
          default -> text.insert(at, text.substring(0, random.nextInt(text.length())));
        }
      }
      assertThat(files.errors(text.toString()))
          .allMatch(error -> error.startsWith("net.yaml"))
          .noneMatch(error -> error.contains("longenough"));
    }
  }
}
