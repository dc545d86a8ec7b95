package org.aeiou.daemon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.aeiou.daemon.simulator.SimulatedNetwork;
import org.aeiou.daemon.simulator.SimulationOptions;

/** A daemon that answers HTTP of a simulated network, and a scraper that asks it. */
final class ScrapedDaemon implements AutoCloseable {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final WebDaemon web;

  private ScrapedDaemon(WebDaemon web) {
    this.web = web;
  }

  static ScrapedDaemon start(Path folder, SimulationOptions.Builder options) throws Exception {
    return start(folder, "", options);
  }

  /**
   * Starts one.
   *
   * @param more lines of its configuration
   */
  static ScrapedDaemon start(Path folder, String more, SimulationOptions.Builder options)
      throws Exception {
    return new ScrapedDaemon(new WebDaemon(folder, more, options.port(0).build()));
  }

  SimulatedNetwork network() {
    return web.network;
  }

  Daemon daemon() {
    return web.daemon;
  }

  InetSocketAddress address() {
    URI uri = URI.create(web.url());
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  /** Gives the daemon another configuration. */
  void reload(String text) throws Exception {
    web.reload(text);
  }

  HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(web.url() + pathAndQuery));
  }

  HttpResponse<String> get(String pathAndQuery) throws Exception {
    return send(request(pathAndQuery).build());
  }

  static HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The body of an answer that must be a good one. */
  String body(String pathAndQuery) throws Exception {
    return body(web.url(), pathAndQuery);
  }

  static String body(String server, String pathAndQuery) throws Exception {
    HttpResponse<String> answer =
        send(HttpRequest.newBuilder(URI.create(server + pathAndQuery)).build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Override
  public void close() {
    web.close();
  }
}
