package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values at the edges of what can be meant, and where the lines of messages point. */
class ConfigurationBoundsTest {
  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1d", "1f", "0x1p3", ".nan", "NaN", "-1", "1e3", "1000.1", "٣"})
  void aGracePeriodIsAPlainNumber(String grace) throws IOException {
    assertThat(files.errors("ttl: {grace: " + grace + "}"))
        .containsExactly(
            "net.yaml:1: ttl.grace: '"
                + grace
                + "' is not a factor; expected a number from 0 to 1000: the grace period in TTLs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"+5", "٣", "0x5", "5.0", "99999999999", "''"})
  void aNumberIsPlainDigits(String number) throws IOException {
    assertThat(files.errors("defaults: {snmp: {retries: " + number + "}}"))
        .containsExactly(
            "net.yaml:1: defaults.snmp.retries: '"
                + number.replace("'", "")
                + "' is not a number from 0 to 20; expected one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "300.1.1.1",
        "10.0.0.010",
        "1234",
        ":161",
        "",
        " ",
        "[]",
        "[::1%]",
        "[::1%a b]",
        "[::1]161"
      })
  void whatOnlyLooksLikeAnAddressIsNone(String address) throws IOException {
    assertThat(files.errors("systems: {a: {address: \"" + address + "\"}}"))
        .containsExactly(
            "net.yaml:1: systems.a.address: '"
                + address
                + "' is not an address; use HOST or HOST:PORT, or [IPV6]:PORT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host:", "host:snmp", "host:-1", "[::1]:", "host:٣"})
  void aPortIsAPlainNumber(String address) throws IOException {
    assertThat(files.errors("systems: {a: {address: \"" + address + "\"}}"))
        .containsExactly(
            "net.yaml:1: systems.a.address: '"
                + address
                + "' has no port from 1 to 65535 behind the colon; expected HOST:PORT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1234", "0777", "0x1F", "1_000", "1.50", "yes", "1e3"})
  void aCommunityIsTextAlsoWhereYamlSeesANumber(String community) throws Exception {
    Configuration configuration =
        files.read("systems: {a: {address: a, snmp: {community: " + community + "}}}");
    assertThat(ConfigurationFolder.snmp(configuration.systems().get("a")).community().reveal())
        .isEqualTo(community);
  }

  @Test
  void aUserOfMoreThan32OctetsIsToldBeforeAnyAgentIs() throws Exception {
    String text = "systems: {a: {address: a, snmp: {version: 3, user: %s}}}";
    assertThat(files.errors(text.formatted("u".repeat(32)))).isEmpty();
    assertThat(files.errors(text.formatted("u" + "ü".repeat(16))))
        .containsExactly(
            "net.yaml:1: systems.a.snmp.user: is too long; expected at most 32 octets (RFC 3414)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0440", "\"0440\"", "440"})
  void aModeNeedsNoQuotes(String mode) throws Exception {
    assertThat(files.read("mount: {mode: " + mode + "}").mount().mode()).isEqualTo(0440);
  }

  @Test
  void windowsLineEndsDoNotMoveTheLines() throws Exception {
    assertThat(files.errors("mount: {}\r\nsystems:\r\n  a:\r\n    address: a b\r\n"))
        .singleElement()
        .asString()
        .startsWith("net.yaml:4: systems.a.address: 'a b' is not");
    assertThat(files.read("systems:\r\n  a:\r\n    address: h\r\n").systems()).hasSize(1);
  }

  @Test
  void whatVersion3LacksIsToldWhereTheSystemStandsAlsoIfTheDefaultsChoseIt() throws IOException {
    assertThat(
            files.errors(
                """
                defaults: {snmp: {version: 3}}
                systems:
                  a:
                    address: a
                  b:
                    address: b
                    snmp:
                      timeout: 1s
                """))
        .containsExactly(
            "net.yaml:3: systems.a.snmp.version: is 3, which needs a user; expected the key 'user'",
            "net.yaml:7: systems.b.snmp.version: is 3, which needs a user; expected the key 'user'");
  }

  @Test
  void eachCatalogueFileIsToldInItsOwnLine() throws IOException {
    Files.writeString(folder.resolve("there.yaml"), "");
    assertThat(files.errors("catalogue:\n  - there.yaml\n  - no.yaml\n  - [x]\n  - .\n"))
        .containsExactly(
            "net.yaml:3: catalogue: 'no.yaml' cannot be read; expected a catalogue file",
            "net.yaml:4: catalogue: holds a list; expected texts",
            "net.yaml:5: catalogue: '.' cannot be read; expected a catalogue file");
  }

  @Test
  void ownersWithNumbersThatAreTooLargeAreRefused() {
    assertThat(Owners.number("last", Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThatThrownBy(() -> Owners.number("far", 4_000_000_000L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'far' has the number 4000000000; expected one up to 2147483647");
  }

  @Test
  void aLineWithoutEndIsRefusedBeforeItCostsTime() throws IOException {
    assertThat(files.errors("mount: {}\na: " + "x".repeat(30_000_000)))
        .containsExactly("net.yaml:2: the line is too long; expected at most 8388608 characters");
  }

  @Test
  void aConfigurationCannotBeChangedAfterwards() throws Exception {
    Configuration configuration = files.read("systems: {a: {address: a}}");
    assertThat(configuration.systems()).isUnmodifiable();
    assertThat(configuration.systems().get("a").lifetime().classes()).isUnmodifiable();
  }
}
