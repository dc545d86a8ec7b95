package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationException;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.metrics.EventLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member of a cluster reads its configuration again; there is no broker. */
class ReloadedMemberTest {
  private static final String CLUSTER = "cluster: {servers: \"nats://127.66.0.9:1\", role: %s}\n";
  private static final String SYSTEMS = "systems: {core1: \"127.0.0.1:1\"}\n";
  private static final String NEW_START = "a new start: do it";

  @TempDir private Path folder;

  private Configuration read(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("net.yaml"), text);
    return ConfigurationReader.read(file, Map.of(), Backends.ALL);
  }

  private Daemon daemon(String text) throws Exception {
    return new Daemon(
        Path.of("net.yaml"),
        read(text),
        Backends.ALL,
        Catalogue.load(List.of()),
        new EventLog(InstantSource.system()));
  }

  @Test
  void aMemberThatOnlyReadsCannotBeginToAsk() throws Exception {
    try (Daemon reader = daemon(CLUSTER.formatted("read") + SYSTEMS)) {
      Configuration asking = read(CLUSTER.formatted("[poll, read]") + SYSTEMS);
      assertThatThrownBy(() -> reader.checked(asking))
          .isInstanceOfSatisfying(
              ConfigurationException.class,
              refused ->
                  assertThat(refused.errors())
                      .containsExactly(
                          "net.yaml: cluster.role: this process only reads, and is not to any"
                              + " more: that takes a new start"));
      Configuration reading = read(CLUSTER.formatted("read") + "systems: {core2: {}}\n");
      assertThat(reader.reload(reader.checked(reading), NEW_START))
          .containsExactly("1 systems: 0 as before, 0 asked in another way, 1 new, 1 gone");
    }
  }

  @Test
  void aMemberStaysOneIfTheFileNamesNoClusterAnyMore() throws Exception {
    try (Daemon poller = daemon(CLUSTER.formatted("poll") + SYSTEMS)) {
      assertThat(poller.reload(poller.checked(read(SYSTEMS)), NEW_START))
          .containsExactly(
              "1 systems: 1 as before, 0 asked in another way, 0 new, 0 gone",
              "what changed below 'cluster' takes a new start: do it");
      assertThat(poller.membership().name()).isEqualTo("main");
    }
  }
}
