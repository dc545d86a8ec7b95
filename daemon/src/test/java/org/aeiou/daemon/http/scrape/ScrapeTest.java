package org.aeiou.daemon.http.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.http.LocalServer;
import org.aeiou.daemon.metrics.EventLog;
import org.aeiou.daemon.metrics.Metrics;
import org.aeiou.daemon.overview.Overview;
import org.aeiou.daemon.tree.Network;
import org.junit.jupiter.api.Test;

/** What is answered to Prometheus, of a network without systems. */
class ScrapeTest {
  private final AtomicLong nanos = new AtomicLong(1);
  private final AtomicInteger readings = new AtomicInteger();
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long read() {
          return nanos.get();
        }
      };

  private Overview overview() throws Exception {
    Network network =
        new Network(
            Catalogue.load(List.of()),
            Map.of(),
            new EventLog(InstantSource.system()),
            InstantSource.system());
    return new Overview(network, List::of, ticker, InstantSource.system());
  }

  private LocalServer metrics(boolean systems) throws Exception {
    Metrics metrics = new Metrics("1.2.3");
    MetricSet room = new MetricSet();
    room.gauge("readings", Unit.COUNT, "Times that this was read.", readings::incrementAndGet);
    metrics.register("test", room);
    return new LocalServer(
        LocalServer.settings(null),
        new MetricsHandler(metrics, overview(), () -> systems, ticker, InstantSource.system()));
  }

  @Test
  void prometheusGetsItsTextAndWhatLikesOpenMetricsGetsThat() throws Exception {
    try (LocalServer server = metrics(true)) {
      LocalServer.Answer text = server.get("/metrics");
      assertThat(text.header("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      assertThat(text.body())
          .contains(
              "# TYPE aeiou_up gauge\n",
              "aeiou_build_info{",
              "version=\"1.2.3\"",
              "# TYPE process_cpu_seconds_total counter\n",
              "process_resident_memory_bytes ",
              "jvm_memory_used_bytes{area=\"heap\"} ",
              "jvm_gc_collection_seconds_count{gc=")
          .doesNotContain("# EOF");
      String accept =
          "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
      LocalServer.Answer open = server.get("/metrics", accept);
      assertThat(open.header("Content-Type"))
          .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
      assertThat(open.body())
          .contains("# TYPE process_cpu_seconds counter\n", "# TYPE aeiou_system_misses counter\n")
          .endsWith("\n# EOF\n")
          .containsOnlyOnce("# EOF");
    }
  }

  @Test
  void familiesOfSystemsCanBeLeftOut() throws Exception {
    try (LocalServer server = metrics(false)) {
      assertThat(server.get("/metrics").body())
          .contains("aeiou_test_readings ")
          .doesNotContain("aeiou_up", "aeiou_system_");
    }
  }

  @Test
  void howeverManyScrapeItIsRenderedOnceASecond() throws Exception {
    try (LocalServer server = metrics(true)) {
      for (int i = 0; i < 10; i++) {
        assertThat(server.get("/metrics").body()).contains("aeiou_test_readings 1.0\n");
      }
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      assertThat(server.get("/metrics").body()).contains("aeiou_test_readings 2.0\n");
    }
  }

  @Test
  void discoveryIsAListAndIsNotSentAgain() throws Exception {
    try (LocalServer server =
        new LocalServer(LocalServer.settings(null), new DiscoveryHandler(overview()))) {
      LocalServer.Answer all = server.get("/sd");
      assertThat(all.header("Content-Type")).isEqualTo("application/json");
      assertThat(all.body()).isEqualTo("[]");
      assertThat(server.get("/sd", "If-None-Match: " + all.header("ETag")).status()).isEqualTo(304);
    }
  }
}
