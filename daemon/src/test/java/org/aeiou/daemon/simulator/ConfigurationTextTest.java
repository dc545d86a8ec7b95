package org.aeiou.daemon.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.simulator.objects.AgentObjects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ConfigurationTextTest {

  private static final LoadSettings SETTINGS = LoadSettings.builder().build();

  /** What is at these keys, one below the other; null if nothing is. */
  private static Object at(Object from, String... keys) {
    Object at = from;
    for (String key : keys) {
      at = at == null ? null : ((Map<?, ?>) at).get(key);
    }
    return at;
  }

  @Test
  void allSystemsAreInItWithTheirVersionsInTheirShares() throws IOException {
    SimulationOptions options =
        SimulationOptions.builder()
            .systems(200)
            .firstAddress("127.9.4.1")
            .port(0)
            .communities("pub \"lic\" \\ \u00e9")
            .versions(1, 7, 2)
            .build();
    try (SimulatedNetwork network = SimulatedNetwork.start(options)) {
      Map<?, ?> root = (Map<?, ?>) new Load(SETTINGS).loadFromString(network.configuration());
      assertThat(at(root, "defaults", "snmp", "version")).isEqualTo("2c");
      assertThat(at(root, "defaults", "snmp", "community")).isEqualTo("pub \"lic\" \\ \u00e9");
      Map<Object, Integer> versions = new HashMap<>();
      for (SimulatedAgent agent : network.agents()) {
        Object system = at(root, "systems", agent.name());
        assertThat(at(system, "address"))
            .isEqualTo(agent.address().getAddress().getHostAddress() + ":" + network.port());
        Object version = at(system, "snmp", "version");
        versions.merge(version == null ? "2c" : version, 1, Integer::sum);
        if (at(system, "snmp", "privacy") != null) {
          assertThat(at(system, "snmp", "privacy", "pass"))
              .isEqualTo(SimulationOptions.PRIVACY_PASS);
          assertThat(at(system, "snmp", "auth", "protocol").toString())
              .matches("MD5|SHA|SHA-(224|256|384|512)");
        }
      }
      Map<?, ?> systems = (Map<?, ?>) at(root, "systems");
      assertThat(systems).hasSize(200);
      assertThat(systems.keySet().stream().map(String::valueOf))
          .contains("core1", "lon/edge1", "srv1", "ups1");
      assertThat(versions.get(1)).isBetween(15, 25);
      assertThat(versions.get(3)).isBetween(35, 45);
    }
  }

  @Test
  void daemonReadsItAsItIsMeant(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("net.yaml");
    SimulationOptions options =
        SimulationOptions.builder()
            .systems(100)
            .firstAddress("127.9.6.1")
            .port(0)
            .communities("secret")
            .versions(1, 1, 3)
            .configOut(file)
            .build();
    try (SimulatedNetwork network = SimulatedNetwork.start(options)) {
      Configuration configuration = ConfigurationReader.read(file, Map.of(), Backends.ALL);
      assertThat(configuration.systems()).hasSize(100);
      for (SystemConfiguration system : configuration.systems().values()) {
        SimulatedAgent agent = network.agent(system.name());
        SnmpSettings snmp = (SnmpSettings) system.settings();
        assertThat(snmp.host()).isEqualTo(agent.address().getAddress().getHostAddress());
        assertThat(snmp.port()).isEqualTo(network.port());
        if (snmp.version() == Version.V3) {
          assertThat(options.users()).contains(snmp.user());
        } else {
          assertThat(snmp.community()).isEqualTo(new Secret("secret"));
        }
      }
      assertThat(
              configuration.systems().values().stream()
                  .map(system -> ((SnmpSettings) system.settings()).version()))
          .contains(Version.V1, Version.V2C, Version.V3);
    }
  }

  @Test
  void noNameIsTheFolderOfAnother() {
    for (int i = 0; i < 100; i++) {
      String name = AgentObjects.nameOf(i);
      for (int j = 0; j < 100; j++) {
        assertThat(AgentObjects.nameOf(j)).doesNotStartWith(name + "/");
      }
    }
  }

  @Test
  void badOptionsAreNamedWithTheirValues() {
    assertBad(SimulationOptions.builder().systems(-1), "--systems: -1");
    assertBad(SimulationOptions.builder().rows(0), "--rows: 0");
    assertBad(SimulationOptions.builder().rtt(Duration.ofMillis(-3)), "--rtt: -3 ms");
    assertBad(SimulationOptions.builder().loss(1.5), "--loss: 1.5");
    assertBad(SimulationOptions.builder().loss(Double.NaN), "--loss: NaN");
    assertBad(SimulationOptions.builder().maxMessage(100), "--max-message: 100");
    assertBad(SimulationOptions.builder().port(70_000), "--port: 70000");
    assertBad(SimulationOptions.builder().firstAddress("10.0.0.1"), "'10.0.0.1'");
    assertBad(SimulationOptions.builder().firstAddress("127.1.0.0"), "'127.1.0.0'");
    assertBad(SimulationOptions.builder().firstAddress("127.256.0.1"), "'127.256.0.1'");
    assertBad(SimulationOptions.builder().communities(), "--community");
    assertThatThrownBy(() -> SimulationOptions.builder().versions(0, 0, 0))
        .hasMessageContaining("--versions: 0:0:0");
    assertThatThrownBy(() -> Faults.builder().loss(-0.1).build())
        .hasMessageContaining("loss: -0.1");
  }

  @Test
  void usersWithoutProperPasswordsAndTooManySystemsAreRefused() {
    UsmUser user = new UsmUser("u", Authentication.SHA, null, Privacy.NONE, null, "");
    assertThatThrownBy(
            () -> SimulatedNetwork.start(SimulationOptions.builder().port(0).users(user).build()))
        .hasMessageContaining("user u")
        .hasMessageContaining("at least 8 characters");
    assertThatThrownBy(
            () ->
                SimulatedNetwork.start(
                    SimulationOptions.builder()
                        .port(0)
                        .systems(10)
                        .firstAddress("127.255.255.250")
                        .build()))
        .hasMessageContaining("--first-address");
  }

  private static void assertBad(SimulationOptions.Builder options, String message) {
    assertThatThrownBy(options::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("expected");
  }
}
