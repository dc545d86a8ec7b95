package org.aeiou.daemon.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.metric.Metric;

/**
 * The metrics in the registry of Prometheus' own client, which says them in its text format. Made
 * when {@code /.aeiou/metrics} is read for the first time, so that a start does not load the
 * client's classes. Used by one thread at a time.
 */
final class Exposition {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final OpenMetricsTextFormatWriter openWriter = OpenMetricsTextFormatWriter.create();

  /**
   * None yet.
   *
   * @param version of the program; null if nothing is told of its process
   */
  Exposition(String version) {
    if (version != null) {
      registry.register(new ProcessFamilies(version));
    }
  }

  /** Adds what a room registered; those of one exposed name make one family. */
  void add(Metrics.Room room) {
    Map<String, List<Metric>> families = new LinkedHashMap<>();
    for (Metric metric : room.metrics().all()) {
      families
          .computeIfAbsent(ExposedName.of(room.name(), metric), name -> new ArrayList<>())
          .add(metric);
    }
    families.forEach((name, members) -> registry.register(new Family(name, members)));
  }

  String text() {
    return text(writer);
  }

  String openMetricsText() {
    return text(openWriter);
  }

  private String text(ExpositionFormatWriter format) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      format.write(text, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it is written to memory
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
