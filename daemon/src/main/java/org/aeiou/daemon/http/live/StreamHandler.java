package org.aeiou.daemon.http.live;

import java.util.List;
import org.aeiou.daemon.http.WebUsers;
import org.aeiou.daemon.http.json.JsonAnswer;
import org.aeiou.daemon.http.json.JsonBodies;
import org.aeiou.daemon.http.live.WatchList.NoWatchListException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * {@code GET /api/v1/stream}, {@code POST} and {@code DELETE /api/v1/stream/<id>}, and {@code GET
 * /api/v1/watch?path=…}, which is a stream that shows what its query says.
 */
final class StreamHandler extends Handler.Abstract.NonBlocking {
  static final String STREAM = "/api/v1/stream";
  static final String WATCH = "/api/v1/watch";

  private final Streams streams;
  private final int mostCells;
  private final StreamCounters counters;
  private final JsonBodies bodies;

  StreamHandler(Streams streams, StreamLimits limits, StreamCounters counters) {
    this.streams = streams;
    this.mostCells = limits.cellsOfStream();
    this.counters = counters;
    this.bodies = new JsonBodies(counters.bad);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getCanonicalPath();
    String method = request.getMethod();
    Asked asked = new Asked(request, response, callback);
    if (path.equals(WATCH) && method.equals("GET")) {
      watch(asked);
    } else if (path.equals(STREAM) && method.equals("GET")) {
      StreamId last = last(request);
      streams.run(() -> streams.open(asked, last, null));
    } else if (path.startsWith(STREAM + "/") && method.equals("POST")) {
      String id = path.substring(STREAM.length() + 1);
      bodies.receive(request, response, callback, body -> show(asked, id, body));
    } else if (path.startsWith(STREAM + "/") && method.equals("DELETE")) {
      String id = path.substring(STREAM.length() + 1);
      streams.run(() -> streams.close(asked, id));
    } else {
      boolean isKnown = path.equals(WATCH) || path.equals(STREAM) || path.startsWith(STREAM + "/");
      asked.refuse(
          isKnown ? 405 : 404,
          isKnown
              ? method + " means nothing here; see the documentation of the HTTP API"
              : "there is no " + path);
    }
    return true;
  }

  private static StreamId last(Request request) {
    return StreamId.of(request.getHeaders().get("Last-Event-ID"));
  }

  private void watch(Asked asked) {
    try {
      Fields query = Request.extractQueryParameters(asked.request);
      List<String> paths = query.getValuesOrEmpty("path");
      WatchList list =
          WatchList.of(paths, isSet(query, "systems"), isSet(query, "events"), mostCells);
      if (list.cells().isEmpty() && !list.systems() && !list.events()) {
        throw new NoWatchListException(
            "path: expected at least one, as in ?path=core1/system/sysName, or systems or events");
      }
      StreamId last = last(asked.request);
      streams.run(() -> streams.open(asked, last, list));
    } catch (NoWatchListException | IllegalArgumentException e) {
      asked.bad(e.getMessage());
    }
  }

  private static boolean isSet(Fields query, String name) {
    return query.get(name) != null && !"false".equals(query.getValue(name));
  }

  private void show(Asked asked, String id, byte[] body) {
    try {
      WatchList list = WatchList.of(body, mostCells);
      streams.run(() -> streams.show(asked, id, list));
    } catch (NoWatchListException e) {
      asked.bad(e.getMessage());
    }
  }

  /** A request, until it is answered. */
  private final class Asked implements StreamCaller {
    private final Request request;
    private final Response response;
    private final Callback callback;

    Asked(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    @Override
    public String owner() {
      return WebUsers.owner(request);
    }

    @Override
    public Outlet accept() {
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
      response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
      response.getHeaders().put("X-Accel-Buffering", "no");
      return new ResponseOutlet(request, response, callback);
    }

    @Override
    public void done() {
      JsonAnswer.done(response, callback);
    }

    void bad(String why) {
      counters.bad.increment();
      refuse(400, why);
    }

    @Override
    public void refuse(int status, String why) {
      JsonAnswer.refuse(response, callback, status, why);
    }
  }
}
