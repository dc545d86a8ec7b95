package org.aeiou.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the files in {@code webtest} of this test's resources. */
class StaticPagesTest {
  private LocalServer server;

  @BeforeEach
  void start() throws Exception {
    server = new LocalServer(LocalServer.settings(null), new StaticPages("webtest"));
  }

  @AfterEach
  void end() {
    server.close();
  }

  @Test
  void aFileHasItsTypeAndATagByWhichItIsNotSentAgain() throws Exception {
    LocalServer.Answer file = server.get("/app.js");
    assertThat(file.status()).isEqualTo(200);
    assertThat(file.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(file.header("Cache-Control")).isEqualTo("no-cache");
    String tag = file.header("ETag");
    LocalServer.Answer again = server.get("/app.js", "If-None-Match: \"other\", W/" + tag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(server.get("/app.js", "If-None-Match: \"other\"").status()).isEqualTo(200);
  }

  @Test
  void aFileIsCompressedForThoseThatTakeThat() throws Exception {
    String plain = server.get("/app.js").header("Content-Length");
    LocalServer.Answer gzip = server.get("/app.js", "Accept-Encoding: br, gzip");
    assertThat(gzip.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(gzip.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(Integer.parseInt(gzip.header("Content-Length"))).isLessThan(Integer.parseInt(plain));
    assertThat(gzip.header("ETag")).isNotEqualTo(server.get("/app.js").header("ETag"));
    assertThat(server.get("/app.js", "Accept-Encoding: gzip;q=0").header("Content-Encoding"))
        .isNull();
  }

  @Test
  void theHeadOfAFileIsThatOfTheFileWithoutIt() throws Exception {
    LocalServer.Answer head = server.ask("HEAD", "/app.js", "");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length"))
        .isEqualTo(server.get("/app.js").header("Content-Length"));
    assertThat(head.body()).isEmpty();
    assertThat(server.ask("POST", "/app.js", "x").status()).isEqualTo(405);
  }

  @Test
  void aBrowserGetsThePageAtAnyPathAndAProgramAnError() throws Exception {
    String html = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";
    assertThat(server.get("/").body()).contains("<title>index</title>");
    for (String path : new String[] {"/system/core1", "/system/10.0.0.1", "/system/lon/core1/if"}) {
      assertThat(server.get(path, html).body()).contains("<title>index</title>");
      assertThat(server.get(path, "Accept: */*").status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../logback.xml",
        "/%2e%2e/x.txt",
        "/..%2fx.txt",
        "//app.js",
        "/app.js/",
        "/App.js",
        "/notes.secret",
        "/.hidden.txt",
        "/app.js%00.txt",
        "/\\app.js"
      })
  void nothingElseIsServed(String path) throws Exception {
    assertThat(server.get(path).status()).isIn(400, 404);
  }
}
