package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.aeiou.daemon.simulator.SimulationOptions;
import org.aeiou.daemon.testing.Eventually;
import org.aeiou.daemon.testing.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JSON API over real sockets, in front of simulated agents, one of which is dead. */
@Timeout(60)
class HttpApiIT {
  private static final Path DOCUMENT = Path.of("docs/http-api.md");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** A request whose content goes on without end, as far as it is told. */
  private static final String BEGUN =
      String.join(
          "\r\n",
          "POST /api/v1/read HTTP/1.1",
          "Host: localhost",
          "Content-Type: application/json",
          "Transfer-Encoding: chunked",
          "",
          "1",
          "{",
          "");

  private static WebDaemon web;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    web =
        new WebDaemon(
            folder,
            "",
            SimulationOptions.builder()
                .systems(3)
                .rows(2)
                .dead(1)
                .port(0)
                .firstAddress("127.53.3.1")
                .build());
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(web.url() + "api/v1/" + path)).build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(web.url() + "api/v1/" + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** A connection of which a body was refused is ended, and may be found to be so. */
  private static int status(String body) throws Exception {
    try {
      return post("read", body).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> values(HttpResponse<String> answer) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return (List<Map<String, Object>>) Json.object(answer.body()).get("values");
  }

  private static String error(HttpResponse<String> answer) throws IOException {
    return (String) Json.object(answer.body()).get("error");
  }

  @Test
  void oneTableAskedForTenThousandTimesHasNoMoreRoomThanAnAnswerMayHave() throws Exception {
    String all = String.join(",", Collections.nCopies(10_000, "\"core1/interfaces\""));
    HttpResponse<String> answer = post("read", "{\"tables\": [" + all + "]}");
    assertThat(answer.body()).hasSizeLessThan(32 << 20);
    List<Map<String, Object>> values = values(answer);
    assertThat(values).hasSize(10_000);
    assertThat(values.get(0)).containsEntry("state", "fresh");
    assertThat(values.get(9_999)).containsEntry("state", "failed").containsKey("error");
  }

  /** Four bodies without end were all the room there was, for as long as they went on. */
  @Test
  void bodiesThatComeOctetByOctetKeepTheirRoomForAMoment() throws Exception {
    URI uri = URI.create(web.url());
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        Socket socket = new Socket(uri.getHost(), uri.getPort());
        slow.add(socket);
        socket.getOutputStream().write(BEGUN.getBytes(UTF_8));
      }
      String body = "{\"paths\": [\"core1/system/sysName\"]}";
      Eventually.eventually("no room", () -> status(body) == 503);
      Eventually.eventually(
          "room again",
          () -> {
            for (Socket socket : slow) {
              try {
                socket.getOutputStream().write("1\r\n \r\n".getBytes(UTF_8));
              } catch (IOException e) {
                // it was ended
              }
            }
            return status(body) == 200;
          });
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void theExamplesOfTheDocumentAreAnsweredWithTheKeysItShows() throws Exception {
    String command = null;
    StringBuilder shown = new StringBuilder();
    boolean isInside = false;
    int run = 0;
    for (String line : Files.readAllLines(DOCUMENT)) {
      boolean isNext = isInside && line.startsWith("$ ");
      boolean isOver = isInside && line.startsWith("```");
      if ((isNext || isOver) && command != null) {
        check(command, shown.toString());
        run++;
        command = null;
      }
      if (isNext) {
        command = line.substring(2);
        shown.setLength(0);
      } else if (isInside && command != null && command.endsWith("\\")) {
        command += "\n" + line;
      } else if (line.startsWith("```")) {
        isInside = line.equals("```console");
      } else if (isInside) {
        shown.append(line).append('\n');
      }
    }
    assertThat(run).isGreaterThan(7);
  }

  private static void check(String command, String shown) throws Exception {
    boolean isStream = command.contains("/watch");
    String here =
        command
            .replace("curl", isStream ? "curl --max-time 1" : "curl")
            .replace("http://127.0.0.1:9161/", web.url());
    Process shell =
        new ProcessBuilder("sh", "-c", here).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String got = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor()).as(here).isEqualTo(isStream ? 28 : 0);
    if (isStream) {
      assertThat(got).startsWith("retry: 1000\nevent: hello\ndata: {").contains("event: cells\n");
    } else {
      assertThat(keys(Json.read(got))).as(here).containsAll(keys(Json.read(shown)));
    }
  }

  private static Set<String> keys(Object json) {
    Set<String> keys = new TreeSet<>();
    add(keys, "", json);
    return keys;
  }

  private static void add(Set<String> keys, String at, Object json) {
    if (json instanceof Map<?, ?> object) {
      object.forEach(
          (key, value) -> {
            keys.add(at + "/" + key);
            add(keys, at + "/" + key, value);
          });
    } else if (json instanceof List<?> array) {
      array.forEach(value -> add(keys, at, value));
    }
  }

  @Test
  void eachPathHasItsOwnOutcomeAndThoseOfADeadSystemAreNotWaitedForBeyondTheDeadline()
      throws Exception {
    String dead =
        web.network.agents().stream()
            .filter(agent -> agent.faults().dead())
            .findFirst()
            .orElseThrow()
            .name();
    long start = System.nanoTime();
    List<Map<String, Object>> values =
        values(
            post(
                "read",
                "{\"paths\": [\"core1/system/sysName\", \"core1/system/nothing\", \""
                    + dead
                    + "/system/sysName\", \"core1/system\"], \"deadline_ms\": 700}"));
    assertThat(System.nanoTime() - start).isBetween(600_000_000L, 6_000_000_000L);
    assertThat(values).extracting(value -> value.get("state")).element(0).isEqualTo("fresh");
    assertThat(values.get(1).get("error")).asString().contains("'nothing'");
    assertThat(values.get(2).get("state")).isIn("pending", "failed");
    assertThat(values.get(3).get("error")).asString().contains("directory");
  }

  @Test
  void onlyWhatIsCachedIsGivenToARequestThatWantsNoMore() throws Exception {
    long packets = web.network.agent("lon/edge1").counts().requests();
    Map<String, Object> value =
        values(get("read?cached=true&path=lon/edge1/system/sysLocation")).get(0);
    assertThat(value).containsEntry("state", "failed");
    assertThat(value.get("error")).asString().contains("cache");
    assertThat(web.network.agent("lon/edge1").counts().requests()).isEqualTo(packets);
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    assertThat(get("read?path=core1/nothing").statusCode()).isEqualTo(404);
    assertThat(error(get("read?path=core1/nothing")))
        .isEqualTo("core1/nothing: there is no 'nothing'");
    assertThat(get("list?path=nowhere").statusCode()).isEqualTo(404);
    assertThat(error(get("list?path=core1/system/sysName"))).contains("is a file");
    assertThat(error(get("read"))).contains("path: expected at least one");
    assertThat(error(get("read?path=a&deadline_ms=soon"))).contains("deadline_ms");
    assertThat(error(get("systems?system=nowhere"))).contains("'nowhere'");
    assertThat(error(get("events?after=-1"))).contains("after");
    assertThat(get("nothing").statusCode()).isEqualTo(404);
    assertThat(error(get("nothing"))).contains("/api/v1/nothing");
    assertThat(error(post("list", "{}"))).contains("expected GET");
    assertThat(error(post("read", "{\"path\": []}"))).contains("'path'");
    assertThat(error(get("read?path=" + "x".repeat(3000)))).contains("characters");
    assertThat(error(post("read", paths(ReadPaths.MOST + 1)))).contains("in parts");
  }

  /** How many paths the document says a request may have. */
  private static final class ReadPaths {
    static final int MOST = 10_000;
  }

  private static String paths(int count) {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      paths.add("\"core1/system/sysName\"");
    }
    return "{\"paths\": [" + String.join(",", paths) + "]}";
  }

  @Test
  void anyBodyHasAnAnswer() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    String valid =
        "{\"paths\": [\"core1/system/sysName\"], \"deadline_ms\": 100, \"cached\": true}";
    for (int i = 0; i < 300; i++) {
      StringBuilder body = new StringBuilder(valid);
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        int at = random.nextInt(body.length());
        switch (random.nextInt(3)) {
          case 0 -> body.setCharAt(at, "[]{}\":,\\0tu\u00e9".charAt(random.nextInt(12)));
          case 1 -> body.deleteCharAt(at);
          default -> body.setLength(at + 1);
        }
      }
      String text = body.toString();
      HttpResponse<String> answer =
          i % 2 == 0 ? post("read", text) : post("stream/0123456789abcdef", text);
      assertThat(answer.statusCode()).as(text).isIn(200, 400, 404);
      assertThat(Json.read(answer.body())).as(text).isInstanceOf(Map.class);
    }
  }
}
