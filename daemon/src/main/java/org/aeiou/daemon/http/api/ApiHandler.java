package org.aeiou.daemon.http.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.base.Ticker;
import com.google.common.primitives.Longs;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.http.WebUsers;
import org.aeiou.daemon.http.api.ReadRequest.NoReadRequestException;
import org.aeiou.daemon.http.json.EventLines;
import org.aeiou.daemon.http.json.JsonAnswer;
import org.aeiou.daemon.http.json.JsonBodies;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.http.json.ShownFiles;
import org.aeiou.daemon.metrics.EventRing;
import org.aeiou.daemon.overview.Overview;
import org.aeiou.daemon.overview.RequesterState;
import org.aeiou.daemon.overview.SystemState;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;
import org.aeiou.daemon.tree.Node;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * {@code /api/v1/{read,list,systems,requesters,events,cluster}}: what a query may say, and what is
 * answered. One class, so that all of them check, bound and refuse in the same way.
 */
public final class ApiHandler extends Handler.Abstract.NonBlocking {
  private static final String BASE = "/api/v1/";
  private static final int EVENTS = 100;
  private static final int EVENT_OCTETS = 256 << 10;

  /** What all answers together may have that are being taken by their programs. */
  private static final long MOST_OCTETS = 64 << 20;

  private final AttributeService files;
  private final ShownFiles shown;
  private final Overview overview;
  private final EventRing events;
  private final JsonAnswer.Document cluster;
  private final Function<String, Requester> requesters;
  private final Delays delays;
  private final Ticker ticker;
  private final InstantSource clock;
  private final ApiCounters counters = new ApiCounters();
  private final JsonBodies bodies = new JsonBodies(counters.bad);
  private final AtomicLong sending = new AtomicLong();

  /**
   * Answers from these.
   *
   * @param cluster writes fields about the cluster that the daemon is a member of, if it is of one
   * @param requesters on whose behalf a user's values are asked for
   * @param delays for answers that are wanted by some time
   * @param ticker the one of the scheduler
   */
  public ApiHandler(
      AttributeService files,
      Overview overview,
      EventRing events,
      JsonAnswer.Document cluster,
      Function<String, Requester> requesters,
      Delays delays,
      Ticker ticker,
      InstantSource clock) {
    this.files = files;
    this.shown = new ShownFiles(files, ticker);
    this.overview = overview;
    this.events = events;
    this.cluster = cluster;
    this.requesters = requesters;
    this.delays = delays;
    this.ticker = ticker;
    this.clock = clock;
  }

  public MetricSet metrics() {
    return counters.metrics;
  }

  /** A request, until it is answered. */
  private record Asked(Request request, Response response, Callback callback) {
    void refuse(int status, String why) {
      JsonAnswer.refuse(response, callback, status, why);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getCanonicalPath();
    String what = path.startsWith(BASE) ? path.substring(BASE.length()) : "";
    boolean isRead = what.equals("read");
    Asked asked = new Asked(request, response, callback);
    counters.requests.increment();
    if (isRead && request.getMethod().equals("POST")) {
      bodies.receive(request, response, callback, body -> read(asked, body));
    } else if (!request.getMethod().equals("GET")) {
      counters.bad.increment();
      asked.refuse(405, request.getMethod() + " " + path + ": expected GET");
    } else {
      get(what, asked);
    }
    return true;
  }

  private void get(String what, Asked asked) {
    Fields query;
    try {
      query = Request.extractQueryParameters(asked.request);
    } catch (IllegalArgumentException e) {
      bad(asked, "the query is not one: " + e.getMessage());
      return;
    }
    switch (what) {
      case "read" -> read(asked, query);
      case "list" -> list(asked, query.getValue("path"));
      case "systems" -> systems(asked, query.getValue("system"));
      case "requesters" -> requesters(asked);
      case "events" -> events(asked, query.getValue("after"));
      case "cluster" -> cluster(asked);
      default -> {
        counters.bad.increment();
        asked.refuse(
            404,
            "there is no "
                + BASE
                + what
                + "; there are read, list, watch, stream, systems, requesters, events and"
                + " cluster");
      }
    }
  }

  private void bad(Asked asked, String why) {
    counters.bad.increment();
    asked.refuse(400, why);
  }

  private void read(Asked asked, byte[] body) {
    try {
      read(asked, ReadRequest.of(body), false);
    } catch (NoReadRequestException e) {
      bad(asked, e.getMessage());
    }
  }

  private void read(Asked asked, Fields query) {
    try {
      ReadRequest request = ReadRequest.of(query);
      read(asked, request, request.paths().size() == 1);
    } catch (NoReadRequestException e) {
      bad(asked, e.getMessage());
    }
  }

  /**
   * Reads.
   *
   * @param isOne whether the status is to say that there is no such name
   */
  private void read(Asked asked, ReadRequest request, boolean isOne) {
    if (sending.get() > MOST_OCTETS) {
      counters.refused.increment();
      asked.refuse(503, "too many answers are waiting to be taken; try again");
      return;
    }
    counters.values.add(request.paths().size());
    Requester requester = requesters.apply(WebUsers.owner(asked.request));
    ReadValues[] all = new ReadValues[1];
    ReadValues values =
        new ReadValues(
            files, shown, requester, request.paths(), got -> answer(asked, all[0], got, isOne));
    all[0] = values;
    long deadline = Long.MAX_VALUE;
    if (request.deadlineMillis() > 0) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(request.deadlineMillis());
      deadline = ticker.read() + nanos;
      delays.after(nanos, values::enough);
    }
    values.begin(request.isCached() ? ".cached/" : "", deadline);
  }

  private void answer(Asked asked, ReadValues values, List<ReadValues.Value> got, boolean isOne) {
    if (isOne && got.get(0).isUnknown()) {
      asked.refuse(404, got.get(0).path + ": " + ((Failure<?>) got.get(0).outcome).message());
      return;
    }
    byte[] document =
        JsonAnswer.bytes(
            json -> {
              json.writeStartObject();
              json.writeNumberField("now_ms", clock.millis());
              json.writeArrayFieldStart("values");
              AnswerRoom room = new AnswerRoom();
              for (ReadValues.Value value : got) {
                put(json, value, room.isFull() ? room.none() : room.fit(values.shown(value)));
              }
              json.writeEndArray();
              json.writeEndObject();
            });
    sending.addAndGet(document.length);
    JsonAnswer.send(
        asked.response,
        Callback.from(asked.callback, () -> sending.addAndGet(-document.length)),
        200,
        document);
  }

  private void put(JsonGenerator json, ReadValues.Value value, Shown what) throws IOException {
    if (what.state() == Shown.State.PENDING) {
      counters.late.increment();
    }
    Map<String, String> described = value.node == null ? Map.of() : files.description(value.node);
    ValueJson.put(json, value.path, value.node, what, described, clock.millis());
  }

  private void list(Asked asked, String path) {
    String wanted = path == null ? "" : path;
    Requester requester = requesters.apply(WebUsers.owner(asked.request));
    var unused =
        files.<Void>resolve(
            requester,
            wanted,
            (none, outcome, delayed) -> {
              if (outcome instanceof Reading<Node> reading) {
                list(asked, wanted, requester, reading.value());
              } else {
                failed(asked, wanted, (Failure<?>) outcome);
              }
            },
            null);
  }

  private void list(Asked asked, String path, Requester requester, Node directory) {
    if (!directory.isDirectory()) {
      bad(asked, path + ": is a file; read it with /api/v1/read");
      return;
    }
    var unused =
        files.<Void>list(
            requester,
            directory,
            (none, outcome, delayed) -> {
              if (outcome instanceof Reading<Listing> reading) {
                JsonAnswer.send(
                    asked.response, asked.callback, json -> put(json, path, reading.value()));
              } else if (outcome instanceof Failure<Listing> failure) {
                failed(asked, path, failure);
              } else {
                asked.refuse(404, path + ": this system does not have it");
              }
            },
            null);
  }

  private static void put(JsonGenerator json, String path, Listing listing) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", path);
    json.writeArrayFieldStart("entries");
    for (Entry entry : listing.entries()) {
      json.writeStartObject();
      json.writeStringField("name", entry.name());
      json.writeBooleanField("directory", entry.node().isDirectory());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void failed(Asked asked, String path, Failure<?> failure) {
    int status =
        switch (failure.reason()) {
          case UNKNOWN_NAME -> 404;
          case NOT_DIRECTORY, NAME_TOO_LONG, BAD_REQUEST -> 400;
          case OVERLOADED, STOPPED, CANCELLED -> 503;
          case TIMEOUT, UNREACHABLE -> 504;
          default -> 502;
        };
    asked.refuse(status, path + ": " + failure.message());
  }

  private void systems(Asked asked, String name) {
    if (name != null) {
      SystemState one = overview.system(name);
      if (one == null) {
        asked.refuse(404, "there is no system '" + name + "'");
      } else {
        JsonAnswer.send(asked.response, asked.callback, one::writeTo);
      }
      return;
    }
    List<SystemState> all = overview.systems();
    JsonAnswer.send(
        asked.response,
        asked.callback,
        json -> {
          json.writeStartObject();
          json.writeNumberField("now_ms", clock.millis());
          json.writeArrayFieldStart("systems");
          for (SystemState state : all) {
            state.writeTo(json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void requesters(Asked asked) {
    List<RequesterState> all = overview.requesters();
    JsonAnswer.send(
        asked.response,
        asked.callback,
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("requesters");
          for (RequesterState state : all) {
            state.writeTo(json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void cluster(Asked asked) {
    JsonAnswer.send(
        asked.response,
        asked.callback,
        json -> {
          json.writeStartObject();
          json.writeNumberField("now_ms", clock.millis());
          cluster.write(json);
          json.writeEndObject();
        });
  }

  private void events(Asked asked, String after) {
    Long position =
        after == null ? Long.valueOf(EventLines.last(events, EVENTS)) : Longs.tryParse(after);
    if (position == null || position < 0) {
      bad(asked, "after: expected the 'next' of an answer before, or nothing");
      return;
    }
    EventLines some = EventLines.from(events, position, EVENT_OCTETS);
    JsonAnswer.send(
        asked.response,
        asked.callback,
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("events");
          for (byte[] line : some.lines()) {
            json.writeRawValue(new String(line, UTF_8));
          }
          json.writeEndArray();
          json.writeNumberField("next", some.next());
          json.writeBooleanField("missing", some.isMissing());
          json.writeEndObject();
        });
  }
}
