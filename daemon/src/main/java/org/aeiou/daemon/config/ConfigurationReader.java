package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.backend.snmp.SnmpSettings;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.config.Configuration.Attach;
import org.aeiou.daemon.config.Configuration.Mount;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;

/** Reads a configuration file, all of it, and says everything that is wrong. */
public final class ConfigurationReader {
  private static final double STANDARD_GRACE = 1;
  private static final int MOST_CLIENTS = 4096;
  private static final int MOST_REQUESTS = 1 << 20;
  private static final int MOST_BYTES = 1 << 30;
  private static final int MOST_MEBIBYTES = 1 << 20;

  private final Path file;
  private final Problems problems;
  private final References references;
  private final SnmpReader snmpReader;
  private final List<String> warnings = new ArrayList<>();

  private ConfigurationReader(Path file, Map<String, String> environment) {
    this.file = file;
    this.problems = new Problems(file.toString());
    Path folder = file.toAbsolutePath().getParent();
    this.references = new References(folder, environment);
    this.snmpReader = new SnmpReader(references);
  }

  /**
   * Reads a file.
   *
   * @param environment what {@code ${env:NAME}} refers to; usually the process's own
   * @throws ConfigurationException with everything that is wrong with it
   */
  public static Configuration read(Path file, Map<String, String> environment)
      throws ConfigurationException {
    return new ConfigurationReader(file, environment).read();
  }

  private Configuration read() throws ConfigurationException {
    String text = text();
    YamlNode tree = YamlTree.parse(text, problems);
    Configuration configuration =
        tree == null ? null : configuration(Section.of(tree, "", problems));
    if (!problems.isEmpty() || configuration == null) {
      throw new ConfigurationException(problems.lines());
    }
    return configuration;
  }

  private String text() throws ConfigurationException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(YamlTree.MAX_SIZE + 1);
      if (octets.length > YamlTree.MAX_SIZE) {
        throw new ConfigurationException(
            List.of(file + ": is larger than " + (YamlTree.MAX_SIZE >> 20) + " MiB"));
      }
      return decoded(octets);
    } catch (NoSuchFileException e) {
      throw new ConfigurationException(List.of(file + ": there is no such file"));
    } catch (AccessDeniedException e) {
      throw new ConfigurationException(List.of(file + ": there is no permission to read it"));
    } catch (IOException e) {
      throw new ConfigurationException(List.of(file + ": cannot be read: " + e.getMessage()));
    }
  }

  private String decoded(byte[] octets) throws ConfigurationException {
    CharBuffer characters = CharBuffer.allocate(octets.length);
    ByteBuffer bytes = ByteBuffer.wrap(octets);
    if (UTF_8.newDecoder().decode(bytes, characters, true).isError()) {
      problems.add(
          lineAt(octets, bytes.position()), "", "this is not a text in UTF-8; expected one");
      throw new ConfigurationException(problems.lines());
    }
    return characters.flip().toString();
  }

  private static int lineAt(byte[] octets, int position) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      line += octets[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private Configuration configuration(Section root) {
    Mount mount = mount(root.section("mount"));
    Attach attach = attach(root.section("attach"), mount.gid());
    Lifetime lifetime = lifetime(root.section("ttl"), Lifetime.STANDARD);
    Section defaults = root.section("defaults");
    SnmpReader.Partial snmp = snmpReader.read(defaults.section("snmp"), SnmpReader.STANDARD);
    defaults.done();
    List<Path> catalogueFiles = catalogueFiles(root);
    Map<String, SystemConfiguration> systems = systems(root.section("systems"), snmp, lifetime);
    root.done();
    if (systems.isEmpty() && problems.isEmpty()) {
      warnings.add(file + ": there are no systems in it; expected 'systems:' with at least one");
    }
    warnIfReadableByAll();
    return new Configuration(mount, attach, catalogueFiles, systems, List.copyOf(warnings));
  }

  private static Mount mount(Section section) {
    Mount mount =
        new Mount(
            section.has("owner") ? section.value("owner", 0, Owners::user) : Owners.ownUser(),
            section.has("group") ? section.value("group", 0, Owners::group) : Owners.ownGroup(),
            section.value("mode", 0444, Texts::mode),
            section.value("allow-other", false, Texts::truth));
    section.done();
    return mount;
  }

  private Attach attach(Section section, int gid) {
    int clients = section.value("clients", 256, text -> Texts.number(text, 1, MOST_CLIENTS));
    Attach attach =
        new Attach(
            section.value("enabled", true, Texts::truth),
            section.value("socket", null, text -> file.toAbsolutePath().resolveSibling(text)),
            section.value("mode", 0660, Texts::socketMode),
            section.value("group", gid, Owners::group),
            clients,
            section.value(
                "clients-of-user",
                Math.max(1, clients / 2),
                text -> Texts.number(text, 1, MOST_CLIENTS)),
            section.value("requests", 1 << 17, text -> Texts.number(text, 1, MOST_REQUESTS)),
            section.value("bytes", 64 << 20, text -> Texts.number(text, 0, MOST_BYTES)),
            section.value("memory", 4096, text -> Texts.number(text, 1, MOST_MEBIBYTES)));
    section.done();
    return attach;
  }

  private List<Path> catalogueFiles(Section root) {
    List<Path> files = new ArrayList<>();
    for (YamlNode.Scalar item : root.texts("catalogue")) {
      String name = item.text();
      try {
        Path extra = file.toAbsolutePath().resolveSibling(name);
        if (Files.isReadable(extra) && !Files.isDirectory(extra)) {
          files.add(extra);
          continue;
        }
      } catch (InvalidPathException e) {
        // told below, together with files that cannot be read
      }
      root.problem(
          item, "catalogue", Texts.quoted(name) + " cannot be read; expected a catalogue file");
    }
    return files;
  }

  /** How long readings are used, at one level of the configuration. */
  private record Lifetime(
      Map<TtlClass, Duration> classes, Map<String, Duration> attributes, double grace) {
    static final Lifetime STANDARD = standard();

    private static Lifetime standard() {
      Map<TtlClass, Duration> classes = new EnumMap<>(TtlClass.class);
      for (TtlClass ttlClass : TtlClass.values()) {
        classes.put(ttlClass, ttlClass.standard());
      }
      return new Lifetime(classes, Map.of(), STANDARD_GRACE);
    }
  }

  private static Lifetime lifetime(Section section, Lifetime above) {
    Map<TtlClass, Duration> classes = new EnumMap<>(above.classes());
    for (TtlClass ttlClass : TtlClass.values()) {
      classes.computeIfPresent(
          ttlClass,
          (same, ttl) ->
              section.value(same.name().toLowerCase(Locale.ROOT), ttl, Texts::positiveDuration));
    }
    Map<String, Duration> attributes = new LinkedHashMap<>(above.attributes());
    Section own = section.section("attributes");
    for (String name : own.keys()) {
      Duration ttl = own.value(name, null, Texts::positiveDuration);
      if (ttl != null) {
        attributes.put(name, ttl);
      }
    }
    double grace = section.value("grace", above.grace(), Texts::factor);
    section.done();
    return new Lifetime(Map.copyOf(classes), Map.copyOf(attributes), grace);
  }

  private Map<String, SystemConfiguration> systems(
      Section section, SnmpReader.Partial defaults, Lifetime lifetime) {
    Map<String, SystemConfiguration> systems = new LinkedHashMap<>();
    Map<String, String> directories = SystemNames.directories(section.keys());
    for (String name : section.keys()) {
      Section system = section.section(name);
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
      systems.put(name, system(name, system, defaults, lifetime));
    }
    return systems;
  }

  private SystemConfiguration system(
      String name, Section section, SnmpReader.Partial defaults, Lifetime above) {
    Section snmpSection = section.section("snmp");
    SnmpReader.Partial snmp = snmpReader.read(snmpSection, defaults);
    Texts.Address none = new Texts.Address("", snmp.port());
    if (!section.has("address")) {
      section.problem("address", "is missing; expected HOST or HOST:PORT");
    }
    Texts.Address address = section.value("address", none, text -> address(text, snmp.port()));
    Lifetime lifetime = section.has("ttl") ? lifetime(section.section("ttl"), above) : above;
    SnmpSettings settings = snmpReader.settings(snmpSection, address, snmp);
    section.done();
    return new SystemConfiguration(
        name, settings, snmp.limits(), lifetime.classes(), lifetime.attributes(), lifetime.grace());
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

  private void warnIfReadableByAll() {
    if (!snmpReader.holdsLiteralSecret()) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
        warnings.add(
            file
                + ": holds secrets and can be read by everybody; run 'chmod 600 "
                + file
                + "', or use ${env:NAME} or ${file:PATH}");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // A file system without permissions: nothing to warn about.
    }
  }
}
