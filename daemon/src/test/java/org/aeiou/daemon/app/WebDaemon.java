package org.aeiou.daemon.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.ConfigurationReader;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.http.HttpServer;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;

/** A simulated network, a daemon in this process that has it, and what that answers over HTTP. */
final class WebDaemon implements AutoCloseable {
  final SimulatedNetwork network;
  final Daemon daemon;

  private final Path file;
  private final String header;
  private final HttpRoutes routes;
  private final HttpServer server;

  WebDaemon(Path folder, String header, SimulationOptions options) throws Exception {
    this.header = "http: {listen: '127.53.0.2:0'}\n" + header;
    network = SimulatedNetwork.start(options);
    file = folder.resolve("net.yaml");
    Files.writeString(file, this.header + network.configuration());
    Configuration configuration = ConfigurationReader.read(file, Map.of(), Backends.ALL);
    daemon =
        new Daemon(
            file,
            configuration,
            Backends.ALL,
            Catalogue.load(List.of()),
            new EventLog(InstantSource.system()));
    HttpSettings settings = configuration.http();
    routes = new HttpRoutes(daemon, () -> "", () -> true, () -> settings);
    server =
        new HttpServer(
            settings, routes.all(), daemon.events()::add, daemon.ticker(), daemon.clock());
    server.start();
  }

  /** Where it answers, with a slash at the end. */
  String url() {
    return server.urls().get(0);
  }

  long stat(String name) {
    return daemon.metrics().read().get(name);
  }

  /** Reads the configuration again, with this in the place of that. */
  void reload(String before, String after) throws Exception {
    reload((header + network.configuration()).replace(before, after));
  }

  /** Gives the daemon another configuration. */
  void reload(String text) throws Exception {
    Files.writeString(file, text);
    var unused =
        daemon.reload(ConfigurationReader.read(file, Map.of(), Backends.ALL), "a new start");
  }

  @Override
  public void close() {
    routes.close();
    server.close();
    daemon.close();
    network.close();
  }
}
