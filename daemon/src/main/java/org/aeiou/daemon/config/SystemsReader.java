package org.aeiou.daemon.config;

import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/** Reads the {@code systems:} section: each system by its name, as a section or as its address. */
final class SystemsReader {
  /** What YAML takes for a name where a space is missing, as in {@code core1:{address: …}}. */
  private static final Pattern NO_SPACE = Pattern.compile("[^:]*:[\\[{].*", Pattern.DOTALL);

  private final References references;
  private final SnmpReader snmpReader;

  /** What systems take where they say nothing themselves. */
  record Defaults(SnmpReader.Partial snmp, Lifetime lifetime, Charset charset) {}

  SystemsReader(References references, SnmpReader snmpReader) {
    this.references = references;
    this.snmpReader = snmpReader;
  }

  Map<String, SystemConfiguration> read(Section section, Defaults defaults) {
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

  private SystemConfiguration system(String name, Section section, Defaults defaults) {
    Section snmpSection = section.section("snmp");
    SnmpReader.Partial snmp = snmpReader.read(snmpSection, defaults.snmp());
    Texts.Address none = new Texts.Address("", snmp.port());
    section.needs("address", "expected HOST or HOST:PORT");
    Texts.Address address = section.value("address", none, text -> address(text, snmp.port()));
    Lifetime lifetime =
        section.has("ttl")
            ? Lifetime.read(section.section("ttl"), defaults.lifetime())
            : defaults.lifetime();
    Charset charset = section.value("charset", defaults.charset(), Texts::charset);
    SnmpSettings settings = snmpReader.settings(snmpSection, address, snmp);
    section.belong(snmpSection.known(), "snmp");
    section.done();
    return new SystemConfiguration(
        name,
        settings,
        snmp.limits(),
        lifetime.classes(),
        lifetime.attributes(),
        lifetime.grace(),
        charset);
  }

  private Texts.Address address(String text, int standardPort) {
    String resolved = references.resolve(text);
    try {
      return Texts.address(resolved, standardPort);
    } catch (IllegalArgumentException e) {
      if (References.isLiteral(text)) {
        throw e;
      }
      throw new IllegalArgumentException(
          "'" + text + "' does not refer to an address; use HOST or HOST:PORT, or [IPV6]:PORT", e);
    }
  }
}
