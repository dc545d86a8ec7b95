package org.aeiou.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.config.ClusterSettings.Credentials;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code cluster:} in a configuration. */
class ClusterTest {
  private static final String SEED = "SU" + "A".repeat(56);
  private static final String SYSTEMS = "\nsystems: {core1: {address: 10.0.0.1}}\n";

  @TempDir private Path folder;
  private ConfigurationFolder files;

  @BeforeEach
  void folder() {
    files = new ConfigurationFolder(folder, Map.of("PASS", "hunter2", "SEED", SEED));
  }

  private ClusterSettings cluster(String section) throws Exception {
    return files.read("cluster: " + section + SYSTEMS).cluster();
  }

  private String error(String section) throws Exception {
    List<String> errors = files.errors("cluster: " + section + SYSTEMS);
    assertThat(errors).hasSize(1);
    return errors.get(0);
  }

  @Test
  void thereIsNoneUnlessItIsSaid() throws Exception {
    assertThat(files.read(SYSTEMS).cluster()).isNull();
    assertThat(error("{name: net}"))
        .isEqualTo(
            "net.yaml:1: cluster.servers: is missing; expected a list of nats://HOST:4222 or"
                + " tls://HOST:4222");
  }

  @Test
  void serversAloneMakeAMemberThatPollsAndReads() throws Exception {
    ClusterSettings settings = cluster("{servers: [\"nats://nats1\", \"tls://[::1]:4443/\", n3]}");
    assertThat(settings)
        .isEqualTo(
            new ClusterSettings(
                List.of("nats://nats1:4222", "tls://[::1]:4443", "nats://n3:4222"),
                "main",
                true,
                true,
                "",
                null,
                256,
                List.of(),
                Duration.ofSeconds(10),
                true,
                1,
                null,
                Credentials.NONE));
    assertThat(settings.onlyReads()).isFalse();
  }

  @Test
  void everythingCanBeSaid() throws Exception {
    ClusterSettings settings =
        cluster(
            "{servers: n1, name: lab_2, role: read, site: 'lon / rack 3', member: web-1, slots:"
                + " 512, ttl: 4s, alone: stop, replicas: 3, tls: {}, user: ops,"
                + " password: \"${env:PASS}\"}");
    assertThat(settings.name()).isEqualTo("lab_2");
    assertThat(settings.onlyReads()).isTrue();
    assertThat(settings.reads()).isTrue();
    assertThat(settings.pollsAlone()).isFalse();
    assertThat(settings.site()).isEqualTo("lon / rack 3");
    assertThat(settings.member()).isEqualTo("web-1");
    assertThat(settings.slots()).isEqualTo(512);
    assertThat(settings.ttl()).isEqualTo(Duration.ofSeconds(4));
    assertThat(settings.replicas()).isEqualTo(3);
    assertThat(settings.tls()).isEqualTo(new TlsFiles(null, null, null));
    assertThat(settings.credentials())
        .isEqualTo(new Credentials("ops", new Secret("hunter2"), null, null, null));
    assertThat(cluster("{servers: n1, nkey: \"${env:SEED}\"}").credentials().nkey().reveal())
        .isEqualTo(SEED);
    Path creds = Files.writeString(folder.resolve("a.creds"), "x");
    assertThat(cluster("{servers: n1, credentials: a.creds}").credentials().file())
        .isEqualTo(creds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{servers: []}|servers: is empty; expected at least one, as in nats://HOST:4222 or"
            + " tls://HOST:4222",
        "{servers: [n1, 'nats://n1:4222']}|servers: 'nats://n1:4222' is listed twice; expected it"
            + " once",
        "{servers: 'http://n1'}|servers: 'http://n1' is not a server of NATS; expected"
            + " nats://HOST:4222 or tls://HOST:4222",
        "{servers: 'nats://ops:hunter2@n1'}|servers: holds a user or a token; expected"
            + " nats://HOST:4222 or tls://HOST:4222, and 'user' and 'password', or 'token', beside"
            + " 'servers'",
        "{servers: n1, name: a.b}|name: 'a.b' is not a name of a cluster; expected letters, digits,"
            + " '-' and '_', 32 at most",
        "{servers: n1, role: [poll, write]}|role: 'write' is not a role; expected poll, which asks"
            + " systems, or read, which shows them, or both",
        "{servers: n1, slots: 0}|slots: '0' is not a number from 1 to 4096; expected one",
        "{servers: n1, ttl: 1s}|ttl: '1s' is not how long a slot may wait for its owner; expected"
            + " from 2s to 5m",
        "{servers: n1, member: ' a'}|member: ' a' is not a name here; expected letters, digits and"
            + " ._:@/- or spaces between, 64 at most",
        "{servers: n1, password: hunter2}|user: is missing; expected the name that 'password'"
            + " belongs to",
        "{servers: n1, user: ops}|password: is missing; expected the password of 'user', as in"
            + " \"${env:NAME}\"",
        "{servers: n1, token: t, nkey: '${env:SEED}'}|nkey: is a second way to show who this is;"
            + " expected this or 'token'",
        "{servers: n1, nkey: hunter2}|nkey: is no seed; expected 58 letters and digits that begin"
            + " with SU, as 'nk -gen user' writes",
        "{servers: n1, credentials: none}|credentials: 'none' cannot be read; expected a file as"
            + " 'nsc generate creds' writes",
        "{servers: n1, tls: {key: k}}|tls.certificate: is missing; expected a file in PEM, which"
            + " 'key' belongs to",
        "{servers: n1, tls: {authorities: gone}}|tls.authorities: cannot be used: gone: there is"
            + " no such file",
        "{servers: n1, sits: lon}|sits: is not a key here; expected 'sites', or one of servers,"
            + " name, role, member, slots, sites, site, ttl, alone, replicas, tls, user, password,"
            + " token, nkey, credentials",
        "{servers: n1, alone: read}|alone: 'read' is not what a member does while no server of"
            + " NATS listens; expected poll, which goes on with the systems that it owns, or stop,"
            + " which ends with their leases",
        "{servers: n1, sites: lon}|sites: is a single value; expected keys and values, as in 'KEY: VALUE'",
        "{servers: n1, sites: {lon: []}}|sites.lon: names no systems; expected a name of systems,"
            + " in which a star stands for any characters, as in 'lon/*'",
        "{servers: n1, sites: {lon: [/lon/*]}}|sites.lon: '/lon/*' can name no system; expected a"
            + " name of systems, in which a star stands for any characters, as in 'lon/*'",
        "{servers: n1, sites: {lon: [lon/*], tok: ['lon/*']}}|sites.tok: 'lon/*' is listed at 'lon'"
            + " already; expected it once",
        "{servers: n1, sites: {' lon': [lon/*]}}|sites. lon: ' lon' is not a name here; expected"
            + " letters, digits and ._:@/- or spaces between, 64 at most",
        "{servers: n1, site: lom, sites: {tok: tok/*, lon: [lon/*]}}|site: 'lom' is none of the"
            + " sites; expected 'lon', or one of tok, lon",
        "{servers: n1, slots: 23, sites: {tok: tok/*, lon: [lon/*]}}|slots: are too few for 2"
            + " sites: 23; expected at least 24, 8 for each site and for what is of none"
      })
  void whatIsWrongIsSaidWithItsPlace(String section, String message) throws Exception {
    assertThat(error(section)).isEqualTo("net.yaml:1: cluster." + message);
    assertThat(error(section)).doesNotContain("hunter2");
  }

  @Test
  void sitesNameTheirSystemsInTheOrderOfTheFile() throws Exception {
    ClusterSettings settings =
        cluster("{servers: n1, site: tok, slots: 24, sites: {tok: [tok/*, 'jp-*'], lon: core1}}");
    assertThat(settings.sites())
        .containsExactly(
            new ClusterSettings.Site("tok", List.of("tok/*", "jp-*")),
            new ClusterSettings.Site("lon", List.of("core1")));
    assertThat(cluster("{servers: n1, site: any, sites: {}}").sites()).isEmpty();
  }

  @Test
  void thereAreSixtyFourSitesAtTheMost() throws Exception {
    StringBuilder sites = new StringBuilder("a0: a0");
    for (int i = 1; i <= 64; i++) {
      sites.append(", a%d: a%d".formatted(i, i));
    }
    assertThat(error("{servers: n1, slots: 4096, sites: {" + sites + "}}"))
        .isEqualTo("net.yaml:1: cluster.sites: has 65 of them; expected at most 64");
  }

  @Test
  void aMemberThatOnlyReadsNeedsNoAddressesAndNoSecrets() throws Exception {
    String systems =
        """
        defaults: {snmp: {community: "${env:GONE}"}}
        systems:
          a: {}
          b: 10.0.0.2
          c: {address: "${env:GONE}", charset: GBK, ttl: {state: 3s}, write: {allow: [system/sysName]}}
          d: {address: d, snmp: {version: 3, user: "${env:GONE}", auth: {protocol: SHA, pass: "${file:gone}"}}}
        """;
    Configuration reader = files.read("cluster: {servers: n1, role: read}\n" + systems);
    assertThat(reader.systems().keySet()).containsExactly("a", "b", "c", "d");
    assertThat(reader.systems().get("b").settings().address()).isEqualTo("10.0.0.2");
    assertThat(reader.systems().get("c").charset().name()).isEqualTo("GBK");
    assertThat(reader.systems().get("c").write().allowed().texts())
        .containsExactly("system/sysName");
    assertThat(reader.allowsWriting()).isTrue();
    assertThat(reader.warnings()).isEmpty();
    assertThat(files.errors("cluster: {servers: n1}\n" + systems)).hasSizeGreaterThan(3);
  }

  @Test
  void aMemberThatOnlyReadsStillHasItsSecretsOfTheBrokerLookedUp() throws Exception {
    assertThat(files.errors("cluster: {servers: n1, role: read, token: \"${env:GONE}\"}"))
        .containsExactly(
            "net.yaml:1: cluster.token: '${env:GONE}': the environment has no 'GONE'; set it");
  }

  @Test
  void aMemberThatOnlyReadsMayLeaveTheSystemsToTheOthers() throws Exception {
    Configuration reader = files.read("cluster: {servers: n1, role: read}\n");
    assertThat(reader.systems()).isEmpty();
    assertThat(reader.warnings()).isEmpty();
  }

  @Test
  void whatChangedOfItTakesANewMount() throws Exception {
    Configuration before = files.read("cluster: {servers: n1}" + SYSTEMS);
    assertThat(before.needingNewMount(files.read("cluster: {servers: n1}" + SYSTEMS))).isEmpty();
    assertThat(before.needingNewMount(files.read("cluster: {servers: n2}" + SYSTEMS)))
        .containsExactly("cluster");
    assertThat(before.needingNewMount(files.read(SYSTEMS))).containsExactly("cluster");
    String sites = "cluster: {servers: n1, sites: {%s}}" + SYSTEMS;
    Configuration two = files.read(sites.formatted("a: a*, b: b*"));
    assertThat(before.needingNewMount(two)).containsExactly("cluster");
    assertThat(two.needingNewMount(files.read(sites.formatted("b: b*, a: a*"))))
        .as("in another order")
        .containsExactly("cluster");
  }

  @Test
  void aReaderThatTakesItsSystemsFromPollersMayWriteUnlessItIsMountedReadOnly() throws Exception {
    Configuration reader = files.read("cluster: {servers: [broker], role: read}\nsystems: {}\n");
    assertThat(reader.takesSystems()).isTrue();
    assertThat(reader.allowsWriting()).as("what pollers allow").isTrue();
    assertThat(reader.readOnly().allowsWriting()).isFalse();
    Configuration taken =
        files.read(
            """
            cluster: {servers: [broker], role: read}
            systems: {core1: {address: 10.0.0.1, write: {allow: [system/sysName]}}}
            """);
    assertThat(reader.needingNewMount(taken)).isEmpty();
  }
}
