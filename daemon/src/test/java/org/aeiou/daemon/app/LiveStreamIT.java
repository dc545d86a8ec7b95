package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.SimulatedAgent;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Eventually;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The event stream over real sockets, in front of simulated agents. */
@Timeout(60)
class LiveStreamIT {
  private static final String NAME = "core1/system/sysName";
  private static final Oid SYS_NAME = Oid.parse("1.3.6.1.2.1.1.5.0");

  private static final Oid SYS_CONTACT = Oid.parse("1.3.6.1.2.1.1.4.0");

  private static WebDaemon web;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    web =
        new WebDaemon(
            folder,
            "ttl: {config: 300ms, counter: 300ms}\n",
            SimulationOptions.builder()
                .systems(3)
                .rows(2)
                .port(0)
                .firstAddress("127.53.2.1")
                .build());
  }

  @AfterAll
  static void stop() throws Exception {
    web.close();
  }

  private static String showing(String... paths) {
    return "{\"cells\": ["
        + IntStream.range(0, paths.length)
            .mapToObj(i -> "\"" + paths[i] + "\"")
            .collect(Collectors.joining(","))
        + "]}";
  }

  @Test
  void whatIsNotCachedComesPendingAndThenWithItsOutcome() throws Exception {
    String speed = "core1/interfaces/eth0/ifSpeed";
    try (SseClient browser = SseClient.open(web.url())) {
      assertThat(
              browser.show(
                  showing(speed, NAME, "core1/nothing/x", "core1/system", "nowhere/system/a")))
          .isEqualTo(204);
      Map<Object, Object> states =
          browser.await("cells").array().stream()
              .collect(Collectors.toMap(cell -> cell.get("p"), cell -> cell.get("s")));
      assertThat(states)
          .containsEntry(speed, "pending")
          .containsEntry("core1/nothing/x", "failed")
          .containsEntry("core1/system", "failed")
          .containsEntry("nowhere/system/a", "failed");
      assertThat(browser.cell("nowhere/system/a").get("e")).asString().contains("'nowhere'");
      assertThat(browser.awaitState(speed, "fresh").get("v")).isInstanceOf(Long.class);
      Map<String, Object> name = browser.awaitState(NAME, "fresh");
      assertThat(name.get("v")).isEqualTo("core1");
      assertThat(name.get("ttl")).isEqualTo(300L);
      assertThat((Long) name.get("t")).isGreaterThanOrEqualTo((Long) name.get("c"));

      try (SseClient other = SseClient.open(web.url())) {
        other.show(showing(NAME));
        assertThat(other.await("cells").array().get(0).get("s")).isEqualTo("fresh");
      }
    }
  }

  @Test
  void aRateIsACellLikeOthers() throws Exception {
    String rate = "core1/interfaces/eth0/ifInOctets.rate";
    try (SseClient browser = SseClient.open(web.url(), "api/v1/watch?path=" + rate)) {
      long first = (Long) browser.awaitState(rate, "fresh").get("t");
      browser.await(rate, cell -> cell.get("s").equals("fresh") && (Long) cell.get("t") > first);
      assertThat(browser.cell(rate).get("v")).isInstanceOf(Number.class);
    }
  }

  @Test
  void aChangeAtTheAgentIsToldToAllAndTheEndOfTheLastStreamEndsThePolling() throws Exception {
    String contact = "lon/edge1/system/sysContact";
    SimulatedAgent agent = web.network.agent("lon/edge1");
    try (SseClient browser = SseClient.open(web.url());
        SseClient other = SseClient.open(web.url())) {
      browser.show(showing(contact));
      other.show(showing(contact));
      browser.awaitState(contact, "fresh");
      agent.set(SYS_CONTACT, new Value.Octets(Value.OctetsType.OCTETS, "new".getBytes(UTF_8)));
      browser.await(contact, cell -> "new".equals(cell.get("v")));
      other.await(contact, cell -> "new".equals(cell.get("v")));
      assertThat(browser.delete()).isEqualTo(204);
      Eventually.eventually("the response ends", browser::isEnded);
      other.await(contact, cell -> "new".equals(cell.get("v")));
      assertThat(other.delete()).isEqualTo(204);
    }
    Eventually.eventually("asked no more", () -> isQuiet(agent));
  }

  /** What is watched is asked each 300 ms at the least. */
  private static boolean isQuiet(SimulatedAgent agent) throws Exception {
    long packets = agent.counts().requests();
    Thread.sleep(700);
    return agent.counts().requests() == packets;
  }

  @Test
  void theEndOfAConnectionIsSeenAtOnce() throws Exception {
    long before = web.stat("stream.ended");
    try (SseClient browser = SseClient.open(web.url())) {
      browser.id();
    }
    long start = System.nanoTime();
    Eventually.eventually("seen to be gone", () -> web.stat("stream.ended") > before);
    assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(10));
  }

  @Test
  void afterABreakTheBrowserIsToldWhatItMissedAndNothingElse() throws Exception {
    SimulatedAgent agent = web.network.agent("sw2");
    String name = "sw2/system/sysName";
    String id;
    String lastId;
    try (SseClient browser = SseClient.open(web.url())) {
      browser.show(showing(name, "sw2/nothing"));
      browser.awaitState(name, "fresh");
      Eventually.eventually("an id", () -> browser.lastId() != null);
      id = browser.id();
      lastId = browser.lastId();
    }
    agent.set(SYS_NAME, new Value.Octets(Value.OctetsType.OCTETS, "renamed".getBytes(UTF_8)));
    try (SseClient again = SseClient.again(web.url(), lastId)) {
      assertThat(again.await("hello").object()).containsEntry("resumed", true);
      assertThat(again.id()).isEqualTo(id);
      again.await(name, cell -> "renamed".equals(cell.get("v")));
      assertThat(again.cell("sw2/nothing")).as("did not change").isNull();
    }
    try (SseClient unknown = SseClient.again(web.url(), "x.y.0.0")) {
      assertThat(unknown.await("reset").data()).contains("restarted");
    }
  }

  @Test
  void aSystemThatIsTakenOutOfTheConfigurationFailsAndHasValuesWhenItIsBack() throws Exception {
    try (SseClient browser = SseClient.open(web.url())) {
      browser.show(showing(NAME));
      browser.awaitState(NAME, "fresh");
      web.reload("  core1:", "  core9:");
      assertThat(browser.awaitState(NAME, "failed").get("e"))
          .asString()
          .contains("core1")
          .contains("configuration");
      web.reload("", "");
      browser.awaitState(NAME, "fresh");
    }
  }

  @Test
  void systemsAndEventsAreToldToStreamsThatShowThem() throws Exception {
    try (SseClient browser = SseClient.open(web.url())) {
      browser.show("{\"cells\": [\"" + NAME + "\"], \"systems\": true, \"events\": true}");
      assertThat(browser.await("systems").array()).hasSize(3);
      web.reload("  sw2:", "  sw3:");
      Eventually.eventually(
          "told that sw2 is gone",
          () -> browser.events().stream().anyMatch(is -> is.data().contains("\"gone\":true")));
      web.reload("", "");
      Eventually.eventually(
          "told of a reload",
          () -> browser.events().stream().anyMatch(is -> is.data().contains("\"reload\"")));
    }
  }

  @Test
  void hundredsOfStreamsThatAreOpenedAndDroppedLeaveRoomForOthers() throws Exception {
    URI url = URI.create(web.url());
    byte[] get =
        "GET /api/v1/stream HTTP/1.1\r\nHost: %s\r\n\r\n"
            .formatted(url.getAuthority())
            .getBytes(UTF_8);
    long before = web.stat("stream.opened");
    for (int i = 0; i < 600; i++) {
      try (Socket socket = new Socket(url.getHost(), url.getPort())) {
        socket.setSoLinger(true, 0); // dropped, not closed
        socket.getOutputStream().write(get);
        if (i % 2 == 0) {
          assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
      }
    }
    Eventually.eventually("opened", () -> web.stat("stream.opened") >= before + 300);
    try (SseClient browser = SseClient.open(web.url())) {
      browser.show(showing(NAME));
      browser.awaitState(NAME, "fresh");
    }
  }

  @Test
  void theEndOfTheDaemonEndsAHundredStreamsAtOnce(@TempDir Path folder) throws Exception {
    List<SseClient> browsers = new ArrayList<>();
    WebDaemon ending =
        new WebDaemon(
            folder,
            "",
            SimulationOptions.builder()
                .systems(1)
                .rows(1)
                .port(0)
                .firstAddress("127.53.4.1")
                .build());
    long took;
    try {
      for (int i = 0; i < 100; i++) {
        browsers.add(SseClient.open(ending.url()));
      }
      browsers.get(99).show(showing(NAME));
      browsers.get(99).awaitState(NAME, "fresh");
    } finally {
      long start = System.nanoTime();
      ending.close();
      took = System.nanoTime() - start;
    }
    assertThat(took).isLessThan(SECONDS.toNanos(3));
    for (SseClient browser : browsers) {
      Eventually.eventually("the stream ends", browser::isEnded);
      browser.close();
    }
  }
}
