package org.aeiou.daemon.cli.attached;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.aeiou.daemon.cli.output.Item;
import picocli.CommandLine.Option;

/** What {@code aeiou find} looks for; all of it must hold. */
final class Predicates {
  @Option(
      names = "--name",
      paramLabel = "PATTERN",
      description = "attributes of these names, as ifOperStatus or 'if*Octets'; any of several")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--path",
      paramLabel = "PATTERN",
      description = "attributes in the path of which a name is this, as eth0 or 'Gi1*'")
  private List<String> within = new ArrayList<>();

  @Option(
      names = "--value",
      paramLabel = "PATTERN",
      description = "that have this value now, as down or '*[Cc]isco*'; any of several")
  private List<String> values = new ArrayList<>();

  @Option(
      names = "--not-value",
      paramLabel = "PATTERN",
      description = "that have a value, and none of these")
  private List<String> notValues = new ArrayList<>();

  @Option(
      names = "--above",
      paramLabel = "NUMBER",
      description = "that are a number, and more than this")
  private Double above;

  @Option(
      names = "--below",
      paramLabel = "NUMBER",
      description = "that are a number, and less than this")
  private Double below;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "of this type, as Counter64 or DisplayString")
  private String type;

  @Option(
      names = "--older",
      paramLabel = "DURATION",
      converter = SourceOptions.DurationConverter.class,
      description = "of which the reading is older than this, as 30s")
  private Duration older;

  /** Whether a value must be read to tell. */
  boolean areAboutValues() {
    return !values.isEmpty()
        || !notValues.isEmpty()
        || above != null
        || below != null
        || isDescribed();
  }

  /** Whether more than values must be known. */
  boolean isDescribed() {
    return type != null || older != null;
  }

  /** Whether an attribute may be one, by its path. */
  boolean holdsFor(String path) {
    List<String> parts = List.of(path.split("/", -1));
    return any(names, parts.get(parts.size() - 1))
        && within.stream()
            .map(PathPattern::part)
            .allMatch(wanted -> parts.stream().anyMatch(wanted::matches));
  }

  /** Whether a value is one. */
  boolean holdsFor(Item item) {
    return item.text() != null
        && any(values, item.text())
        && (notValues.isEmpty() || !any(notValues, item.text()))
        && holdsForNumber(item.text())
        && (type == null || type.equalsIgnoreCase(item.facts().get("type")))
        && (older == null || ageMillis(item) > older.toMillis());
  }

  private static boolean any(List<String> patterns, String text) {
    return patterns.isEmpty()
        || patterns.stream().map(PathPattern::part).anyMatch(each -> each.matches(text));
  }

  private boolean holdsForNumber(String text) {
    if (above == null && below == null) {
      return true;
    }
    try {
      double number = Double.parseDouble(text.toLowerCase(Locale.ROOT));
      return (above == null || number > above) && (below == null || number < below);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static long ageMillis(Item item) {
    String age = item.facts().get("age_ms");
    return age == null ? -1 : Long.parseLong(age);
  }
}
