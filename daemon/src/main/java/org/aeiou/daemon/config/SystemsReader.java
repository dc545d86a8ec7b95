package org.aeiou.daemon.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.BackendSettings;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.Configuration.Write;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Section;

/** Reads the {@code systems:} section: each system by its name, as a section or as its address. */
final class SystemsReader {
  /** What YAML takes for a name where a space is missing, as in {@code core1:{address: …}}. */
  private static final Pattern NO_SPACE = Pattern.compile("[^:]*:[\\[{].*", Pattern.DOTALL);

  private SystemsReader() {}

  /**
   * Of a system that other members of a cluster ask.
   *
   * @param address as the configuration writes it; empty if it does not say
   */
  private record AskedElsewhere(String address) implements BackendSettings {
    @Override
    public boolean isSameAgent(BackendSettings other) {
      return equals(other);
    }

    @Override
    public Map<String, Object> shown() {
      return Map.of();
    }
  }

  /**
   * Reads the section.
   *
   * @param profiles what systems take where they say nothing themselves
   * @param isAsking whether the systems are asked by this process: then all that it needs for that
   *     must be there
   */
  static Map<String, SystemConfiguration> read(
      Section section, Profiles profiles, boolean isAsking) {
    Map<String, SystemConfiguration> systems = new LinkedHashMap<>();
    Map<String, String> directories = SystemNames.directories(section.keys());
    for (String name : section.keys()) {
      if (NO_SPACE.matcher(name).matches()) {
        section.spaceIsMissing(name);
        continue;
      }
      String wrong = SystemNames.wrong(name);
      if (wrong != null) {
        section.problem(name, wrong);
      } else if (directories.containsKey(name)) {
        String below = directories.get(name);
        section.problem(
            name,
            "is a system, and for '"
                + Problems.shortened(below)
                + "' in line "
                + section.lineOf(below)
                + " a directory; rename one of them");
      }
      systems.put(name, system(name, section.section(name, "address"), profiles, isAsking));
    }
    return systems;
  }

  private static SystemConfiguration system(
      String name, Section section, Profiles profiles, boolean isAsking) {
    var unused = section.has("address"); // the first that messages tell of
    SystemLayer layer = profiles.of(section).with(section);
    BackendSettings settings =
        isAsking
            ? layer.settings().complete(section, section.section(layer.backend()))
            : new AskedElsewhere(section.value("address", "", text -> text));
    Write write =
        isAsking ? write(section, layer, settings) : new Write(layer.writing().allowed(), settings);
    section.done();
    return new SystemConfiguration(
        name,
        layer.backend(),
        settings,
        layer.settings().limits(),
        layer.lifetime(),
        layer.charset(),
        write,
        layer.budget());
  }

  private static Write write(Section section, SystemLayer layer, BackendSettings settings) {
    Writing writing = layer.writing();
    if (writing.saysNothingOf(layer.backend())) {
      return new Write(writing.allowed(), settings);
    }
    Section own = section.section("write").section(layer.backend());
    BackendSettings forWrites =
        writing.over(layer.settings(), layer.backend()).complete(section, own);
    if (settings != null && forWrites != null && !forWrites.isSameAgent(settings)) {
      section.problem(
          "write", "leads to another agent than the system's address; expected only credentials");
    }
    return new Write(writing.allowed(), forWrites);
  }
}
