package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Slips in configurations: each is told once, with what to do. */
class SlipsTest {
  @TempDir private Path folder;

  private List<String> errors(String text) throws IOException {
    return new ConfigurationFolder(folder, Map.of()).errors(text);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"addresses", "places", "charsets"})
  void aSlipIsNamedOnceWithWhatToDo(String text, String error) throws IOException {
    assertThat(errors(text)).containsExactly(error);
  }

  static Stream<Arguments> addresses() {
    return Stream.of(
        slip(
            "systems:\n  core1: 10.0.0.300",
            "net.yaml:2: systems.core1.address: '10.0.0.300' is not an address; use HOST or"
                + " HOST:PORT, or [IPV6]:PORT"),
        slip(
            "systems:\n  core1: [10.0.0.1]",
            "net.yaml:2: systems.core1: is a list; expected keys and values, as in 'KEY: VALUE'"),
        slip(
            "systems:\n  core1: {adress: 10.0.0.1}",
            "net.yaml:2: systems.core1.adress: is not a key here; expected 'address', or one of"
                + " address, profiles, snmp, ttl, charset, budget, write"),
        slip(
            "systems:\n  core1: {address:10.0.0.1}",
            "net.yaml:2: systems.core1.address: has no space behind the colon; expected 'KEY:"
                + " VALUE'"),
        slip(
            "systems:\n  core1:{address: 10.0.0.1}",
            "net.yaml:2: systems.core1: has no space behind the colon; expected 'KEY: VALUE'"),
        slip(
            "systems:\n  \"core1 \": {address: 10.0.0.1}",
            "net.yaml:2: systems.core1 : is not a name; a part between slashes begins or ends"
                + " with a space"));
  }

  static Stream<Arguments> places() {
    return Stream.of(
        slip(
            "core1: {address: 10.0.0.1}",
            "net.yaml:1: core1: is not a key here; it belongs below 'systems'"),
        slip(
            "defaults: {community: public}\nsystems: {core1: 10.0.0.1}",
            "net.yaml:1: defaults.community: is not a key here; it belongs below 'snmp'"),
        slip(
            "timeout: 5s\nsystems: {core1: 10.0.0.1}",
            "net.yaml:1: timeout: is not a key here; it belongs below 'defaults.snmp'"),
        slip(
            "charset: GBK\nsystems: {core1: 10.0.0.1}",
            "net.yaml:1: charset: is not a key here; it belongs below 'defaults'"),
        slip(
            "systems:\n  core1: {address: 10.0.0.1, version: 3}",
            "net.yaml:2: systems.core1.version: is not a key here; it belongs below 'snmp'"));
  }

  static Stream<Arguments> charsets() {
    return Stream.of(
        slip(
            "systems:\n  core1: {address: 10.0.0.1, charset: GKB}",
            "net.yaml:2: systems.core1.charset: 'GKB' is not a character set; expected 'GBK', or"
                + " one such as UTF-8, windows-1252, KOI8-R, GBK, Big5, Shift_JIS or EUC-KR"),
        slip(
            "systems:\n  core1: {address: 10.0.0.1, charset: chinese simplified}",
            "net.yaml:2: systems.core1.charset: 'chinese simplified' is not a character set;"
                + " expected one such as UTF-8, windows-1252, KOI8-R, GBK, Big5, Shift_JIS or"
                + " EUC-KR"),
        slip(
            "systems:\n  core1: {address: 10.0.0.1, charset: UTF-16}",
            "net.yaml:2: systems.core1.charset: 'UTF-16' is not a character set for text of"
                + " agents: ASCII reads as something else; expected one such as UTF-8,"
                + " windows-1252, KOI8-R, GBK, Big5, Shift_JIS or EUC-KR"));
  }

  @Test
  void noSlipShowsASecret() throws IOException {
    assertThat(errors("systems:\n  core1:{snmp:{pass:hunter2, address: a}"))
        .isNotEmpty()
        .noneMatch(error -> error.contains("hunter2"));
  }

  private static Arguments slip(String text, String error) {
    return Arguments.of(text, error);
  }
}
