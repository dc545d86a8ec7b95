package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final String SECRET = "hunter2";

  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of("SECRET", SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth: {protocol: SHA, pass: hunter2}",
        "auth: {protocol: SHA, pass: \"${env:SECRET}\"}",
        "auth: {protocol: SHA, pass: [hunter2]}",
        "auth: {protocol: SHA, pass: {hunter2: }}",
        "auth: {protocol: SHA, pass:hunter2}",
        "auth: {pass:hunter2, pass:hunter2}",
        "auth: hunter2",
        "auth: pass:hunter2",
        "auth: {protocol: SHA, pass: \"${hunter2}\"}",
        "auth: {protocol: SHA, pass: \"${hunter2\"}",
        "auth: {protocol: SHA, pass: *hunter2 }",
        "auth: {protocol: SHA, pass: !hunter2!x abc}",
        "auth: {protocol: SHA, pass: !!int 0xhunter2}",
        "auth: {protocol: SHA, pass: !!float hunter2}",
        "auth: {protocol: SHA, pass: \"hunter2\\q\"}",
        "auth: {protocol: SHA, pass: \"hunter2}",
        "auth: {protocol: SHA, pass: hunter2: x}",
        "auth: {protocol: SHA, pass: 'hunter2'x}",
        "auth: {protocol: SHA, pass: hunter2",
        "auth: {protocol: SHA, pass: @hunter2}",
        "auth: {protocol: SHA, pass: %hunter2}",
        "auth: {protocol: SHA, pass: hunter2\u0001}",
        "community: hunter2, user: {}",
        "community: {hunter2: [",
        "comunity: hunter2",
        "[hunter2]: community",
        "? {hunter2: x} : y"
      })
  void noMessageHoldsASecret(String snmp) throws Exception {
    assertThat(files.errors("systems: {core1: {address: a, snmp: {version: 3, " + snmp + "}}}"))
        .isNotEmpty()
        .noneMatch(error -> error.contains(SECRET));
  }

  @Test
  void anAddressThatComesFromTheEnvironmentIsNotPrinted() throws Exception {
    assertThat(files.errors("systems: {core1: {address: \"${env:SECRET}:x\"}}"))
        .isNotEmpty()
        .noneMatch(error -> error.contains(SECRET));
  }

  @Test
  void noRecordPrintsASecret() throws Exception {
    Configuration configuration =
        files.read(
            """
            defaults: {snmp: {community: hunter2}}
            systems:
              a: {address: a}
              b:
                address: b
                snmp:
                  version: 3
                  user: ops
                  auth: {protocol: SHA, pass: "${env:SECRET}${env:SECRET}"}
                  privacy: {protocol: DES, pass: "hunter2hunter2"}
            """);
    assertThat(
            ConfigurationFolder.snmp(configuration.systems().get("b"))
                .user()
                .privacyPass()
                .reveal())
        .contains(SECRET);
    assertThat(configuration.toString()).contains("ops", "***").doesNotContain(SECRET);
    assertThat(configuration.warnings()).noneMatch(warning -> warning.contains(SECRET));
  }
}
