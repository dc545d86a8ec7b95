package org.aeiou.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;

/** Reads {@code cluster.sites}: which systems are where, by patterns of their names. */
final class SitesReader {
  private static final int MOST_SITES = 64;

  /** With fewer slots the members of a site could not share them evenly. */
  private static final int LEAST_SLOTS = 8;

  private static final String EXPECTED =
      "expected a name of systems, in which a star stands for any characters, as in 'lon/*'";

  /** The site that named each pattern first. */
  private final Map<String, String> named = new HashMap<>();

  private SitesReader() {}

  /**
   * Reads the section.
   *
   * @param cluster the section above it
   * @param slots how many there are
   * @return in the order of the file, in which they count
   */
  static List<ClusterSettings.Site> read(Section cluster, int slots) {
    if (!cluster.has("sites")) {
      return List.of();
    }
    Section section = cluster.section("sites");
    SitesReader reader = new SitesReader();
    List<ClusterSettings.Site> sites = new ArrayList<>();
    for (String name : List.copyOf(section.keys())) {
      sites.add(new ClusterSettings.Site(name, reader.patterns(section, name)));
    }
    if (sites.size() > MOST_SITES) {
      cluster.problem("sites", "has " + sites.size() + " of them; expected at most " + MOST_SITES);
    } else if (!sites.isEmpty() && slots < LEAST_SLOTS * (sites.size() + 1)) {
      cluster.problem(
          "slots",
          "are too few for %d sites: %d; expected at least %d, %d for each site and for what is of none"
              .formatted(sites.size(), slots, LEAST_SLOTS * (sites.size() + 1), LEAST_SLOTS));
    }
    return sites;
  }

  private List<String> patterns(Section section, String site) {
    try {
      ClusterReader.label(site);
    } catch (IllegalArgumentException e) {
      section.problem(site, e.getMessage());
    }
    List<String> patterns = new ArrayList<>();
    for (YamlNode item : section.texts(site)) {
      String pattern = item.text();
      String before = named.putIfAbsent(pattern, site);
      if (SystemNames.wrong(pattern.replace('*', 'x')) != null) {
        item.problem(Texts.quoted(pattern) + " can name no system; " + EXPECTED);
      } else if (before != null) {
        item.problem(
            Texts.quoted(pattern)
                + " is listed at "
                + Texts.quoted(before)
                + " already; expected it once");
      }
      patterns.add(pattern);
    }
    if (patterns.isEmpty()) {
      section.problem(site, "names no systems; " + EXPECTED);
    }
    return patterns;
  }

  /**
   * The site that a member is at.
   *
   * @param sites those that the configuration has; any name will do if it has none
   * @throws IllegalArgumentException if it is none of them
   */
  static String name(String text, List<ClusterSettings.Site> sites) {
    List<String> names = sites.stream().map(ClusterSettings.Site::name).toList();
    if (names.isEmpty() || names.contains(text)) {
      return text;
    }
    throw new IllegalArgumentException(
        Texts.quoted(text)
            + " is none of the sites; expected "
            + Spelling.meant(text, names)
            + "one of "
            + String.join(", ", names));
  }
}
