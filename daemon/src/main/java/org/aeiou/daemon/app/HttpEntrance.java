package org.aeiou.daemon.app;

import java.util.List;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.http.HttpServer;
import org.aeiou.daemon.systemd.Watched;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a mounted daemon answers over HTTP. It starts on a thread of its own: loading what it needs
 * takes longer than mounting, and that it cannot be had is no reason not to mount.
 */
final class HttpEntrance implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEntrance.class);

  private final Daemon daemon;
  private final CoreThreads core;
  private final Thread starting;
  private volatile HttpSettings settings;
  private volatile boolean mounted;

  // Guarded by this.
  private HttpRoutes routes;
  private HttpServer server;
  private boolean closed;

  /** Not started yet. */
  HttpEntrance(Daemon daemon, HttpSettings settings) {
    this.daemon = daemon;
    this.settings = settings;
    this.core = new CoreThreads(daemon.ticker());
    this.starting = new Thread(() -> change(settings), "aeiou-http-start");
  }

  /** Begins to start, where HTTP is configured; returns at once. */
  HttpEntrance start() {
    if (settings.isOn()) {
      starting.setDaemon(true);
      starting.start();
    }
    return this;
  }

  /**
   * From now on the daemon is ready; waits a moment for the start to end.
   *
   * @param threads those that must not stand still
   */
  void mounted(List<Watched> threads, long patienceMillis) throws InterruptedException {
    core.watch(threads);
    mounted = true;
    starting.join(patienceMillis);
  }

  /**
   * From now on these settings count.
   *
   * @return what changed, in words, a line each
   */
  synchronized List<String> change(HttpSettings next) {
    if (closed || (server == null && !next.isOn())) {
      return List.of();
    }
    settings = next;
    try {
      if (server != null) {
        return server.reload(next);
      }
      routes = new HttpRoutes(daemon, core::trouble, () -> mounted, () -> settings);
      server =
          new HttpServer(next, routes.all(), daemon.events()::add, daemon.ticker(), daemon.clock());
      daemon.metrics().register("http", server.metrics());
      server.start();
      return server.urls().stream().map(url -> "HTTP: answered at " + url).toList();
    } catch (Exception | LinkageError e) {
      LOG.error("HTTP is not answered", e);
      return List.of("HTTP: not answered: " + e.getMessage());
    } finally {
      daemon.entrances().answersHttpAt(server == null ? List.of() : server.urls());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (server != null) {
      daemon.entrances().answersHttpAt(List.of());
      routes.close();
      server.close();
    }
  }
}
