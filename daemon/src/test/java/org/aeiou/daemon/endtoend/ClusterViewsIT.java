package org.aeiou.daemon.endtoend;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.aeiou.daemon.cli.Main;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Needs;
import org.aeiou.daemon.testing.Needs.Thing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a cluster is, as people and programs are shown it. */
@Needs({Thing.FUSE, Thing.NATS_SERVER, Thing.PYTHON3, Thing.CHROMIUM})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
final class ClusterViewsIT {
  private static final String HOST = "127.69.0.1";

  @TempDir private static Path folder;
  private static ClusterNetwork cluster;
  private static ClusterMember poller;
  private static ClusterMember mount;
  private static PageProgram browser;
  private static URI http;

  @BeforeAll
  static void start() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      port = free.getLocalPort();
    }
    http = URI.create("http://" + HOST + ":" + port + "/");
    cluster =
        ClusterNetwork.start(
            folder,
            SimulationOptions.builder().systems(8).rows(2).firstAddress("127.69.1.1"),
            "slots: 32, ttl: 2s",
            "timeout: 1s",
            "");
    poller = cluster.poller("lon-poll");
    mount = cluster.mountWith("gui", "read", "http: {listen: '%s:%d'}\n".formatted(HOST, port));
    cluster.awaitOwners(mount, "lon-poll");
    browser = new PageProgram(http.toString(), ClusterViewsIT::change);
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      if (cluster != null) {
        cluster.close();
      }
    }
  }

  /** Where it is the only poller it refuses; so there is another one. */
  private static String drained() throws Exception {
    cluster.poller("par-poll");
    eventually("there is a poller to give slots to", () -> poller.drain().exit() == 0);
    return "";
  }

  private static String change(List<String> what) throws Exception {
    return switch (what.get(0)) {
      case "names" -> String.join(" ", cluster.systems());
      case "drain" -> drained();
      default -> throw new IllegalArgumentException(what.toString());
    };
  }

  private static String get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(http.resolve(path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  @Test
  @Order(1)
  void programsAreToldHowItIs() throws Exception {
    eventually("HTTP is answered", () -> mount.log().contains("HTTP is answered"));
    assertThat(get("api/v1/cluster"))
        .contains("\"cluster\":\"test\",\"member\":\"gui\",\"broker\":{\"state\":\"connected\"")
        .contains("\"slots\":32,\"free\":[]")
        .contains(
            "{\"member\":\"gui\",", "{\"member\":\"lon-poll\",", "\"slots\":32,\"figures\":{");
    assertThat(get("api/v1/systems?system=" + cluster.systems().get(0)))
        .contains("\"owner\":\"lon-poll\"");
  }

  @Test
  @Order(1)
  void whatPrometheusIsToldToLookForIsThere() throws Exception {
    Pattern name = Pattern.compile("aeiou_cluster_\\w+");
    Set<String> wanted = new TreeSet<>();
    for (String file : List.of("rules.yml", "grafana-board.json")) {
      String text = Files.readString(Path.of("../mount-scripts/monitoring", file));
      name.matcher(text).results().forEach(found -> wanted.add(found.group()));
    }
    Set<String> there = new TreeSet<>();
    name.matcher(get("metrics")).results().forEach(found -> there.add(found.group()));
    assertThat(wanted).hasSizeGreaterThan(10).isSubsetOf(there);
  }

  @Test
  @Order(2)
  void topShowsWhichMemberAsksEachSystem() {
    Commands.Result top =
        Commands.run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "top",
            "--once",
            "--sort",
            "owner",
            "--mount",
            mount.path("").toString());
    assertThat(top.exit()).as(top.err()).isZero();
    List<String> lines = top.out().lines().toList();
    assertThat(lines.get(3)).startsWith("SYSTEM").contains(" OWNER ");
    assertThat(lines.subList(4, 12)).allMatch(line -> line.contains(" lon-poll "));
    assertThat(lines).anyMatch(line -> line.matches("lon-poll +fine +32 +8 +0s"));
  }

  @Test
  @Order(3)
  void thePageShowsTheMembersAndWhatIsTheMatter(TestInfo test) throws Exception {
    browser.check(test);
  }
}
