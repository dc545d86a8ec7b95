package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.simulator.Faults;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /snmp} of a daemon in this process, on real sockets, from simulated agents. */
@Timeout(60)
class SnmpScrapesIT {
  private static final int SCRAPERS = 10;
  private static final Pattern AGE = Pattern.compile("aeiou_reading_age_seconds\\{.*\\} (\\S+)");

  @TempDir static Path folder;
  private static ScrapedDaemon daemon;

  @BeforeAll
  static void start() throws Exception {
    daemon =
        ScrapedDaemon.start(
            folder,
            SimulationOptions.builder()
                .systems(40)
                .rows(48)
                .rtt(Duration.ofMillis(2))
                .firstAddress("127.52.3.1"));
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  /** A switch; each test has its own. */
  private static SimulatedAgent agent(int number) {
    return daemon.network().agents().stream()
        .filter(agent -> agent.name().matches("sw.*|.*/edge.*"))
        .toList()
        .get(number);
  }

  private static List<HttpResponse<String>> atOnce(int scrapers, String query) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(scrapers);
    try {
      List<Callable<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < scrapers; i++) {
        all.add(() -> daemon.get(query));
      }
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (Future<HttpResponse<String>> each : threads.invokeAll(all)) {
        answers.add(each.get());
      }
      return answers;
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void tenScrapersAtOnceCostTheSystemWhatOneDoes() throws Exception {
    SimulatedAgent one = agent(1);
    SimulatedAgent ten = agent(2);
    assertThat(daemon.get("snmp?target=" + agent(1).name()).statusCode()).isEqualTo(200);

    List<HttpResponse<String>> answers = atOnce(SCRAPERS, "snmp?target=" + agent(2).name());

    assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
    assertThat(answers.stream().map(answer -> samples(answer.body())).distinct()).hasSize(1);
    assertThat(samples(answers.get(0).body()).size()).isGreaterThan(48 * 35);
    // What agents have, and so how much fits a packet, differs a little from one to the next.
    double objects = ten.counts().objects() / (double) one.counts().objects();
    double requests = ten.counts().requests() / (double) one.counts().requests();
    assertThat(objects).isBetween(0.9, 1.1);
    assertThat(requests).isBetween(0.8, 1.2);
  }

  /** The values, without what is said of the scrape. */
  private static List<String> samples(String body) {
    return body.lines()
        .filter(line -> !line.startsWith("#"))
        .filter(line -> !line.startsWith("snmp_scrape_") && !line.startsWith("aeiou_"))
        .toList();
  }

  @Test
  void nextScraperIsServedFromTheCacheAndToldTheAges() throws Exception {
    SimulatedAgent agent = agent(3);
    daemon.body("snmp?target=" + agent(3).name());
    long requests = agent.counts().requests();
    Thread.sleep(50);

    String body = daemon.body("snmp?target=" + agent(3).name());

    assertThat(agent.counts().requests()).isEqualTo(requests);
    Matcher age = AGE.matcher(body);
    List<Double> ages = new ArrayList<>();
    while (age.find()) {
      ages.add(Double.parseDouble(age.group(1)));
    }
    assertThat(ages).hasSize(4).allMatch(seconds -> seconds > 0.04 && seconds < 5);
  }

  @Test
  void deadTargetIsSaidWithinTheScrapesDeadlineAndNothingOldIsExported() throws Exception {
    SimulatedAgent agent = agent(4);
    daemon.body("snmp?target=" + agent(4).name() + "&module=system");
    agent.faults(Faults.builder().dead(true).build());
    HttpRequest request =
        daemon
            .request("snmp?target=" + agent(4).name() + "&module=if_mib,system")
            .header("X-Prometheus-Scrape-Timeout-Seconds", "1.5")
            .build();

    long start = System.nanoTime();
    HttpResponse<String> answer = ScrapedDaemon.send(request);
    double seconds = (System.nanoTime() - start) / 1e9;

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .startsWith(
            "An error has occurred while serving metrics:\n\nerror scraping target "
                + agent(4).name()
                + ": ")
        .doesNotContain("sysDescr");
    assertThat(seconds).isBetween(0.9, 1.5);
    assertThat(daemon.get("snmp?target=" + agent(5).name()).statusCode())
        .as("another")
        .isEqualTo(200);
  }

  @Test
  void targetMayBeAnAddressAndAnUnknownOneIsSaid() throws Exception {
    InetSocketAddress at = agent(6).address();
    String host = at.getAddress().getHostAddress();

    assertThat(daemon.body("snmp?target=udp%3A%2F%2F" + host + ":" + at.getPort()))
        .contains("ifNumber 48\n");

    HttpResponse<String> answer = daemon.get("snmp?target=192.0.2.1&module=if_mib");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("Unknown target '192.0.2.1': no system has this name");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(daemon.get("snmp?target=%ff").statusCode()).isEqualTo(400);
    assertThat(daemon.get("snmp?target=" + agent(6).name() + "%00").statusCode()).isEqualTo(400);
  }

  @Test
  void onlyReadingIsAllowed() throws Exception {
    HttpRequest post =
        daemon
            .request("snmp?target=" + agent(7).name())
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    HttpRequest head =
        daemon
            .request("snmp?target=" + agent(7).name())
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();

    assertThat(ScrapedDaemon.send(post).statusCode()).isEqualTo(405);
    HttpResponse<String> answer = ScrapedDaemon.send(head);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void scraperThatDoesNotReadCostsABufferAndHurtsNoOther() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      String query = "module=if_mib,storage,system";
      for (int i = 0; i < 30; i++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1);
        socket.connect(daemon.address());
        sockets.add(socket);
        String line =
            "GET /snmp?target="
                + agent(8).name()
                + "&"
                + query
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        socket.getOutputStream().write(line.repeat(20).getBytes(US_ASCII));
        socket.getOutputStream().flush();
      }
      eventually("an answer waits", () -> stat("http.snmp.answer-bytes") > 0);

      String body = daemon.body("snmp?target=" + agent(9).name());

      assertThat(body).contains("ifNumber 48\n");
      assertThat(stat("http.snmp.answer-bytes")).isLessThan(30L * 100_000);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    eventually("none does", () -> stat("http.snmp.answer-bytes") == 0);
    assertThat(stat("http.snmp.scrapes.aborted")).isPositive();
  }

  private static long stat(String name) {
    return daemon.daemon().metrics().read().get(name);
  }

  @Test
  void systemsOfTheNextConfigurationAreTargets() throws Exception {
    String before = daemon.network().configuration();
    try {
      daemon.reload(
          "http: {listen: '127.0.0.1:0'}\n"
              + before.replaceFirst("(?m)^  \"?" + agent(10).name() + "\"?:", "  renamed:"));

      assertThat(daemon.get("snmp?target=" + agent(10).name()).statusCode()).isEqualTo(400);
      assertThat(daemon.body("snmp?target=renamed")).contains("ifNumber 48\n");
    } finally {
      daemon.reload("http: {listen: '127.0.0.1:0'}\n" + before);
    }
  }

  @Test
  void modulesOfTheUsersOwnAreThoseOfTheConfiguration(@TempDir Path own) throws Exception {
    Files.writeString(
        own.resolve("mine.yaml"), "modules: {mine: {groups: [system], only: [sysUpTime]}}\n");
    try (ScrapedDaemon other =
        ScrapedDaemon.start(
            own,
            "snmp-modules: [mine.yaml]\n",
            SimulationOptions.builder().systems(1).rows(1).firstAddress("127.52.5.1"))) {
      assertThat(samples(other.body("snmp?target=core1&module=mine")))
          .hasSize(1)
          .first()
          .asString()
          .startsWith("sysUpTime ");
    }
  }

  @Test
  void everyAttributeGroupOfASystemCanBeScraped() throws Exception {
    Pattern sample =
        Pattern.compile("[a-zA-Z_]\\w*(\\{(\\w+=\"([^\"\\\\\n]|\\\\.)*\",?)+\\})? -?[0-9.E+-]+");
    for (String name : List.of("srv1", "core1", agent(11).name())) {
      for (String group :
          List.of(
              "storage",
              "devices",
              "cpu",
              "load",
              "ups",
              "lldp-neighbours",
              "physical",
              "sensors",
              "ip-addresses")) {
        String body = daemon.body("snmp?target=" + name + "&module=" + group);
        assertThat(body.lines().filter(line -> !line.startsWith("#")))
            .isNotEmpty()
            .allMatch(line -> sample.matcher(line).matches());
      }
    }
  }
}
