package org.aeiou.daemon.http;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.metrics.Event;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.pathmap.ServletPathSpec;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.PathMappingsHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers HTTP where the configuration says, with few threads, none of which waits.
 *
 * <p>Any thread may call any method.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /** Besides those that wait for connections to say something: one for each address, at most 8. */
  private static final int THREADS = 4;

  private static final int MOST_ADDRESSES = 8;
  private static final int LEAST_CONNECTIONS = 8;

  /** Of the files that may still be opened, one in so many may be a connection. */
  private static final int SHARE_OF_FILES = 4;

  private static final int MOST_OF_HEADERS = 16 << 10;
  private static final int MOST_IN_POOL = 4 << 20;

  /** For how long a client may take nothing of an answer, or send nothing of its content. */
  private static final long STUCK_MILLIS = 30_000;

  private static final long SWEEP_SECONDS = 2;

  /**
   * How many connections may come at once: a client whose does not fit tries again a second later.
   */
  private static final int BACKLOG = 1024;

  private final Server server;
  private final Connections connections;
  private final HttpCounters counters;
  private final Guard guard;
  private final Consumer<Event> events;

  // Guarded by this.
  private HttpSettings settings;
  private Tls tls;
  private boolean closed;
  private final Map<InetSocketAddress, HttpListener> listening = new LinkedHashMap<>();

  /**
   * One that does not listen yet.
   *
   * @param events are told what is refused
   */
  public HttpServer(
      HttpSettings settings,
      List<Route> routes,
      Consumer<Event> events,
      Ticker ticker,
      InstantSource clock) {
    this.settings = settings;
    this.events = events;
    this.connections = new Connections(fitting(settings.connections()), ticker);
    this.counters = new HttpCounters(connections);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS + MOST_ADDRESSES, 1);
    threads.setName("aeiou-http");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    // Outside the heap there is little room, and it is for other things.
    ArrayByteBufferPool pool =
        new ArrayByteBufferPool(0, -1, 1 << 16, -1, MOST_IN_POOL, MOST_IN_POOL);
    this.server =
        new Server(threads, new ScheduledExecutorScheduler("aeiou-http-timer", true), pool);
    server.setStopTimeout(0);
    server.setErrorHandler(this::unreadable);
    PathMappingsHandler paths = new PathMappingsHandler();
    routes.forEach(route -> paths.addMapping(new ServletPathSpec(route.path()), route.handler()));
    Set<String> open =
        routes.stream().filter(Route::open).map(Route::path).collect(Collectors.toSet());
    this.guard = new Guard(settings, connections, counters, clock, events, open::contains, paths);
    server.setHandler(guard);
  }

  /** Each takes a file, and what opens files for the mount and for programs goes first. */
  private static HttpSettings.Connections fitting(HttpSettings.Connections wanted) {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os)) {
      return wanted;
    }
    long free = os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount();
    int most = (int) Math.max(LEAST_CONNECTIONS, Math.min(wanted.all(), free / SHARE_OF_FILES));
    if (most < wanted.all()) {
      LOG.warn(
          "HTTP may have {} connections, not {}: {} more files may be open here; raise the limit"
              + " (ulimit -n, LimitNOFILE=)",
          most,
          wanted.all(),
          free);
    }
    return new HttpSettings.Connections(most, Math.min(most, wanted.ofAddress()));
  }

  /** What is no request that can be understood, or failed before it came to the guard. */
  private boolean unreadable(Request request, Response response, Callback callback) {
    counters.unreadable.increment();
    Headers.protect(response);
    Object status = request.getAttribute(ErrorHandler.ERROR_STATUS);
    int code = status instanceof Integer number ? number : HttpStatus.BAD_REQUEST_400;
    Reply.text(response, callback, code, HttpStatus.getMessage(code));
    return true;
  }

  /** Listens at each address; one that cannot be had is told, and the others are not hurt. */
  public synchronized void start() throws Exception {
    server.start();
    sweepLater();
    listen();
  }

  /**
   * From now on these settings count. Connections that are there go on, unless nothing listens any
   * more where they came in.
   *
   * @return what changed, in words, a line each
   */
  public synchronized List<String> reload(HttpSettings next) {
    HttpSettings before = settings;
    Set<String> had = new TreeSet<>(urls());
    settings = next;
    connections.limit(fitting(next.connections()));
    boolean encrypts = next.tls() != null;
    if (encrypts && tls != null && !next.equals(before)) {
      tls.change(next);
    }
    if (encrypts != (before.tls() != null)) {
      tls = null;
      Set.copyOf(listening.keySet()).forEach(this::stop);
    }
    guard.change(next);
    if (!Objects.equals(next.token(), before.token())) {
      // What goes on for long was let in by the token before.
      connections.endAll();
    }
    listening.keySet().stream()
        .filter(address -> !next.listen().contains(address))
        .toList()
        .forEach(this::stop);
    listen();
    return new TreeSet<>(urls()).equals(had) ? List.of() : List.of("HTTP: " + where());
  }

  private String where() {
    return listening.isEmpty() ? "not answered" : "answered at " + String.join(", ", urls());
  }

  private void listen() {
    for (InetSocketAddress address : settings.listen()) {
      if (!closed && !listening.containsKey(address)) {
        try {
          listen(address);
        } catch (Exception e) {
          counters.listenFailures.increment();
          LOG.error("HTTP is not answered at {}: {}", text(address), e.getMessage());
        }
      }
    }
  }

  private void listen(InetSocketAddress address) throws Exception {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MOST_OF_HEADERS);
    http.setUseInputDirectByteBuffers(false);
    http.setUseOutputDirectByteBuffers(false);
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    HttpListener listener;
    if (settings.tls() == null) {
      listener = new HttpListener(server, connections, counters, events, false, plain);
    } else {
      http.addCustomizer(new SecureRequestCustomizer(false));
      if (tls == null) {
        tls = new Tls(settings, counters);
      }
      SslConnectionFactory encrypted = new SslConnectionFactory(tls.context(), plain.getProtocol());
      encrypted.setDirectBuffersForEncryption(false);
      encrypted.setDirectBuffersForDecryption(false);
      listener = new HttpListener(server, connections, counters, events, true, encrypted, plain);
    }
    listener.setIdleTimeout(STUCK_MILLIS);
    listener.setAcceptQueueSize(BACKLOG);
    listener.bind(address);
    try {
      server.addConnector(listener);
      listener.start();
    } catch (Exception e) {
      server.removeConnector(listener);
      listener.close();
      throw e;
    }
    listening.put(address, listener);
    LOG.info("HTTP is answered at {}", url(address, listener));
  }

  private void stop(InetSocketAddress address) {
    HttpListener listener = listening.remove(address);
    server.removeConnector(listener);
    try {
      listener.stop();
    } catch (Exception e) {
      LOG.warn("HTTP did not end in order at {}", text(address), e);
    }
  }

  private void sweepLater() {
    var unused = server.getScheduler().schedule(this::sweep, SWEEP_SECONDS, TimeUnit.SECONDS);
  }

  private void sweep() {
    try {
      counters.idle.add(connections.sweep());
      Tls now;
      synchronized (this) {
        now = tls;
      }
      if (now != null) {
        now.look();
      }
    } finally {
      if (server.isRunning()) {
        sweepLater();
      }
    }
  }

  /** Where it listens, as URLs. */
  public synchronized List<String> urls() {
    List<String> urls = new ArrayList<>();
    listening.forEach((address, listener) -> urls.add(url(address, listener)));
    return urls;
  }

  private String url(InetSocketAddress address, HttpListener listener) {
    String host = InetAddresses.toUriString(Objects.requireNonNull(address.getAddress()));
    String scheme = settings.tls() == null ? "http" : "https";
    return scheme + "://" + host + ":" + listener.getLocalPort() + "/";
  }

  private static String text(InetSocketAddress address) {
    return InetAddresses.toUriString(address.getAddress()) + ":" + address.getPort();
  }

  public MetricSet metrics() {
    return counters.metrics;
  }

  /** Ends every connection. */
  @Override
  public synchronized void close() {
    closed = true;
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("HTTP did not end in order", e);
    }
  }
}
