package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code mount-scripts/monitoring} has for Prometheus and Grafana, with a real Prometheus that
 * scrapes a daemon on a simulated network.
 */
@Timeout(90)
@Needs({Needs.Thing.PROMETHEUS, Needs.Thing.PYTHON3})
class PrometheusIT {
  private static final Path MONITORING =
      Path.of("../mount-scripts/monitoring").toAbsolutePath().normalize();
  private static final String ADDRESS = "127.52.4.250";

  @RegisterExtension final Programs programs = new Programs();
  @TempDir private Path folder;

  @Test
  void configurationAndRulesAreValidAndEveryAlertFiresInItsTest() throws Exception {
    String rules = MONITORING.resolve("rules.yml").toString();
    programs.run("promtool", "check", "rules", "--lint-fatal", rules).good();
    programs
        .run(
            "promtool",
            "check",
            "config",
            "--syntax-only",
            MONITORING.resolve("prometheus.yml").toString())
        .good();
    String test = MONITORING.resolve("rules-test.yml").toString();
    programs.run("promtool", "test", "rules", test).good();

    String fired = Files.readString(Path.of(test));
    Pattern firing = Pattern.compile("alertname: (\\w+)\\s+exp_alerts:\\s+- exp_labels");
    assertThat(words(Files.readString(Path.of(rules)), Pattern.compile("- alert: (\\w+)")))
        .isEqualTo(words(fired, firing));
  }

  private static Set<String> words(String text, Pattern pattern) {
    Set<String> words = new TreeSet<>();
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      words.add(matcher.group(1));
    }
    return words;
  }

  @Test
  void everyExpressionOfTheRulesAndOfTheBoardHasDataInPrometheus() throws Exception {
    try (ScrapedDaemon daemon =
        ScrapedDaemon.start(
            folder,
            "ttl: {counter: 300ms, state: 300ms}\n",
            SimulationOptions.builder()
                .systems(6)
                .rows(4)
                .rtt(Duration.ofMillis(1))
                .firstAddress("127.52.4.1"))) {
      // One that does not answer: its scrapes fail, and the daemon's exchanges time out.
      daemon.network().agents().get(5).faults(Faults.builder().dead(true).build());
      String server = prometheus(daemon);
      String check = MONITORING.resolve("check").toString();
      String[] said = {""};
      eventually(
          "every expression has data",
          () -> {
            Programs.Result result = programs.run("python3", check, server);
            said[0] = result.text() + result.errors();
            return result.status() == 0 || said[0].contains("INVALID");
          });
      assertThat(said[0]).doesNotContain("INVALID", "EMPTY");

      String down = query(server, "max(job:systems_down:count)");
      assertThat(down).as("the dead one").contains("\"1\"]");
      eventually(
          "its alert is on its way",
          () -> ScrapedDaemon.body(server, "/api/v1/alerts").contains("SystemDown"));
    }
  }

  private static String query(String server, String expression) throws Exception {
    return ScrapedDaemon.body(
        server, "/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
  }

  /** Starts one with the shipped configuration, but for addresses and intervals. */
  private String prometheus(ScrapedDaemon daemon) throws Exception {
    String at = daemon.address().getHostString() + ":" + daemon.address().getPort();
    String shipped = Files.readString(MONITORING.resolve("prometheus.yml"));
    String config =
        shipped
            .replace("127.0.0.1:9161", at)
            .replace("scrape_interval: 30s", "scrape_interval: 1s")
            .replace("scrape_timeout: 10s", "scrape_timeout: 1s")
            .replace("evaluation_interval: 30s", "evaluation_interval: 1s")
            .replace("rules.yml", MONITORING.resolve("rules.yml").toString());
    assertThat(config).doesNotContain("9161", "30s");
    Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
      port = free.getLocalPort();
    }
    Programs.Running prometheus =
        programs.start(
            "prometheus",
            "--config.file=" + file,
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=" + ADDRESS + ":" + port);
    String server = "http://" + ADDRESS + ":" + port;
    eventually(
        "Prometheus is ready",
        () -> {
          assertThat(prometheus.isAlive()).as(prometheus.errors()).isTrue();
          return prometheus.errors().contains("Server is ready to receive web requests");
        });
    return server;
  }
}
