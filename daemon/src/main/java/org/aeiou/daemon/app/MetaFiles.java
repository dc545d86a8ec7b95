package org.aeiou.daemon.app;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.aeiou.daemon.metrics.Metrics;

/** The files of {@code /.aeiou}: what a daemon says of itself, made when it is read. */
final class MetaFiles {
  private MetaFiles() {}

  /**
   * All of them, by name; their texts can be had once the daemon is made.
   *
   * @param file where the configuration came from
   */
  static Map<String, Supplier<String>> of(
      Daemon daemon, Metrics metrics, Membership membership, Path file) {
    Map<String, Supplier<String>> files = new LinkedHashMap<>();
    files.put("version", () -> Version.text() + "\n");
    files.put("status", daemon::status);
    files.put("stats", metrics::asLines);
    files.put("metrics", metrics::asPrometheus);
    files.put("systems", () -> daemon.overview().systemsText());
    files.put("requesters", () -> daemon.overview().requestersText());
    files.put("attach", () -> daemon.entrances().attachedAt());
    files.put("http", () -> daemon.entrances().httpAt());
    membership.addFiles(files);
    files.put("config", () -> EffectiveConfiguration.of(file, daemon.configuration()));
    return files;
  }
}
