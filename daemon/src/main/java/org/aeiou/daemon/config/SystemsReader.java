package org.aeiou.daemon.config;

import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.BackendSettings;
import org.aeiou.daemon.backend.PartialSettings;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/** Reads the {@code systems:} section: each system by its name, as a section or as its address. */
final class SystemsReader {
  /** What YAML takes for a name where a space is missing, as in {@code core1:{address: …}}. */
  private static final Pattern NO_SPACE = Pattern.compile("[^:]*:[\\[{].*", Pattern.DOTALL);

  private SystemsReader() {}

  /**
   * What systems take where they say nothing themselves.
   *
   * @param backends by the name of their section; the first is for systems that have none of them
   */
  record Defaults(Map<String, PartialSettings> backends, Lifetime lifetime, Charset charset) {}

  static Map<String, SystemConfiguration> read(Section section, Defaults defaults) {
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
      systems.put(name, system(name, section.section(name, "address"), defaults));
    }
    return systems;
  }

  private static SystemConfiguration system(String name, Section section, Defaults defaults) {
    String backend = backend(section, defaults.backends().keySet());
    Section own = section.section(backend);
    PartialSettings partial = defaults.backends().get(backend).with(own);
    BackendSettings settings = partial.complete(section, own);
    Lifetime lifetime =
        section.has("ttl")
            ? Lifetime.read(section.section("ttl"), defaults.lifetime())
            : defaults.lifetime();
    Charset charset = section.value("charset", defaults.charset(), Texts::charset);
    section.belong(own.known(), backend);
    section.done();
    return new SystemConfiguration(name, backend, settings, partial.limits(), lifetime, charset);
  }

  /** The back end that has a section in a system. */
  private static String backend(Section section, Set<String> backends) {
    List<String> said = backends.stream().filter(section::has).toList();
    if (said.isEmpty()) {
      return backends.iterator().next();
    }
    for (String second : said.subList(1, said.size())) {
      section.problem(
          second, "is a second way to ask the system; expected this or '" + said.get(0) + "'");
    }
    return said.get(0);
  }
}
