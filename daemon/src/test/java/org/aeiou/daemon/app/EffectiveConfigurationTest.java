package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EffectiveConfigurationTest {
  @TempDir private Path folder;

  private Configuration read(String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve(name), text);
    return ConfigurationReader.read(file, Map.of(), Backends.ALL);
  }

  @Test
  void itReadsBackAsTheConfigurationItIsOf() throws Exception {
    Configuration configuration =
        read(
            "net.yaml",
            """
            mount: {owner: 5, group: 6, mode: "0440", allow-other: true}
            attach: {clients: 7, socket: "a b.sock", memory: 9}
            defaults: {snmp: {community: "***", retries: 4, timeout: 700ms}}
            budget: {requests-per-second: 500}
            http: {listen: [127.0.0.1, "[::1]:0"], hosts: [b, a], connections: 20, metrics: {systems: no}}
            cluster: {servers: [n1, "tls://n2:1"], name: lab, site: lon, member: a, slots: 64, sites: {lon: [lon/*, "a: b *"], null: core1}, ttl: 2500ms, tls: {}}
            budgets: {lon: {requests-per-second: 0.25, burst: 3}}
            systems:
              paced: {address: host, budget: lon, snmp: {requests-per-second: 20, burst: 7}}
              lon/edge7: "[::1]:1161"
              "a: b #c": {address: host, charset: GBK, ttl: {state: 1500ms, grace: 2.5}}
              "null": 10.0.0.1
            """);
    String text = EffectiveConfiguration.of(Path.of("a\nb"), configuration);
    assertThat(read("net.yaml", text)).isEqualTo(configuration);
  }

  @Test
  void pollersThatPutSystemsIntoOtherSlotsHaveAnotherDigest() throws Exception {
    assertThat(
            List.of(
                digest(""),
                digest(", slots: 512"),
                digest(", sites: {a: a*, b: b*}"),
                digest(", sites: {b: b*, a: a*}"),
                digest(", sites: {a: a*, b: c*}")))
        .doesNotHaveDuplicates();
    assertThat(digest(", site: a, sites: {a: a*, b: b*}"))
        .as("each member is at a site of its own")
        .isEqualTo(digest(", site: b, sites: {a: a*, b: b*}"));
    assertThat(digest(", sites: {}")).isEqualTo(digest(""));
  }

  private String digest(String cluster) throws Exception {
    Configuration configuration =
        read("net.yaml", "cluster: {servers: n1" + cluster + "}\nsystems: {a1: host}\n");
    return EffectiveConfiguration.digest(configuration, configuration.cluster());
  }

  @Test
  void itShowsNoSecret() throws Exception {
    Configuration configuration =
        read(
            "net.yaml",
            """
            http: {listen: 127.0.0.1, token: hunter22hunter22}
            cluster: {servers: n1, user: ops, password: hunter22}
            systems:
              a: {address: a, snmp: {community: hunter22}}
              b:
                address: b
                snmp:
                  version: 3
                  user: ops
                  auth: {protocol: SHA, pass: hunter22}
                  privacy: {protocol: AES-128, pass: hunter22}
            """);
    assertThat(EffectiveConfiguration.of(Path.of("net.yaml"), configuration))
        .doesNotContain("hunter22")
        .contains("http: {listen: [127.0.0.1:9161], token: \"***\",")
        .contains("snmp: {version: 2c, community: \"***\", timeout: 2s")
        .contains("user: ops, auth: {protocol: SHA}, privacy: {protocol: AES-128}");
  }
}
