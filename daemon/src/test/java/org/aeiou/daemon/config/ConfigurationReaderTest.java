package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Version;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {
  /** The example of the documentation. */
  private static final String EXAMPLE =
      """
      mount: {owner: root, group: root, mode: "0444", allow-other: true}
      ttl: {static: 1h, config: 5m, state: 15s, counter: 500ms, attributes: {ifOperStatus: 2s}}
      defaults:
        snmp: {version: 2c, community: public, timeout: 1s, retries: 1, max-in-flight: 3}
      systems:
        core1:
          address: 10.0.0.1
        lon/edge7:
          address: edge7.example.org:1161
          snmp: {version: 3, user: ops, auth: {protocol: SHA-256, pass: "${env:AEIOU_AUTH}"},
                 privacy: {protocol: AES-128, pass: "${file:priv}"}}
          ttl: {state: 5s, grace: 2.5}
      """;

  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() throws Exception {
    files = new ConfigurationFolder(folder, Map.of("AEIOU_AUTH", "from the environment"));
    Files.writeString(folder.resolve("priv"), "from a file \n");
  }

  @Test
  void whatIsKeptIsInAFolderOfTheMountOrOneBesideTheFile() throws Exception {
    assertThat(files.read(EXAMPLE).state()).isEqualTo(new Configuration.State(null, true));
    Configuration said = files.read(EXAMPLE + "state: kept/here\nlearned: {keep: false}\n");
    assertThat(said.state()).isEqualTo(new Configuration.State(folder.resolve("kept/here"), false));
    assertThat(said.needingNewMount(files.read(EXAMPLE))).containsExactly("state");
  }

  @Test
  void systemsTakeFromTheDefaultsWhatTheyDoNotSay() throws Exception {
    Configuration configuration = files.read(EXAMPLE);
    assertThat(configuration.mount()).isEqualTo(new Configuration.Mount(0, 0, 0444, true));
    assertThat(configuration.systems().keySet()).containsExactly("core1", "lon/edge7");
    SystemConfiguration core1 = configuration.systems().get("core1");
    assertThat(core1.settings())
        .isEqualTo(new SnmpSettings("10.0.0.1", 161, Version.V2C, new Secret("public"), null));
    assertThat(core1.limits())
        .isEqualTo(
            new Limits(Duration.ofSeconds(1), 1, 3, Duration.ZERO, 28, Duration.ofMillis(500), 1));
    assertThat(core1.lifetime().classes())
        .containsEntry(TtlClass.STATE, Duration.ofSeconds(15))
        .containsEntry(TtlClass.COUNTER, Duration.ofMillis(500))
        .containsEntry(TtlClass.DIRECTORY, TtlClass.DIRECTORY.standard());
    assertThat(core1.lifetime().attributes())
        .containsExactly(Map.entry("ifOperStatus", Duration.ofSeconds(2)));
    assertThat(core1.lifetime().grace()).isEqualTo(1);
  }

  @Test
  void theCharacterSetOfASystemIsItsOwnElseThatOfTheDefaults() throws Exception {
    Configuration configuration =
        files.read(
            """
            defaults: {charset: gbk}
            systems:
              bj1: {address: a}
              lon1: {address: b, charset: windows-1252}
            """);
    assertThat(configuration.systems().get("bj1").charset()).isEqualTo(Charset.forName("GBK"));
    assertThat(configuration.systems().get("lon1").charset().name()).isEqualTo("windows-1252");
    assertThat(files.read("systems: {a: {address: a}}").systems().get("a").charset())
        .isEqualTo(StandardCharsets.ISO_8859_1);
  }

  @Test
  void anAddressAloneIsASystem() throws Exception {
    Configuration configuration =
        new ConfigurationFolder(folder, Map.of("CORE3", "[2001:db8::1]"))
            .read(
                """
                defaults: {snmp: {port: 1161}}
                systems:
                  core1: 10.0.0.1
                  core2: edge7.example.org:161
                  core3: "${env:CORE3}"
                """);
    assertThat(configuration.systems().values())
        .extracting(system -> system.settings().address())
        .containsExactly("10.0.0.1:1161", "edge7.example.org:161", "[2001:db8::1]:1161");
  }

  @ParameterizedTest
  @CsvSource({
    "SHA-256, AES-128, SHA_256, AES_128",
    "SHA256, AES128, SHA_256, AES_128",
    "sha512, aes256, SHA_512, AES_256",
    "SHA, AES, SHA, AES_128",
    "SHA1, aes, SHA, AES_128",
    "sha-1, des, SHA, DES",
    "md5, des, MD5, DES"
  })
  void protocolsHaveTheNamesThatOtherToolsHaveToo(
      String auth, String privacy, Authentication authentication, Privacy encryption)
      throws Exception {
    UsmUser user =
        core1(
                """
                systems:
                  core1:
                    address: a
                    snmp: {version: v3, user: ops, auth: {protocol: %s, pass: 12345678},
                           privacy: {protocol: %s, pass: 12345678}}
                """
                    .formatted(auth, privacy))
            .user();
    assertThat(user.authentication()).isEqualTo(authentication);
    assertThat(user.privacy()).isEqualTo(encryption);
  }

  @Test
  void theFirstTimeoutIsHalfOfTheOtherUnlessSaid() throws Exception {
    Map<String, SystemConfiguration> systems =
        files
            .read(
                """
                defaults: {snmp: {timeout: 4s}}
                systems:
                  a: {address: a}
                  b: {address: b, snmp: {timeout: 6s}}
                  c: {address: c, snmp: {first-timeout: 700ms, first-retries: 0}}
                """)
            .systems();
    assertThat(systems.get("a").limits().firstTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(systems.get("a").limits().firstRetries()).isEqualTo(1);
    assertThat(systems.get("b").limits().firstTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(systems.get("c").limits().firstTimeout()).isEqualTo(Duration.ofMillis(700));
    assertThat(systems.get("c").limits().firstRetries()).isZero();
  }

  @Test
  void aSystemOverridesTheDefaultsKeyByKey() throws Exception {
    SystemConfiguration edge7 = files.read(EXAMPLE).systems().get("lon/edge7");
    assertThat(edge7.settings())
        .isEqualTo(
            new SnmpSettings(
                "edge7.example.org",
                1161,
                Version.V3,
                null,
                new UsmUser(
                    "ops",
                    Authentication.SHA_256,
                    new Secret("from the environment"),
                    Privacy.AES_128,
                    new Secret("from a file "),
                    "")));
    assertThat(edge7.limits().timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(edge7.lifetime().classes())
        .containsEntry(TtlClass.STATE, Duration.ofSeconds(5))
        .containsEntry(TtlClass.CONFIG, Duration.ofMinutes(5));
    assertThat(edge7.lifetime().attributes()).containsKey("ifOperStatus");
    assertThat(edge7.lifetime().grace()).isEqualTo(2.5);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, 161",
    "10.0.0.1:1161, 10.0.0.1, 1161",
    "core1, core1, 161",
    "core_1.example.org.:65535, core_1.example.org., 65535",
    "[2001:db8::1], 2001:db8::1, 161",
    "[::ffff:10.0.0.1]:1, ::ffff:10.0.0.1, 1",
    "[fe80::1%eth0]:1161, fe80::1%eth0, 1161",
    "1host.example.org, 1host.example.org, 161"
  })
  void addressesAreHostsWithOrWithoutPort(String address, String host, int port) throws Exception {
    SnmpSettings snmp = core1("systems: {core1: {address: \"" + address + "\"}}");
    assertThat(snmp.host()).isEqualTo(host);
    assertThat(snmp.port()).isEqualTo(port);
  }

  @Test
  void theStandardPortCanBeConfigured() throws Exception {
    Configuration configuration =
        files.read(
            """
            defaults: {snmp: {port: 1161}}
            systems: {a: {address: a}, b: {address: "b:2"}, c: {address: c, snmp: {port: 3}}}
            """);
    assertThat(configuration.systems().values())
        .extracting(system -> ConfigurationFolder.snmp(system).port())
        .containsExactly(1161, 2, 3);
  }

  @Test
  void aDollarAndABraceAreWrittenWithTwoDollars() throws Exception {
    SnmpSettings snmp = snmp("community: \"a$${b}$c\"");
    assertThat(snmp.community().reveal()).isEqualTo("a${b}$c");
  }

  @Test
  void referencesMayStandAmongOtherText() throws Exception {
    SnmpSettings snmp = snmp("community: \"<${env:AEIOU_AUTH}|${file:priv}>\"");
    assertThat(snmp.community().reveal()).isEqualTo("<from the environment|from a file >");
  }

  @Test
  void numbersAndTruthsAreTextsWhereTextsAreExpected() throws Exception {
    assertThat(snmp("community: 0123").community().reveal()).isEqualTo("0123");
    assertThat(snmp("community: true").community().reveal()).isEqualTo("true");
  }

  @Test
  void theSameFileGivesEqualConfigurations() throws Exception {
    assertThat(files.read(EXAMPLE)).isEqualTo(files.read("# moved\n\n" + EXAMPLE));
  }

  @ParameterizedTest
  @CsvSource({
    "edge7.example.org:1161, edge7.example.org:1162",
    "state: 5s, state: 6s",
    "${env:AEIOU_AUTH}, another pass",
    "AES-128, AES-256",
    "grace: 2.5, grace: 2"
  })
  void aReloadCanTellWhichSystemsChanged(String before, String after) throws Exception {
    Configuration first = files.read(EXAMPLE);
    Configuration second = files.read(EXAMPLE.replace(before, after));
    assertThat(second.systems().get("core1")).isEqualTo(first.systems().get("core1"));
    assertThat(second.systems().get("lon/edge7")).isNotEqualTo(first.systems().get("lon/edge7"));
  }

  @Test
  void catalogueFilesAreFoundBesideTheConfiguration() throws Exception {
    Path extra = Files.writeString(folder.resolve("extra.yaml"), "");
    assertThat(files.read("catalogue: [extra.yaml]\n" + EXAMPLE).catalogueFiles())
        .containsExactly(extra.toAbsolutePath());
    assertThat(files.read("snmp-modules: [extra.yaml]\n" + EXAMPLE).snmpModules())
        .containsExactly(extra.toAbsolutePath());
  }

  @Test
  void aByteOrderMarkIsNoMistake() throws Exception {
    assertThat(files.read("\uFEFF" + EXAMPLE).systems()).hasSize(2);
  }

  @Test
  void noSystemsAreAllowedWithAWarning() throws Exception {
    assertThat(files.read("systems: {}").warnings())
        .containsExactly(
            files.file() + ": there are no systems in it; expected 'systems:' with at least one");
  }

  @Test
  void secretsInAFileThatEveryUserCanReadAreAWarning() throws Exception {
    files.read(EXAMPLE);
    Files.setPosixFilePermissions(files.file(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(files.read(EXAMPLE).warnings()).isEmpty();
    assertThat(files.read(EXAMPLE.replace("public", "s3cret")).warnings())
        .containsExactly(
            files.file()
                + ": holds secrets and can be read by every user; run 'chmod 600 "
                + files.file()
                + "', or use ${env:NAME} or ${file:PATH}");
    Files.setPosixFilePermissions(files.file(), PosixFilePermissions.fromString("rw-r-----"));
    assertThat(files.read(EXAMPLE.replace("public", "s3cret")).warnings()).isEmpty();
  }

  private SnmpSettings snmp(String snmp) throws Exception {
    return core1("systems: {core1: {address: core1, snmp: {" + snmp + "}}}");
  }

  private SnmpSettings core1(String text) throws Exception {
    return ConfigurationFolder.snmp(files.read(text).systems().get("core1"));
  }
}
