package org.aeiou.daemon.app;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.http.HealthHandler;
import org.aeiou.daemon.http.Route;
import org.aeiou.daemon.http.StaticPages;
import org.aeiou.daemon.http.WebUsers;
import org.aeiou.daemon.http.api.ApiHandler;
import org.aeiou.daemon.http.live.LiveStreams;
import org.aeiou.daemon.http.scrape.DiscoveryHandler;
import org.aeiou.daemon.http.scrape.MetricsHandler;
import org.aeiou.daemon.http.snmp.ModulesReader;
import org.aeiou.daemon.http.snmp.SnmpHandler;
import org.aeiou.daemon.http.snmp.Targets;
import org.aeiou.daemon.service.TimerThread;

/** What a mounted daemon answers over HTTP: paths and their handlers. Loaded only where it does. */
final class HttpRoutes implements AutoCloseable {
  private final TimerThread deadlines = new TimerThread("aeiou-api");
  private final LiveStreams live;
  private final List<Route> all;

  /**
   * All of them.
   *
   * @param trouble what is wrong with the daemon, in a line; empty if nothing is
   * @param mounted whether the mount answers
   * @param settings those that count now
   */
  HttpRoutes(
      Daemon daemon,
      Supplier<String> trouble,
      BooleanSupplier mounted,
      Supplier<HttpSettings> settings) {
    WebUsers users = new WebUsers(daemon::requester);
    live =
        new LiveStreams(
            daemon.service(),
            daemon.overview(),
            daemon.events().all(),
            users::requester,
            Version.text(),
            daemon.membership().name(),
            daemon.ticker(),
            daemon.clock());
    daemon.metrics().register("stream", live.metrics());
    ApiHandler api =
        new ApiHandler(
            daemon.service(),
            daemon.overview(),
            daemon.events().all(),
            daemon.membership()::writeTo,
            users::requester,
            deadlines,
            daemon.ticker(),
            daemon.clock());
    daemon.metrics().register("api", api.metrics());
    all =
        List.of(
            new Route("/healthz", new HealthHandler(trouble), true),
            new Route(
                "/readyz",
                new HealthHandler(() -> mounted.getAsBoolean() ? "" : "not mounted yet"),
                true),
            new Route("/api/v1/*", api),
            new Route("/metrics", metrics(daemon, settings)),
            new Route("/sd", new DiscoveryHandler(daemon.overview())),
            new Route("/api/v1/stream/*", live.handler()),
            new Route("/api/v1/watch", live.handler()),
            new Route("/snmp", snmp(daemon)),
            new Route("/*", new StaticPages("web")));
  }

  private static MetricsHandler metrics(Daemon daemon, Supplier<HttpSettings> settings) {
    return new MetricsHandler(
        daemon.metrics(),
        daemon.overview(),
        () -> settings.get().systemsInMetrics(),
        daemon.ticker(),
        daemon.clock());
  }

  private static SnmpHandler snmp(Daemon daemon) {
    Targets targets = new Targets();
    daemon.eachConfiguration(
        next -> {
          Map<String, String> addresses = new HashMap<>();
          next.systems()
              .forEach((name, system) -> addresses.put(name, system.settings().address()));
          targets.replace(addresses);
        });
    SnmpHandler handler =
        new SnmpHandler(
            daemon.service(),
            daemon.network(),
            targets,
            ModulesReader.read(daemon.catalogue(), daemon.configuration().snmpModules()),
            daemon::requester,
            daemon.delays(),
            daemon.ticker());
    daemon.metrics().register("http.snmp", handler.metrics());
    return handler;
  }

  List<Route> all() {
    return all;
  }

  /** Ends what goes on for longer than a request. */
  @Override
  public void close() {
    live.close();
    deadlines.close();
  }
}
