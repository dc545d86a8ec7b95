package org.aeiou.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.backend.PartialLimits;
import org.aeiou.daemon.backend.PartialSettings;
import org.aeiou.daemon.catalogue.AttributePatterns;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.YamlNode;

/**
 * What {@code write:} sections say, at one level of the configuration: for all systems, or for one.
 *
 * @param allowed which attributes may be written
 * @param settings the sections of back ends in it, and in those above it, in their order: each is
 *     laid over what a system is read with
 */
record Writing(AttributePatterns allowed, Map<String, List<Section>> settings) {
  static final Writing NONE = new Writing(AttributePatterns.NONE, Map.of());

  /**
   * Reads a section; what it does not say is as in {@code above}.
   *
   * @param backends the names of the sections that back ends have
   */
  static Writing read(Section section, Writing above, Set<String> backends) {
    AttributePatterns allowed = above.allowed;
    if (section.has("allow")) {
      List<String> patterns = new ArrayList<>();
      for (YamlNode item : section.texts("allow")) {
        try {
          patterns.add(AttributePatterns.check(item.text()));
        } catch (IllegalArgumentException e) {
          item.problem(e.getMessage());
        }
      }
      allowed = new AttributePatterns(patterns);
    }
    Map<String, List<Section>> settings = new LinkedHashMap<>(above.settings);
    for (String backend : backends) {
      if (section.has(backend)) {
        Section own = section.section(backend);
        List<Section> all = new ArrayList<>(above.settings.getOrDefault(backend, List.of()));
        all.add(own);
        settings.put(backend, all);
        for (String limit : PartialLimits.KEYS) {
          if (own.has(limit)) {
            own.problem(
                limit, "is not for writing: what the system's own section says goes for both");
          }
        }
      }
    }
    section.done();
    return new Writing(allowed, settings);
  }

  /** How a system is written to that is read with {@code reading}. */
  PartialSettings over(PartialSettings reading, String backend) {
    PartialSettings all = reading;
    for (Section section : settings.getOrDefault(backend, List.of())) {
      all = all.with(section);
    }
    return all;
  }

  /** Whether systems of a back end are written to as they are read. */
  boolean saysNothingOf(String backend) {
    return !settings.containsKey(backend);
  }
}
