package org.aeiou.daemon.http;

import com.google.common.base.Splitter;
import com.google.common.base.Ticker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.metrics.Event;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ExecutorThreadPool;

/** A guard and what is behind it, asked without a network. */
public final class LocalServer implements AutoCloseable {
  private final Server server = new Server(new ExecutorThreadPool(8));
  private final LocalConnector connector;
  private final Connections connections;
  final Queue<Event> events = new ConcurrentLinkedQueue<>();
  final HttpCounters counters;
  final Guard guard;
  Instant now = Instant.parse("2026-11-22T12:00:00Z");

  public LocalServer(HttpSettings settings, Handler handler) throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    connector = new LocalConnector(server, new HttpConnectionFactory(http));
    connections = new Connections(settings.connections(), Ticker.systemTicker());
    counters = new HttpCounters(connections);
    InstantSource clock = () -> now;
    guard =
        new Guard(
            settings,
            connections,
            counters,
            clock,
            events::add,
            Set.of("/healthz")::contains,
            handler);
    server.addConnector(connector);
    server.setHandler(guard);
    server.start();
  }

  public static HttpSettings settings(String token, String... hosts) {
    return new HttpSettings(
        List.of(),
        token == null ? null : new Secret(token),
        null,
        Set.of(hosts),
        HttpSettings.OFF.connections(),
        true);
  }

  /** What was answered. */
  public record Answer(int status, Map<String, String> headers, String body) {
    public String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }
  }

  /** Asks for a path with GET, from this machine. */
  public Answer get(String path, String... headers) throws Exception {
    return ask("GET", path, "", headers);
  }

  public Answer ask(String method, String path, String body, String... headers) throws Exception {
    List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1"));
    lines.addAll(List.of(headers));
    if (List.of(headers).stream().noneMatch(each -> each.startsWith("Host:"))) {
      lines.add("Host: localhost:9161");
    }
    if (!body.isEmpty()) {
      lines.add("Content-Length: " + body.length());
    }
    lines.add("Connection: close");
    String raw = connector.getResponse(String.join("\r\n", lines) + "\r\n\r\n" + body);
    int end = raw.indexOf("\r\n\r\n");
    List<String> head = Splitter.on("\r\n").splitToList(raw.substring(0, end));
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 1; i < head.size(); i++) {
      int colon = head.get(i).indexOf(':');
      fields.put(
          head.get(i).substring(0, colon).toLowerCase(Locale.ROOT),
          head.get(i).substring(colon + 2));
    }
    return new Answer(
        Integer.parseInt(Splitter.on(' ').splitToList(head.get(0)).get(1)),
        fields,
        raw.substring(end + 4));
  }

  @Override
  public void close() {
    LifeCycle.stop(server);
  }
}
