package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.aeiou.daemon.app.process.TakenSystems;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.ConfigurationException;
import org.aeiou.daemon.config.ConfigurationReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that only reads, and leaves its systems out. */
class TakenSystemsTest {
  private static final String POLLERS =
      """
      cluster: {servers: n1, name: lab}
      write: {allow: [system/sysContact]}
      profiles: {slow: {snmp: {timeout: 9s}}}
      systems:
        core1: {address: 10.0.0.1, snmp: {community: hunter22}}
        lon/edge7:
          address: "[::1]:1161"
          charset: GBK
          profiles: slow
          ttl: {state: 1500ms, grace: 2.5}
          write: {allow: [], snmp: {community: hunter23}}
        "null": {address: 10.0.0.3}
      """;

  private static final String READER =
      """
      cluster: {servers: n1, name: lab, role: read}
      ttl: {state: 77s}
      profiles: {mine: {charset: UTF-8}}
      """;

  @TempDir private Path folder;
  private String inventory;
  private TakenSystems reader;

  private Configuration read(String name, String otherwise) throws Exception {
    return ConfigurationReader.readWith(
        "{}", otherwise, folder.resolve(name), Map.of(), Backends.ALL);
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(folder.resolve(name), text);
  }

  private void take(String yaml) {
    assertThat(reader.take(yaml, () -> true)).isTrue();
  }

  private boolean isReadable() {
    try {
      return reader.read() != null;
    } catch (ConfigurationException e) {
      return false;
    }
  }

  @BeforeEach
  void start() throws Exception {
    write("pollers", POLLERS);
    write("reader", READER);
    inventory = EffectiveConfiguration.inventory(read("pollers", ""));
    reader =
        new TakenSystems(
            otherwise -> {
              try {
                return read("reader", otherwise);
              } catch (ConfigurationException e) {
                throw e;
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            },
            read("reader", ""));
  }

  @Test
  void whatAReaderIsToldHoldsNoSecretAndNothingOfHowSystemsAreAsked() {
    assertThat(inventory).doesNotContain("hunter", "timeout", "community");
  }

  @Test
  void aReaderHasTheSystemsOfThePollersOnceItWasToldOfThem() throws Exception {
    assertThat(reader.isWanted()).isTrue();
    assertThat(reader.read().systems()).isEmpty();
    take(inventory);
    Map<String, SystemConfiguration> systems = reader.read().systems();
    assertThat(systems).containsOnlyKeys("core1", "lon/edge7", "null");
    for (SystemConfiguration system : read("pollers", "").systems().values()) {
      SystemConfiguration taken = systems.get(system.name());
      assertThat(taken.settings().address()).contains(system.settings().address());
      assertThat(taken.charset()).isEqualTo(system.charset());
      assertThat(taken.lifetime()).isEqualTo(system.lifetime());
      assertThat(taken.write().allowed().texts()).isEqualTo(system.write().allowed().texts());
    }
    assertThat(systems.get("lon/edge7").lifetime().classes())
        .containsEntry(TtlClass.STATE, Duration.ofMillis(1500));
  }

  @Test
  void systemsOfItsOwnCountAndNoOthersAreWanted() throws Exception {
    take(inventory);
    write("reader", READER + "systems: {mine: 10.0.0.9}\n");
    assertThat(reader.read().systems()).containsOnlyKeys("mine");
    assertThat(reader.isWanted()).isFalse();
    write("reader", READER);
    assertThat(reader.read().systems()).containsOnlyKeys("core1", "lon/edge7", "null");
  }

  /** With a login of the broker any process may send it. */
  @Test
  void whatIsNotAboutSystemsIsNotTakenWhicheverMemberSaysIt() throws Exception {
    take(
        inventory
            + """
            http: {listen: 0.0.0.0:9161, token: a-token-of-another}
            mount: {allow-other: true, mode: "0666"}
            attach: {mode: "0666"}
            catalogue: [/etc/passwd]
            cluster: {servers: elsewhere, name: other}
            write: {allow: ["*/*"]}
            defaults: {write: {allow: ["*/*"]}}
            ttl: {state: 1h}
            """);
    Configuration taken = reader.read();
    assertThat(taken.systems()).containsOnlyKeys("core1", "lon/edge7", "null");
    assertThat(taken.http()).isEqualTo(read("reader", "").http());
    assertThat(taken.mount()).isEqualTo(read("reader", "").mount());
    assertThat(taken.attach()).isEqualTo(read("reader", "").attach());
    assertThat(taken.cluster()).isEqualTo(read("reader", "").cluster());
    assertThat(taken.catalogueFiles()).isEmpty();
    assertThat(taken.systems().get("core1").write().allowed().texts())
        .containsExactly("system/sysContact");
  }

  @Test
  void whatASecretIsSaidToBeInIsNotRead() throws Exception {
    write("secret", "hunter24");
    take("systems: {a: {address: 10.0.0.1, snmp: {community: '${file:secret}'}}}");
    assertThat(reader.read().systems().get("a").settings().toString()).doesNotContain("hunter24");
  }

  @Test
  void whatIsNoMapOfSystemsIsAnErrorOfTheConfigurationAndNothingElse() {
    for (String yaml :
        new String[] {"[1, 2]", "text", "systems: [", "{}", "\\u0000", "a: &x [*x]"}) {
      take(yaml);
      try {
        assertThat(reader.read().systems()).as(yaml).isEmpty();
      } catch (ConfigurationException e) {
        assertThat(e.errors()).as(yaml).isNotEmpty();
      }
    }
  }

  @Test
  void aMemberThatPollsTakesNone() throws Exception {
    write("reader", READER.replace("role: read", "role: [poll, read]"));
    take(inventory);
    assertThat(reader.read().systems()).isEmpty();
    assertThat(reader.isWanted()).isFalse();
  }

  /** It stood in the way of each later reload. */
  @Test
  void whatCannotBeUsedIsDroppedAndWhatWasTakenBeforeStays() throws Exception {
    assertThat(reader.take(inventory, this::isReadable)).isTrue();
    assertThat(reader.take("systems: [", this::isReadable)).isFalse();
    assertThat(reader.read().systems()).containsOnlyKeys("core1", "lon/edge7", "null");
  }

  @Test
  void whatWasTakenWhileTheFileIsWrongCountsOnceItIsMended() throws Exception {
    write("reader", "cluster: [");
    assertThat(reader.take(inventory, this::isReadable)).isTrue();
    write("reader", READER);
    assertThat(reader.read().systems()).containsOnlyKeys("core1", "lon/edge7", "null");
  }
}
