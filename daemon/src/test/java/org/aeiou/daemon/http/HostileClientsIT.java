package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.config.TlsFiles;
import org.aeiou.daemon.metrics.Event;
import org.aeiou.daemon.testing.Certificates;
import org.aeiou.daemon.testing.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients can do to the server, on real sockets; time is the test's. */
class HostileClientsIT {
  private static final String HERE = "127.51.0.1";
  private static final String ASK = "GET /healthz HTTP/1.1\r\nHost: " + HERE + "\r\n";

  @TempDir private Path folder;

  private final AtomicLong nanos = new AtomicLong();
  private final List<Socket> sockets = new ArrayList<>();
  private final Queue<Event> events = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private int port;

  private void start(TlsFiles tls) throws Exception {
    HttpSettings settings =
        new HttpSettings(
            List.of(new InetSocketAddress(HERE, 0)),
            null,
            tls,
            Set.of(),
            new HttpSettings.Connections(24, 16),
            true);
    Ticker ticker =
        new Ticker() {
          @Override
          public long read() {
            return nanos.get();
          }
        };
    Route health = new Route("/healthz", new HealthHandler(() -> ""), true);
    server = new HttpServer(settings, List.of(health), events::add, ticker, InstantSource.system());
    server.start();
    port = URI.create(server.urls().get(0)).getPort();
  }

  @AfterEach
  void end() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  private Socket connect(String from) throws IOException {
    Socket socket = new Socket(HERE, port, InetAddress.getByName(from), 0);
    socket.setSoTimeout(10_000);
    sockets.add(socket);
    return socket;
  }

  /** What is answered to some octets, until the server ends the connection. */
  private String answer(String from, String octets) throws IOException {
    try (Socket socket = connect(from)) {
      socket.getOutputStream().write(octets.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private void isAnswered(String from) throws IOException {
    assertThat(answer(from, ASK + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .endsWith("ok\n");
  }

  private long counted(String name) {
    return server.metrics().values().get(name);
  }

  @Test
  void manyConnectionsOfOneAddressKeepNoOtherOut() throws Exception {
    start(null);
    for (int i = 0; i < 1000; i++) {
      connect("127.51.0.66");
    }
    Eventually.eventually("refused", () -> counted("refused-of-address") == 1000 - 16);
    assertThat(counted("connections")).isEqualTo(16);
    assertThat(new String(connect("127.51.0.66").getInputStream().readAllBytes(), US_ASCII))
        .startsWith("HTTP/1.1 429 Too Many Requests");
    assertThat(events)
        .allMatch(event -> event.fields().get("source").equals("127.51.0.66"))
        .allMatch(event -> event.fields().get("status").equals(429));
    isAnswered("127.51.0.67");
  }

  @Test
  void moreThanThereMayBeAreRefusedWithALineThatSaysSo() throws Exception {
    start(null);
    for (int i = 0; i < 24; i++) {
      connect("127.51.0." + (60 + i));
    }
    Eventually.eventually("all are admitted", () -> counted("connections") == 24);
    assertThat(new String(connect("127.51.0.99").getInputStream().readAllBytes(), US_ASCII))
        .startsWith("HTTP/1.1 503 Service Unavailable")
        .contains("Retry-After: 5")
        .endsWith("there are too many connections\n");
    sockets.get(0).close();
    Eventually.eventually("there is room", () -> counted("connections") < 24);
    isAnswered("127.51.0.99");
  }

  @Test
  void aConnectionThatSendsItsRequestOctetByOctetEnds() throws Exception {
    start(null);
    Socket slow = connect("127.51.0.66");
    Socket kept = connect("127.51.0.67");
    kept.getOutputStream().write((ASK + "\r\n").getBytes(US_ASCII));
    assertThat(kept.getInputStream().read()).isEqualTo('H');
    for (int i = 0; i < 11; i++) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      slow.getOutputStream().write(ASK.charAt(i));
    }
    assertThat(slow.getInputStream().read()).isEqualTo(-1);
    Eventually.eventually("it is counted", () -> counted("idle") == 1);
    kept.getOutputStream().write((ASK + "Connection: close\r\n\r\n").getBytes(US_ASCII));
    assertThat(new String(kept.getInputStream().readAllBytes(), US_ASCII)).endsWith("ok\n");
  }

  @Test
  void whatIsNoRequestIsRefusedWithoutHarm() throws Exception {
    start(null);
    Map<String, String> statuses =
        Map.of(
            "\u0000\u0001\u0002\u0003 garbage\r\n\r\n",
            "400",
            "GET /healthz HTTP/1.1\r\n\r\n",
            "400",
            "GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n",
            "505",
            ASK + "X: " + "x".repeat(20_000) + "\r\n\r\n",
            "431",
            "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n",
            "414",
            ASK + "Content-Length: -1\r\n\r\n",
            "400",
            ASK + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400",
            ASK.replace("/healthz", "/%2e%2e/healthz") + "\r\n\r\n",
            "400");
    for (Map.Entry<String, String> each : statuses.entrySet()) {
      assertThat(answer("127.51.0.66", each.getKey()))
          .as(each.getKey().substring(0, Math.min(60, each.getKey().length())))
          .startsWith("HTTP/1.1 " + each.getValue())
          .contains("Content-Security-Policy: default-src 'none'")
          .doesNotContain("Jetty", "jetty");
    }
    assertThat(counted("refused.unreadable")).isEqualTo(statuses.size());
    isAnswered("127.51.0.66");
  }

  @Test
  void aClientThatClosesItsHalfIsAnswered() throws Exception {
    start(null);
    try (Socket socket = connect("127.51.0.66")) {
      socket.getOutputStream().write((ASK + "\r\n").getBytes(US_ASCII));
      socket.shutdownOutput();
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII)).endsWith("ok\n");
    }
    Eventually.eventually("it is forgotten", () -> counted("connections") == 0);
  }

  @Test
  void whatIsNoTlsEndsAndTakesNoPlace() throws Exception {
    Certificates.copy(folder);
    start(
        new TlsFiles(
            folder.resolve("server.pem"), folder.resolve("server.key"), folder.resolve("ca.pem")));
    for (int i = 0; i < 40; i++) {
      assertThat(answer("127.51.0.66", ASK + "\r\n")).doesNotContain("HTTP/1.1");
    }
    Eventually.eventually("all are forgotten", () -> counted("connections") == 0);
    Socket silent = connect("127.51.0.66");
    Eventually.eventually("it is admitted", () -> counted("connections") == 1);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
    assertThat(silent.getInputStream().read()).isEqualTo(-1);
  }
}
