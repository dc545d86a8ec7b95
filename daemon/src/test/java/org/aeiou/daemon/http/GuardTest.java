package org.aeiou.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private static final String TOKEN = "0123456789abcdef0123";
  private LocalServer server;

  /** Answers all paths; one throws, one fails later. */
  private static final class Echo extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      switch (request.getHttpURI().getPath()) {
        case "/throws" -> throw new IllegalStateException("a handler threw");
        case "/refuses" -> throw new HttpException.RuntimeException(400, "not a list");
        case "/fails" -> callback.failed(new IllegalStateException("a handler failed"));
        default -> Reply.text(response, callback, 200, "read");
      }
      return true;
    }
  }

  private LocalServer start(String token, String... hosts) throws Exception {
    server = new LocalServer(LocalServer.settings(token, hosts), new Echo());
    return server;
  }

  @AfterEach
  void end() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:9161",
        "127.0.0.1:1",
        "[::1]:9161",
        "10.0.0.1",
        "netmon.example.org:80",
        "NETMON.example.org.",
        "board.localhost"
      })
  void thisMachineIsAskedByItsNamesAndByAddresses(String host) throws Exception {
    start(null, "netmon.example.org");
    assertThat(server.get("/", "Host: " + host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example"})
  void aNameThatSomebodyElseLetLeadHereIsRefused(String host) throws Exception {
    start(null, "netmon.example.org");
    LocalServer.Answer answer = server.get("/healthz", "Host: " + host);
    assertThat(answer.status()).isEqualTo(421);
    assertThat(answer.body()).contains("http.hosts").doesNotContain("evil");
    assertThat(server.counters.badHost.sum()).isEqualTo(1);
  }

  @Test
  void aPageOfAnotherSiteCanHaveABrowserAskNothing() throws Exception {
    start(null);
    assertThat(server.get("/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors").status())
        .isEqualTo(403);
    assertThat(server.get("/", "Sec-Fetch-Site: same-site").status()).isEqualTo(403);
    assertThat(server.ask("POST", "/", "x", "Origin: http://evil.example").status()).isEqualTo(403);
    assertThat(server.ask("POST", "/", "x", "Origin: null").status()).isEqualTo(403);
    assertThat(server.ask("POST", "/", "x", "Origin: http://localhost:9162").status())
        .isEqualTo(403);
    assertThat(server.counters.crossSite.sum()).isEqualTo(5);
  }

  @Test
  void theOwnPageAndALinkAndAProgramMayAsk() throws Exception {
    start(null);
    assertThat(server.get("/", "Sec-Fetch-Site: same-origin").status()).isEqualTo(200);
    assertThat(server.ask("POST", "/", "x", "Origin: http://localhost:9161").status())
        .isEqualTo(200);
    assertThat(
            server
                .get(
                    "/",
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Mode: navigate",
                    "Sec-Fetch-Dest: document")
                .status())
        .isEqualTo(200);
    assertThat(server.ask("POST", "/", "x").status()).isEqualTo(200);
  }

  @Test
  void behindAProxyThatEncryptsTheOriginHasAnotherScheme() throws Exception {
    start(null, "netmon.example.org");
    assertThat(
            server
                .ask(
                    "POST",
                    "/",
                    "x",
                    "Host: netmon.example.org",
                    "Origin: https://netmon.example.org")
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "TRACE", "OPTIONS", "PROPFIND"})
  void otherMethodsAreRefused(String method) throws Exception {
    start(null);
    LocalServer.Answer answer = server.ask(method, "/", "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, POST, DELETE");
  }

  @Test
  void withATokenNothingIsReadWithoutItButProbes() throws Exception {
    start(TOKEN);
    assertThat(server.get("/healthz").status()).isEqualTo(200);
    LocalServer.Answer refused = server.get("/metrics");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"aeiou\"");
    assertThat(refused.body()).contains("Authorization: Bearer");
    assertThat(server.get("/metrics", "Authorization: Bearer " + TOKEN + "4").status())
        .isEqualTo(401);
    assertThat(server.get("/metrics", "Authorization: Basic " + TOKEN).status()).isEqualTo(401);
    assertThat(server.get("/metrics", "authorization: bearer " + TOKEN).status()).isEqualTo(200);
    assertThat(server.counters.wrongToken.sum()).isEqualTo(2);
    assertThat(server.counters.noToken.sum()).isEqualTo(1);
  }

  @Test
  void whatIsRefusedIsAnEventWithoutWhatMayBeASecret() throws Exception {
    start(TOKEN);
    server.get("/system/core1?token=nearly-the-token-0");
    server.get("/metrics", "Authorization: Bearer nearly-the-token-0");
    server.get("/metrics", "Host: evil.example");
    assertThat(server.events)
        .extracting(event -> event.fields().get("request") + " " + event.fields().get("status"))
        .containsExactly("GET /system/core1 401", "GET /metrics 401", "GET /metrics 421");
    assertThat(server.events.toString()).doesNotContain("nearly");
  }

  @Test
  void aBrowserEntersWithTheTokenOnceAndHasASessionThen() throws Exception {
    start(TOKEN);
    LocalServer.Answer entered = server.get("/system/core1?token=" + TOKEN + "&x=1");
    assertThat(entered.status()).isEqualTo(303);
    assertThat(entered.header("Location")).isEqualTo("/system/core1");
    String cookie = entered.header("Set-Cookie");
    assertThat(cookie)
        .startsWith("aeiou-9161=")
        .contains("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000")
        .doesNotContain(TOKEN, "Secure");
    String session = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
    assertThat(server.get("/", session).status()).isEqualTo(200);
    assertThat(server.get("/", session + "0").status()).isEqualTo(401);
    server.now = server.now.plus(Duration.ofDays(29));
    assertThat(server.get("/", session).status()).isEqualTo(200);
    server.now = server.now.plus(Duration.ofDays(2));
    assertThat(server.get("/", session).status()).isEqualTo(401);
  }

  @Test
  void anotherTokenEndsAllSessionsAndCountsAtOnce() throws Exception {
    start(TOKEN);
    String cookie = server.get("/?token=" + TOKEN).header("Set-Cookie");
    String session = "Cookie: " + cookie.substring(0, cookie.indexOf(';'));
    assertThat(server.get("/", session).status()).isEqualTo(200);
    server.guard.change(LocalServer.settings("another-token-0123"));
    assertThat(server.get("/", session).status()).isEqualTo(401);
    assertThat(server.get("/", "Authorization: Bearer another-token-0123").status()).isEqualTo(200);
  }

  @Test
  void theFormTakesTheTokenFromItsOwnPageOnly() throws Exception {
    start(TOKEN);
    LocalServer.Answer form = server.get("/", "Accept: text/html,*/*;q=0.8");
    assertThat(form.status()).isEqualTo(401);
    assertThat(form.body()).contains("<form method=\"post\" action=\"/login\">");
    String type = "Content-Type: application/x-www-form-urlencoded";
    assertThat(server.ask("POST", "/login", "token=" + TOKEN, type).header("Location"))
        .isEqualTo("/");
    assertThat(server.ask("POST", "/login", "token=wrong", type).status()).isEqualTo(401);
    assertThat(
            server
                .ask("POST", "/login", "token=" + TOKEN, type, "Origin: http://evil.example")
                .status())
        .isEqualTo(403);
    assertThat(server.ask("POST", "/login", "token=" + "x".repeat(5000), type).status())
        .isEqualTo(413);
  }

  @Test
  void eachAnswerTellsBrowsersToTakeNothingFromElsewhere() throws Exception {
    start(TOKEN);
    for (LocalServer.Answer answer :
        new LocalServer.Answer[] {
          server.get("/healthz"),
          server.get("/"),
          server.get("/", "Host: evil.example"),
          server.get("/throws", "Authorization: Bearer " + TOKEN)
        }) {
      assertThat(answer.header("Content-Security-Policy"))
          .startsWith("default-src 'none';")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
      assertThat(answer.header("Server")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/throws", "/fails"})
  void whatAHandlerThrowsIsAnsweredAndCounted(String path) throws Exception {
    start(null);
    LocalServer.Answer answer = server.get(path + "?token=secret");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("a handler", "secret");
    assertThat(server.counters.faults.sum()).isEqualTo(1);
  }

  @Test
  void whatAClientWroteWrongIsNoFaultOfTheDaemon() throws Exception {
    start(null);
    assertThat(server.get("/refuses").status()).isEqualTo(400);
    assertThat(server.counters.faults.sum()).isZero();
    assertThat(server.counters.unreadable.sum()).isEqualTo(1);
  }
}
