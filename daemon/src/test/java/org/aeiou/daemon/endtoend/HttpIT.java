package org.aeiou.daemon.endtoend;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.aeiou.daemon.app.MountedDaemonOrder;
import org.aeiou.daemon.attach.OrderHandler;
import org.aeiou.daemon.testing.Certificates;
import org.aeiou.daemon.testing.Eventually;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mounted daemon answers over HTTP, and what becomes of the mount if it cannot. */
@Needs(Needs.Thing.FUSE)
class HttpIT {
  private static final String SYSTEMS = "systems: {core1: {address: \"127.51.0.1:1\"}}\n";

  @TempDir private Path folder;

  private DaemonProcess mount(List<String> jvm, String http) throws Exception {
    Path configuration = folder.resolve("net.yaml");
    Files.writeString(configuration, http + SYSTEMS);
    Path net = Files.createDirectories(folder.resolve("net"));
    return DaemonProcess.mount(List.of(), jvm, configuration, net);
  }

  private static List<String> urls(DaemonProcess daemon) throws Exception {
    return Files.readAllLines(daemon.path(".aeiou/http"));
  }

  private static List<String> urls(DaemonProcess daemon, int count) throws Exception {
    Eventually.eventually("answers HTTP", () -> urls(daemon).size() == count);
    return urls(daemon);
  }

  private HttpResponse<String> get(String url) throws Exception {
    return get(url, (String) null);
  }

  @Test
  void aMountedDaemonTellsWhereItAnswersProbes() throws Exception {
    try (DaemonProcess daemon = mount(List.of(), "http: {listen: [127.51.0.9:0, \"[::1]:0\"]}\n")) {
      List<String> urls = urls(daemon, 2);
      for (String url : urls) {
        assertThat(get(url + "healthz").body()).isEqualTo("ok\n");
        assertThat(get(url + "readyz").body()).isEqualTo("ok\n");
        assertThat(get(url + "nothing").statusCode()).isEqualTo(404);
      }
      assertThat(get(urls.get(0) + "sd").body())
          .isEqualTo(
              "[{\"targets\":[\"core1\"],\"labels\":{\"__meta_aeiou_system\":\"core1\","
                  + "\"__meta_aeiou_address\":\"127.51.0.1:1\"}}]");
      String metrics = get(urls.get(0) + "metrics").body();
      assertThat(metrics)
          .contains("aeiou_system_misses_total{system=\"core1\"} 0\n")
          .contains("aeiou_http_requests_total ");
      assertThat(Files.readString(daemon.path(".aeiou/metrics")))
          .contains("aeiou_http_requests_total ", "process_open_fds ")
          .doesNotContain("core1");
    }
  }

  @Test
  @Needs(Needs.Thing.PROMTOOL)
  void prometheusOwnToolHasNothingToSayOfTheMetrics() throws Exception {
    try (DaemonProcess daemon = mount(List.of(), "http: 127.51.0.9:0\n")) {
      // Once with the counters of the first request in it.
      get(urls(daemon, 1).get(0) + "sd");
      String metrics = get(urls(daemon).get(0) + "metrics").body();
      Path file = Files.writeString(folder.resolve("metrics"), metrics);
      Commands.Result check = Commands.shell("promtool check metrics < " + file + " 2>&1");
      assertThat(check.out()).isEmpty();
      assertThat(check.exit()).isZero();
    }
  }

  @Test
  void aPortThatIsTakenIsToldAndCountedAndHurtsNothingElse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.51.0.9"));
        DaemonProcess daemon =
            mount(
                List.of(),
                "http: {listen: [127.51.0.9:%d, 127.51.0.8:0]}\n"
                    .formatted(taken.getLocalPort()))) {
      List<String> urls = urls(daemon, 1);
      assertThat(get(urls.get(0) + "readyz").body()).isEqualTo("ok\n");
      assertThat(daemon.log()).contains("HTTP is not answered at 127.51.0.9:");
      assertThat(Files.readString(daemon.path(".aeiou/stats")))
          .contains("http.listen-failures: 1\n");
    }
  }

  @Test
  void aReloadChangesTokensCertificatesAndAddressesWithoutANewMount() throws Exception {
    Certificates.copy(folder);
    Files.writeString(folder.resolve("token"), "first-token-0123456789\n");
    String http = "http: {listen: 127.51.0.9:0, token: \"${file:token}\"%s}\n";
    try (DaemonProcess daemon = mount(List.of(), http.formatted(""))) {
      String plain = urls(daemon, 1).get(0) + "api";
      assertThat(get(plain).statusCode()).isEqualTo(401);
      assertThat(get(plain, "first-token-0123456789").statusCode()).isEqualTo(404);
      Files.writeString(folder.resolve("token"), "other-token-0123456789\n");
      reload(daemon, http.formatted(""));
      assertThat(get(plain, "first-token-0123456789").statusCode()).isEqualTo(401);
      assertThat(get(plain, "other-token-0123456789").statusCode()).isEqualTo(404);

      String tls = ", tls: {certificate: server.pem, key: server.key, clients: ca.pem}";
      assertThat(reload(daemon, http.formatted(tls))).contains("HTTP: answered at https://127.51");
      String encrypted = urls(daemon, 1).get(0) + "api";
      assertThat(encrypted).startsWith("https://");
      HttpResponse<String> answer = get(encrypted, "other-token-0123456789");
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(nameOf(answer)).isEqualTo("CN=server");
      assertThat(get(encrypted).statusCode()).isEqualTo(401);
      assertThat(get(encrypted, certified(), null).statusCode()).isEqualTo(404);

      Files.copy(folder.resolve("renewed.key"), folder.resolve("server.key"), REPLACE_EXISTING);
      Files.copy(folder.resolve("renewed.pem"), folder.resolve("server.pem"), REPLACE_EXISTING);
      Eventually.eventually(
          "the renewed certificate is taken",
          () -> nameOf(get(encrypted, trusting(null), null)).equals("CN=renewed"));

      String open = "http: {listen: 0.0.0.0:0}\n";
      assertThat(reload(daemon, open)).contains("beyond the loopback");
      assertThat(get(encrypted, "other-token-0123456789").statusCode()).isEqualTo(404);
      assertThat(reload(daemon, "")).contains("HTTP: not answered");
      assertThat(urls(daemon)).isEmpty();
      assertThat(daemon.log()).doesNotContain("token-0123456789");
    }
  }

  private String reload(DaemonProcess daemon, String http) throws Exception {
    Files.writeString(folder.resolve("net.yaml"), http + SYSTEMS);
    return String.join(
        "\n", MountedDaemonOrder.give(daemon.path(""), OrderHandler.RELOAD, "", "SIGHUP"));
  }

  /** Trusts the authority of the tests, and shows this certificate if it is not null. */
  private HttpClient trusting(String certificate) throws Exception {
    KeyStore authority = KeyStore.getInstance("PKCS12");
    authority.load(null, null);
    try (InputStream in = Files.newInputStream(folder.resolve("ca.pem"))) {
      authority.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trusts = TrustManagerFactory.getInstance("PKIX");
    trusts.init(authority);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(
        certificate == null ? null : Certificates.load(folder.resolve(certificate)),
        Certificates.password());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private HttpClient certified() throws Exception {
    return trusting("client.p12");
  }

  private static String nameOf(HttpResponse<String> answer) throws Exception {
    return ((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }

  private HttpResponse<String> get(String url, String token) throws Exception {
    return get(url, url.startsWith("https") ? trusting(null) : HttpClient.newHttpClient(), token);
  }

  private static HttpResponse<String> get(String url, HttpClient client, String token)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aFloodOfConnectionsHurtsNeitherTheMountNorItsFiles() throws Exception {
    String http = "http: {listen: 127.51.0.9:0, connections: 64, connections-of-address: 32}\n";
    try (DaemonProcess daemon = mount(List.of(), http)) {
      String url = urls(daemon, 1).get(0);
      int port = URI.create(url).getPort();
      List<Socket> flood = new ArrayList<>();
      try {
        for (int i = 0; i < 1000; i++) {
          flood.add(new Socket("127.51.0.9", port, InetAddress.getByName("127.51.1." + i % 3), 0));
          flood.get(i).getOutputStream().write(new byte[] {0, 1, 2, 'G', 'E', 'T'}, i % 2 * 3, 3);
          if (i % 100 == 0) {
            assertThat(Files.readString(daemon.path(".aeiou/version"))).isNotEmpty();
          }
        }
      } catch (IOException e) {
        // refused while it was written to
      } finally {
        for (Socket socket : flood) {
          socket.close();
        }
      }
      Eventually.eventually(
          "the connections are forgotten",
          () -> Files.readString(daemon.path(".aeiou/stats")).contains("http.connections: 0\n"));
      assertThat(get(url + "readyz").body()).isEqualTo("ok\n");
      assertThat(daemon.threads()).isLessThan(50);
    }
  }

  @Test
  void withoutHttpNothingOfItIsLoaded() throws Exception {
    Path loaded = folder.resolve("loaded");
    try (DaemonProcess daemon = mount(List.of("-Xlog:class+load:file=" + loaded), "")) {
      assertThat(urls(daemon)).isEmpty();
    }
    assertThat(Files.readString(loaded)).contains("org.aeiou.daemon.app.Daemon ");
    assertThat(Files.readAllLines(loaded).stream().filter(HttpIT::isOfHttp)).isEmpty();
  }

  private static boolean isOfHttp(String line) {
    return line.contains(" org.eclipse.jetty")
        || line.matches(".* org\\.aeiou\\.daemon\\.http\\.[A-Z].*");
  }
}
