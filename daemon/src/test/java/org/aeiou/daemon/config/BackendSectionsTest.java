package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.aeiou.daemon.cli.WithFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which back end asks a system, where there is more than one. */
final class BackendSectionsTest {
  @TempDir Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void start() {
    files = new ConfigurationFolder(folder, Map.of(), WithFiles.BACKENDS);
  }

  @Test
  void aSystemIsAskedByTheBackEndOfItsSection() throws Exception {
    Configuration configuration =
        files.read(
            """
            defaults: {file: {retries: 7}}
            systems:
              plant: {address: plant.values, file: {}}
              core1: {address: core1, snmp: {version: 1}}
              core2: core2
            """);
    assertThat(configuration.systems().values())
        .extracting(system -> system.backend() + " " + system.settings().address())
        .containsExactly("file plant.values", "snmp core1:161", "snmp core2:161");
    assertThat(configuration.systems().get("plant").limits().retries()).isEqualTo(7);
    assertThat(configuration.systems().get("core1").limits().retries()).isNotEqualTo(7);
  }

  @Test
  void aSystemIsAskedByOneBackEnd() throws Exception {
    assertThat(
            files.errors(
                """
                systems:
                  core1:
                    address: core1
                    snmp: {version: 1}
                    file: {}
                """))
        .containsExactly(
            "net.yaml:5: systems.core1.file: is a second way to ask the system; expected this or"
                + " 'snmp'");
  }

  @Test
  void aSectionOfNoBackEndIsNoKeyHere() throws Exception {
    assertThat(files.errors("systems: {core1: {address: core1, nats: {}}}"))
        .containsExactly(
            "net.yaml:1: systems.core1.nats: is not a key here; expected one of address, profiles,"
                + " snmp, file, ttl, charset, budget, write");
    assertThat(files.errors("defaults: {nats: {}}\nsystems: {core1: core1}"))
        .containsExactly(
            "net.yaml:1: defaults.nats: is not a key here; expected one of snmp, file, charset, budget, write");
  }

  @Test
  void whatIsWrongInABackEndsSectionIsToldByItsPath() throws Exception {
    assertThat(
            files.errors(
                "systems: {plant: {file: {retires: 3}}, press: {address: x, file: {port: 1}}}"))
        .containsExactly(
            "net.yaml:1: systems.plant.file.retires: is not a key here; expected 'retries', or one of"
                + " first-timeout, timeout, retries, max-in-flight, min-interval, max-batch,"
                + " first-retries,"
                + " requests-per-second, burst",
            "net.yaml:1: systems.plant.address: is missing; expected the path of a file",
            "net.yaml:1: systems.press.file.port: is not a key here; expected one of first-timeout,"
                + " timeout, retries, max-in-flight, min-interval, max-batch, first-retries,"
                + " requests-per-second, burst");
  }

  @Test
  void aSystemThatMovesToAnotherBackEndIsAnother() throws Exception {
    Configuration file = files.read("systems: {core1: {address: \"core1:161\", file: {}}}");
    Configuration snmp = files.read("systems: {core1: {address: core1}}");
    Configuration other = files.read("systems: {core1: {address: core1, snmp: {version: 1}}}");
    var core1 = snmp.systems().get("core1");
    assertThat(file.systems().get("core1").asksTheSameAgentAs(core1)).isFalse();
    assertThat(core1.asksTheSameAgentAs(file.systems().get("core1"))).isFalse();
    assertThat(core1.asksTheSameAgentAs(other.systems().get("core1"))).isTrue();
  }
}
