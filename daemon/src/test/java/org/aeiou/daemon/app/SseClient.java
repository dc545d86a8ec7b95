package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.aeiou.daemon.testing.Eventually;
import org.aeiou.daemon.testing.Json;

/** Reads an event stream as a browser does, on a thread of its own. */
final class SseClient implements AutoCloseable {
  /** One event. */
  record Event(String name, String data) {
    Map<String, Object> object() throws IOException {
      return Json.object(data);
    }

    List<Map<String, Object>> array() throws IOException {
      return Json.objects(data);
    }
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;
  private final BufferedReader lines;
  private final HttpResponse<java.io.InputStream> response;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Map<String, Map<String, Object>> cells = new ConcurrentHashMap<>();
  private volatile String lastId;
  private volatile boolean isEnded;

  private SseClient(String base, String path, String lastId)
      throws IOException, InterruptedException {
    this.base = base;
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    response = client.send(request.build(), BodyHandlers.ofInputStream());
    lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
    Thread reader = new Thread(this::read, "a browser");
    reader.setDaemon(true);
    reader.start();
  }

  /** Opens a stream. */
  static SseClient open(String base) throws IOException, InterruptedException {
    return new SseClient(base, "api/v1/stream", null);
  }

  static SseClient open(String base, String path) throws IOException, InterruptedException {
    return new SseClient(base, path, null);
  }

  static SseClient again(String base, String lastId) throws IOException, InterruptedException {
    return new SseClient(base, "api/v1/stream", lastId);
  }

  private void read() {
    String name = null;
    String id = null;
    StringBuilder data = new StringBuilder();
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.isEmpty() && name != null) {
          dispatch(new Event(name, data.toString()), id);
          name = null;
          id = null;
          data.setLength(0);
        }
      }
    } catch (IOException e) {
      // The end, however it came.
    }
    isEnded = true;
  }

  private void dispatch(Event event, String id) throws IOException {
    if (event.name().equals("cells")) {
      event.array().forEach(cell -> cells.put((String) cell.get("p"), cell));
    }
    events.add(event);
    if (id != null) {
      lastId = id;
    }
  }

  int status() {
    return response.statusCode();
  }

  List<Event> events() {
    return events;
  }

  String lastId() {
    return lastId;
  }

  boolean isEnded() {
    return isEnded;
  }

  /** Waits for the first event of a kind. */
  Event await(String name) throws Exception {
    Eventually.eventually(name, () -> events.stream().anyMatch(is -> is.name().equals(name)));
    return events.stream().filter(is -> is.name().equals(name)).findFirst().orElseThrow();
  }

  /** The stream's id. */
  String id() throws Exception {
    return await("hello").object().get("stream").toString();
  }

  /** Says what it shows; returns the status. */
  int show(String body) throws Exception {
    return post(id(), body).statusCode();
  }

  HttpResponse<String> post(String id, String body) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + "api/v1/stream/" + id))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** Ends the stream, as a page does that is closed; returns the status. */
  int delete() throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(base + "api/v1/stream/" + id())).DELETE().build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  Map<String, Object> cell(String path) {
    return cells.get(path);
  }

  int cells() {
    return cells.size();
  }

  /** Waits until a cell is so. */
  Map<String, Object> await(String path, Predicate<Map<String, Object>> isSo) throws Exception {
    Eventually.eventually(
        path + ", which is " + cells.get(path),
        () -> cells.get(path) != null && isSo.test(cells.get(path)));
    return cells.get(path);
  }

  Map<String, Object> awaitState(String path, String state) throws Exception {
    return await(path, cell -> cell.get("s").equals(state));
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
