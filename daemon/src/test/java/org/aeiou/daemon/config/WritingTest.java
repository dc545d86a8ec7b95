package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.Configuration.Write;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code write:} sections mean. */
class WritingTest {
  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of("WRITE", "from the environment"));
  }

  private Write write(String text) throws Exception {
    return files.read(text).systems().get("core1").write();
  }

  private static String community(Write write) {
    return ((SnmpSettings) write.settings()).community().reveal();
  }

  @Test
  void nothingMayBeWrittenUnlessItIsSaid() throws Exception {
    SystemConfiguration core1 =
        files.read("systems: {core1: {address: 10.0.0.1}}").systems().get("core1");
    assertThat(core1.write().allowed().isEmpty()).isTrue();
    assertThat(core1.write().settings()).isEqualTo(core1.settings());
  }

  @Test
  void aSystemIsWrittenToAsItIsReadButForWhatTheWriteSectionSays() throws Exception {
    SystemConfiguration core1 =
        files
            .read(
                """
                write: {allow: [system/sysLocation], snmp: {community: "${env:WRITE}"}}
                systems: {core1: {address: 10.0.0.1, snmp: {version: 1, community: secret}}}
                """)
            .systems()
            .get("core1");
    assertThat(core1.write().allowed().texts()).containsExactly("system/sysLocation");
    assertThat(core1.write().settings())
        .isEqualTo(
            new SnmpSettings(
                "10.0.0.1", 161, Version.V1, new Secret("from the environment"), null));
  }

  @Test
  void theNearestSectionSaysKeyByKey() throws Exception {
    Write write =
        write(
            """
            defaults: {write: {allow: ['*/*'], snmp: {community: of-defaults}}}
            write: {allow: [system/sysName]}
            systems: {core1: {address: 10.0.0.1, write: {snmp: {community: of-system}}}}
            """);
    assertThat(write.allowed().texts()).containsExactly("system/sysName");
    assertThat(community(write)).isEqualTo("of-system");
  }

  @Test
  void aSystemOfVersion3IsNotAskedWithTheCommunityOfAll() throws Exception {
    SystemConfiguration core1 =
        files
            .read(
                """
                write: {allow: [system/sysLocation], snmp: {community: secret}}
                systems: {core1: {address: 10.0.0.1, snmp: {version: 3, user: ops}}}
                """)
            .systems()
            .get("core1");
    assertThat(core1.write().settings()).isEqualTo(core1.settings());
  }

  @Test
  void aSystemOfVersion2MayBeWrittenToWithAUser() throws Exception {
    Write write =
        write(
            """
            systems: {core1: {address: 10.0.0.1, write: {allow: [system/sysLocation],
              snmp: {version: 3, user: ops, auth: {protocol: SHA, pass: long enough}}}}}
            """);
    assertThat(((SnmpSettings) write.settings()).version()).isEqualTo(Version.V3);
  }

  @Test
  void anotherSectionOfASystemIsAnotherWayToAskIt() throws Exception {
    String system = "systems: {core1: {address: 10.0.0.1, write: {allow: [%s]}}}";
    SystemConfiguration before =
        files.read(system.formatted("system/sysName")).systems().get("core1");
    SystemConfiguration after =
        files.read(system.formatted("system/sysContact")).systems().get("core1");
    assertThat(after).isNotEqualTo(before);
    assertThat(after.asksTheSameAgentAs(before)).isTrue();
  }

  @Test
  void whatIsNoPatternIsTold() throws Exception {
    assertThat(files.errors("write: {allow: [sysLocation]}\nsystems: {core1: 10.0.0.1}"))
        .containsExactly(
            "net.yaml:1: write.allow: 'sysLocation' names no attributes; expected GROUP/ATTRIBUTE"
                + " or TABLE/ROW/COLUMN, as in system/sysLocation and 'interfaces/*/ifAdminStatus'");
  }

  @Test
  void whatIsForReadingOnlyIsToldOnce() throws Exception {
    assertThat(
            files.errors(
                """
                write: {allow: [system/sysLocation], snmp: {timeout: 5s, community: secret}}
                systems: {core1: 10.0.0.1, core2: 10.0.0.2}
                """))
        .containsExactly(
            "net.yaml:1: write.snmp.timeout: is not for writing: what the system's own section"
                + " says goes for both");
  }

  @Test
  void mistakesInTheSectionOfAllAreToldOnceHoweverManySystemsThereAre() throws Exception {
    List<String> errors =
        files.errors(
            """
            write: {allow: [system/sysLocation], snmp: {version: 4, port: 0}}
            systems: {core1: 10.0.0.1, core2: 10.0.0.2}
            """);
    assertThat(errors).hasSize(2);
  }

  @Test
  void aPortOfItsOwnIsAnotherAgent() throws Exception {
    assertThat(
            files.errors(
                "systems: {core1: {address: 10.0.0.1, write: {allow: [a/b], snmp: {port: 162}}}}"))
        .containsExactly(
            "net.yaml:1: systems.core1.write: leads to another agent than the system's address;"
                + " expected only credentials");
  }

  @Test
  void aKeyOfItElsewhereIsToldWhereItBelongs() throws Exception {
    assertThat(files.errors("allow: [system/sysLocation]\nsystems: {core1: 10.0.0.1}"))
        .containsExactly("net.yaml:1: allow: is not a key here; it belongs below 'write'");
  }
}
