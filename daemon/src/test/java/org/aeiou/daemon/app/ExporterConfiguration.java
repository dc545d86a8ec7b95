package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A configuration for snmp_exporter 0.21, made of {@code exporter-metrics.txt}. */
final class ExporterConfiguration {
  private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();

  private ExporterConfiguration() {}

  private static Map<String, List<String>> lines() throws IOException {
    Map<String, List<String>> modules = new LinkedHashMap<>();
    List<String> current = null;
    try (InputStream in =
        ExporterConfiguration.class.getResourceAsStream("/exporter-metrics.txt")) {
      for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
        if (line.startsWith("module ")) {
          current = modules.computeIfAbsent(line.substring(7), any -> new ArrayList<>());
        } else if (!line.isBlank() && !line.startsWith("#")) {
          current.add(line);
        }
      }
    }
    return modules;
  }

  static List<String> modules() throws IOException {
    return List.copyOf(lines().keySet());
  }

  static String text() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, List<String>> module : lines().entrySet()) {
      String walk = "";
      String indexes = "";
      String lookups = "";
      text.append(module.getKey()).append(":\n  version: 2\n  auth: {community: public}\n");
      StringBuilder metrics = new StringBuilder();
      for (String line : module.getValue()) {
        List<String> words = WORDS.splitToList(line);
        switch (words.get(0)) {
          case "walk" -> walk = String.join(", ", words.subList(1, words.size()));
          case "index" -> indexes = indexes(words.subList(1, words.size()));
          case "lookup" -> lookups = lookups(words.subList(1, words.size()));
          default ->
              metrics
                  .append("  - {name: ")
                  .append(words.get(0))
                  .append(", oid: ")
                  .append(words.get(1))
                  .append(", type: ")
                  .append(words.get(2))
                  .append(", help: h, indexes: [")
                  .append(indexes)
                  .append("], lookups: [")
                  .append(lookups)
                  .append("]")
                  .append(words.size() > 3 ? ", enum_values: {" + words.get(3) + "}" : "")
                  .append("}\n");
        }
      }
      text.append("  walk: [").append(walk).append("]\n  metrics:\n").append(metrics);
    }
    return text.toString().replace("=", ": ").replace(",", ", ");
  }

  /** {@code ifIndex:gauge}; {@code none} for what has no index. */
  private static String indexes(List<String> words) {
    List<String> indexes = new ArrayList<>();
    for (String word : words) {
      if (!word.equals("none")) {
        List<String> parts = Splitter.on(':').splitToList(word);
        indexes.add(
            "{labelname: "
                + parts.get(0)
                + ", type: "
                + parts.get(1)
                + (parts.size() > 2 ? ", fixed_size: " + parts.get(2) : "")
                + "}");
      }
    }
    return String.join(", ", indexes);
  }

  /**
   * {@code ifIndex:ifAlias:1.3.6.1.2.1.31.1.1.1.18:DisplayString}; {@code drop:LABEL} for one that
   * others need and is not shown; {@code none} for none.
   */
  private static String lookups(List<String> words) {
    List<String> lookups = new ArrayList<>();
    for (String word : words) {
      List<String> parts = Splitter.on(':').splitToList(word);
      if (parts.get(0).equals("drop")) {
        lookups.add("{labels: [], labelname: %s}".formatted(parts.get(1)));
      } else if (!word.equals("none")) {
        lookups.add(
            "{labels: [%s], labelname: %s, oid: %s, type: %s}"
                .formatted(parts.get(0), parts.get(1), parts.get(2), parts.get(3)));
      }
    }
    return String.join(", ", lookups);
  }
}
