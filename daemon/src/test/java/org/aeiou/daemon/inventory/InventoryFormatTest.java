package org.aeiou.daemon.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other programs list becomes a part of a configuration that is read without a word. */
class InventoryFormatTest {
  @TempDir private Path folder;
  private Proposal proposal;

  private Proposal read(InventoryFormat format, String text, String name, String... profiles)
      throws IOException {
    Path file = folder.resolve(format == InventoryFormat.NETBOX ? "export" : "listed");
    Files.writeString(file, text);
    proposal =
        format.read(
            file, new NameTemplate(name), Stream.of(profiles).map(NameTemplate::new).toList());
    return proposal;
  }

  /** What a configuration that includes the proposal means. */
  private Configuration configuration(String... further) throws Exception {
    Files.writeString(folder.resolve("part.yaml"), proposal.yaml());
    Path net = folder.resolve("net.yaml");
    Files.writeString(net, "include: part.yaml\n" + String.join("\n", further));
    return ConfigurationReader.read(net, Map.of(), Backends.ALL);
  }

  private SnmpSettings snmp(String system, String... further) throws Exception {
    return (SnmpSettings) configuration(further).systems().get(system).settings();
  }

  private List<String> leftOut() {
    return proposal.leftOut().stream().map(line -> line.replace(folder + "/", "")).toList();
  }

  @Test
  void aTableInCsvHasSystemsProfilesAndSettings() throws Exception {
    read(
        InventoryFormat.CSV,
        """
        \uFEFFName;Address;Profiles;snmp.community;site
        core1;10.0.0.1;edge slow;;lon
        "core,2";10.0.0.2:1161;;s$cret;par
        nowhere;;;;par
        core1;10.0.0.3;;;lon
        bad;10.0.0.300;;;lon
        short
        """,
        "{site}/{name}");

    assertThat(leftOut())
        .containsExactly(
            "listed:4: left out: has no address",
            "listed:5: left out: 'lon/core1' is the name of another one, in line 2",
            "listed:6: left out: '10.0.0.300' is not an address; use HOST or HOST:PORT, or"
                + " [IPV6]:PORT",
            "listed:7: left out: has no address");
    assertThat(proposal.holdsSecrets()).isTrue();
    Configuration read = configuration("profiles: {edge: {}, slow: {snmp: {timeout: 7s}}}");
    assertThat(read.systems()).containsOnlyKeys("lon/core1", "par/core,2");
    assertThat(read.systems().get("lon/core1").limits().timeout()).hasSeconds(7);
    SnmpSettings core2 = (SnmpSettings) read.systems().get("par/core,2").settings();
    assertThat(core2.address()).isEqualTo("10.0.0.2:1161");
    assertThat(core2.community()).isEqualTo(new Secret("s$cret"));
  }

  @Test
  void aTableInCsvMayGiveUsersOfVersion3() throws Exception {
    read(
        InventoryFormat.CSV,
        """
        name,address,snmp.version,snmp.user,snmp.auth.protocol,snmp.auth.pass
        a,10.0.0.1,3,ops,SHA-256,secret phrase
        """,
        "{name}");
    assertThat(snmp("a").user().authentication()).isEqualTo(Authentication.SHA_256);
  }

  @Test
  void aTableInCsvWithoutAddressesIsExplained() {
    assertThatThrownBy(() -> read(InventoryFormat.CSV, "host,ip\na,10.0.0.1\n", "{name}"))
        .hasMessageEndingWith(
            "has no column 'address'; expected a first line with 'name,address', it has host, ip");
  }

  @Test
  void hostsAreNamedByTheirFirstNameOrTheirLast() throws Exception {
    String hosts =
        """
        127.0.0.1 localhost
        ff02::1 ip6-allnodes
        10.0.0.1  core1.example.org core1   # the first one
        2001:db8::1 core2.example.org
        10.0.0.9
        core3 10.0.0.3
        """;
    read(InventoryFormat.HOSTS, hosts, "{name}");
    assertThat(configuration().systems().values())
        .extracting(system -> system.name() + " " + system.settings().address())
        .containsExactly("core1.example.org 10.0.0.1:161", "core2.example.org [2001:db8::1]:161");
    assertThat(leftOut())
        .containsExactly(
            "listed:5: left out: '10.0.0.9' has no name",
            "listed:6: left out: 'core3' is not an address");
    read(InventoryFormat.HOSTS, hosts, "{alias}");
    assertThat(configuration().systems()).containsOnlyKeys("core1", "core2.example.org");
  }

  @Test
  void targetsOfPrometheusHaveTheirLabelsAsFieldsAndTheirAuthAsProfile() throws Exception {
    read(
        InventoryFormat.FILE_SD,
        """
        [{"targets": ["10.0.0.1", "10.0.0.2:1161"],
          "labels": {"site": "lon", "__param_auth": "secure"}},
         {"targets": ["edge7.example.org"], "labels": {"site": "par", "hostname": "edge\\u00377"}},
         {"labels": {}}]
        """,
        "{site}/{name}");
    Configuration read = configuration("profiles: {secure: {snmp: {community: x}}}");
    assertThat(read.systems()).containsOnlyKeys("lon/10.0.0.1", "lon/10.0.0.2", "par/edge77");
    assertThat(read.systems().get("lon/10.0.0.2").settings().address()).isEqualTo("10.0.0.2:1161");
    assertThat(snmp("lon/10.0.0.1", "profiles: {secure: {snmp: {community: x}}}").community())
        .isEqualTo(new Secret("x"));
    assertThat(leftOut()).containsExactly("listed:4: left out: has no 'targets'");
  }

  @Test
  void authsOfSnmpExporterAreProfiles() throws Exception {
    read(
        InventoryFormat.SNMP_EXPORTER,
        """
        auths:
          public_v2: {community: public, security_level: noAuthNoPriv, auth_protocol: MD5, version: 2}
          site:
            version: 3
            security_level: authPriv
            username: ops
            password: "a long ${secret}"
            auth_protocol: SHA256
            priv_protocol: AES
            priv_password: another secret
            context_name: bridge
          unknown: {version: 3, security_level: authPriv, username: u, password: longenough,
                    priv_protocol: AES256C, priv_password: longenough}
        modules: {if_mib: {walk: [1.3.6.1.2.1.2]}}
        """,
        "{name}");
    SnmpSettings site = snmp("a", "systems: {a: {address: a, profiles: site}}");
    assertThat(site.user().authenticationPass()).isEqualTo(new Secret("a long ${secret}"));
    assertThat(site.user().authentication()).isEqualTo(Authentication.SHA_256);
    assertThat(site.user().privacy()).isEqualTo(Privacy.AES_128);
    assertThat(site.user().context()).isEqualTo("bridge");
    assertThat(snmp("a", "systems: {a: {address: a, profiles: public_v2}}").community())
        .isEqualTo(new Secret("public"));
    assertThat(leftOut())
        .containsExactly(
            "listed:12: left out: 'unknown' is encrypted with AES256C; expected DES, AES-128,"
                + " AES-192 or AES-256");
  }

  @Test
  void devicesOfLibreNmsShareProfilesByTheirCredentials() throws Exception {
    read(
        InventoryFormat.LIBRENMS,
        """
        {"status": "ok", "devices": [
          {"device_id": 1, "hostname": "core1", "snmpver": "v2c", "community": "s3cret", "port": 161,
           "transport": "udp", "disabled": 0, "location": "lon", "authlevel": null},
          {"device_id": 2, "hostname": "core2", "snmpver": "v2c", "community": "s3cret", "port": 1161,
           "transport": "udp6", "disabled": 0, "overwrite_ip": "2001:db8::2"},
          {"device_id": 3, "hostname": "edge", "snmpver": "v3", "authlevel": "authPriv",
           "authname": "ops", "authpass": "authenticate", "authalgo": "SHA", "cryptopass": "encrypt me",
           "cryptoalgo": "AES", "port": 161, "transport": "udp", "disabled": false},
          {"device_id": 4, "hostname": "off", "snmpver": "v2c", "community": "x", "disabled": 1},
          {"device_id": 5, "hostname": "tcp", "snmpver": "v2c", "community": "x", "transport": "tcp"},
          {"device_id": 6, "hostname": "none", "snmpver": "v3", "authlevel": "authPriv", "authname": ""}],
         "count": 6}
        """,
        "{name}",
        "imported");
    assertThat(proposal.profiles()).isEqualTo(2);
    SnmpSettings core2 = snmp("core2", "profiles: {imported: {}}");
    assertThat(core2.address()).isEqualTo("[2001:db8::2]:1161");
    assertThat(core2.community()).isEqualTo(new Secret("s3cret"));
    SnmpSettings edge = snmp("edge", "profiles: {imported: {}}");
    assertThat(edge.user().authentication()).isEqualTo(Authentication.SHA);
    assertThat(edge.user().privacyPass()).isEqualTo(new Secret("encrypt me"));
    assertThat(leftOut())
        .containsExactly(
            "listed:9: left out: 'off' is not asked by LibreNMS either",
            "listed:10: left out: 'tcp' is asked over tcp",
            "listed:11: left out: 'none' has no user, which SNMPv3 needs");
  }

  @Test
  void devicesOfNetBoxAreNamedByWhatNetBoxKnows() throws Exception {
    read(
        InventoryFormat.NETBOX,
        """
        {"count": 3, "next": null, "results": [
          {"id": 1, "name": "core1", "site": {"id": 1, "name": "London", "slug": "lon"},
           "device_role": {"slug": "core"}, "status": {"value": "active", "label": "Active"},
           "primary_ip": {"id": 1, "address": "10.0.0.1/24"}, "custom_fields": {"rack_unit": 7}},
          {"id": 2, "name": "core2", "site": {"slug": "lon"}, "role": {"slug": "core"},
           "primary_ip": null, "primary_ip6": {"address": "2001:db8::2/64"}, "custom_fields": {}},
          {"id": 3, "name": "patch panel", "primary_ip": null},
          {"id": 4, "name": null}]}
        """,
        "{site}/{name}",
        "{role}");
    Configuration read = configuration("profiles: {core: {snmp: {timeout: 3s}}}");
    assertThat(read.systems().values())
        .extracting(system -> system.name() + " " + system.settings().address())
        .containsExactly("lon/core1 10.0.0.1:161", "lon/core2 [2001:db8::2]:161");
    assertThat(read.systems().get("lon/core1").limits().timeout()).hasSeconds(3);
    assertThat(leftOut())
        .containsExactly(
            "export:7: left out: 'patch panel' has no primary address",
            "export:8: left out: has no name");
  }

  @Test
  void aTableThatNetBoxExportsIsReadToo() throws Exception {
    Path file = folder.resolve("netbox.csv");
    Files.writeString(
        file, "Name,Status,Tenant,Site,Role,IP Address\ncore1,Active,,lon,core,10.0.0.1/24\n");
    proposal = InventoryFormat.NETBOX.read(file, new NameTemplate("{site}/{name}"), List.of());
    assertThat(configuration().systems()).containsOnlyKeys("lon/core1");
  }

  @Test
  void aSystemCannotHaveTheNameOfADirectoryOfOthers() throws Exception {
    read(InventoryFormat.CSV, "name,address\nlon,10.0.0.1\nlon/core1,10.0.0.2\n.x,a\n", "{name}");
    assertThat(configuration().systems()).containsOnlyKeys("lon/core1");
    assertThat(leftOut())
        .containsExactly(
            "listed:2: left out: 'lon' is for 'lon/core1' a directory",
            "listed:4: left out: '.x' is not a name; names that begin with a dot are the daemon's"
                + " own");
  }

  @Test
  void aFieldThatIsMissingIsNamedWithThoseThatAreThere() throws Exception {
    read(InventoryFormat.CSV, "name,address\na,10.0.0.1\n", "{site}/{name}");
    assertThat(leftOut())
        .containsExactly("listed:2: left out: has no 'site'; it has name, address");
  }

  @Test
  void whatIsNotOfTheFormatIsExplained() {
    assertThatThrownBy(() -> read(InventoryFormat.NETBOX, "{\"detail\": \"no token\"}", "{name}"))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("has no list of 'results'");
    assertThatThrownBy(() -> read(InventoryFormat.SNMP_EXPORTER, "if_mib: {}", "{name}"))
        .hasMessageContaining("has no 'auths'");
    assertThatThrownBy(() -> read(InventoryFormat.CSV, "name,address\n\"a,10.0.0.1\n", "{name}"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new NameTemplate("{name"))
        .hasMessage("'{name' is not a template; expected fields in braces, as in '{site}/{name}'");
  }
}
