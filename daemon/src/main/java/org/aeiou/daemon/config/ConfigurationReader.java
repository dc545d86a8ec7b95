package org.aeiou.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.Listening;
import org.aeiou.daemon.config.Configuration.Attach;
import org.aeiou.daemon.config.Configuration.Clients;
import org.aeiou.daemon.config.Configuration.Mount;
import org.aeiou.daemon.config.Configuration.ReadAhead;
import org.aeiou.daemon.config.Configuration.RefreshAhead;
import org.aeiou.daemon.config.Configuration.Room;
import org.aeiou.daemon.config.Configuration.Socket;
import org.aeiou.daemon.config.Configuration.State;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/** Reads a configuration file, all of it, and says everything that is wrong. */
public final class ConfigurationReader {
  private static final int MOST_CLIENTS = 4096;
  private static final int MOST_REQUESTS = 1 << 20;
  private static final int MOST_BYTES = 1 << 30;
  private static final int MOST_MEBIBYTES = 1 << 20;
  private static final int MOST_AHEAD = 10_000;
  private static final int MOST_REFRESHED = 1_000_000;

  private final Path file;
  private final List<Includes.Document> documents;
  private final Problems problems;

  /** What is wrong with what stands in place of the file's keys: no line of it is to blame. */
  private final Problems problemsInstead = new Problems("");

  private final References references;
  private final Map<String, BackendFactory> backends;
  private final List<String> warnings = new ArrayList<>();

  /** Whether systems are asked by the process, so that it needs their addresses and secrets. */
  private boolean isAsking = true;

  private ConfigurationReader(
      Path file, Map<String, String> environment, Map<String, BackendFactory> backends) {
    this.file = file;
    this.documents = Includes.read(file);
    this.problems = documents.get(0).problems();
    Path folder = file.toAbsolutePath().getParent();
    this.references = new References(folder, environment);
    this.backends = backends;
  }

  /**
   * Reads a file, as if its keys at the top had other values: for systems that are tried before
   * they are configured.
   *
   * @param instead YAML; what it says of systems stands for all that the file says of them
   */
  public static Configuration readWith(
      String instead,
      Path file,
      Map<String, String> environment,
      Map<String, BackendFactory> backends)
      throws ConfigurationException {
    return readWith(instead, "", file, environment, backends);
  }

  /**
   * As {@link #readWith(String, Path, Map, Map)}.
   *
   * @param otherwise YAML of another process, which is believed in nothing else: what it says of
   *     systems, and of their profiles, counts if nothing else says anything of systems
   */
  public static Configuration readWith(
      String instead,
      String otherwise,
      Path file,
      Map<String, String> environment,
      Map<String, BackendFactory> backends)
      throws ConfigurationException {
    ConfigurationReader reader = new ConfigurationReader(file, environment, backends);
    YamlNode document = reader.documents.get(0).content();
    if (document != null && document.map() != null) {
      document.mergeFrom(YamlReader.parse(instead, reader.problemsInstead), "systems");
      YamlNode systems = document.map().get("systems");
      if (!otherwise.isEmpty() && (systems == null || systems.isNothing())) {
        ToldSystems.merge(otherwise, document, reader.problemsInstead);
      }
    }
    return reader.read();
  }

  /**
   * Reads a file.
   *
   * @param environment what {@code ${env:NAME}} refers to; usually the process's own
   * @param backends by the name of their section; the first is for systems that have none of them
   * @throws ConfigurationException with everything that is wrong with it
   */
  public static Configuration read(
      Path file, Map<String, String> environment, Map<String, BackendFactory> backends)
      throws ConfigurationException {
    return new ConfigurationReader(file, environment, backends).read();
  }

  private Configuration read() throws ConfigurationException {
    YamlNode document = documents.get(0).content();
    if (document != null && document.isNothing()) {
      problems.add(1, "", "the file is empty; expected at least 'systems:'");
    }
    Configuration configuration = document == null ? null : configuration(Section.of(document));
    List<String> wrong =
        Stream.concat(
                Stream.of(problemsInstead), documents.stream().map(Includes.Document::problems))
            .flatMap(read -> read.lines().stream())
            .toList();
    if (!wrong.isEmpty()) {
      throw new ConfigurationException(wrong);
    }
    return configuration;
  }

  private Configuration configuration(Section root) {
    Mount mount = mount(root.section("mount"));
    Attach attach = attach(root.section("attach"), mount.gid());
    Lifetime lifetime = Lifetime.read(root.section("ttl"), Lifetime.STANDARD);
    root.has("include"); // read before
    Budgets budgets = Budgets.read(root);
    ClusterSettings cluster = ClusterReader.read(root, file, references);
    isAsking = cluster == null || cluster.polls();
    SystemLayer defaults = defaults(root, lifetime, budgets);
    Profiles profiles = Profiles.read(root.section("profiles"), defaults);
    List<Path> catalogueFiles = files(root, "catalogue", "a catalogue file");
    List<Configuration.Mibs> mibs = MibsReader.read(root, file);
    List<Path> snmpModules = files(root, "snmp-modules", "a file of modules");
    ReadAhead readAhead = readAhead(root.section("read-ahead"));
    RefreshAhead refreshAhead = refreshAhead(root.section("refresh-ahead"));
    State state = state(root);
    Listening traps = TrapsReader.read(root.section("traps"), references);
    HttpSettings http = HttpReader.read(root.section("http", "listen"), file, references, warnings);
    Map<String, SystemConfiguration> systems =
        SystemsReader.read(root.section("systems"), profiles, isAsking);
    root.sectionsWithBelong("address", "systems");
    root.done();
    if (systems.isEmpty() && isAsking && problems.isEmpty()) {
      warnings.add(file + ": there are no systems in it; expected 'systems:' with at least one");
    }
    if (traps.isAnywhere() && !isAsking) {
      warnings.add(
          file
              + ": traps.listen: only members that poll can tell which system a trap is of; expected"
              + " it where 'cluster.role' has poll");
    }
    documents.forEach(this::warnIfReadableByAll);
    return new Configuration(
        mount,
        attach,
        catalogueFiles,
        mibs,
        snmpModules,
        readAhead,
        refreshAhead,
        state,
        budgets,
        traps,
        http,
        cluster,
        systems,
        false,
        List.copyOf(warnings));
  }

  private SystemLayer defaults(Section root, Lifetime lifetime, Budgets budgets) {
    Section section = root.section("defaults");
    SystemLayer layer =
        SystemLayer.standard(
                backends, isAsking ? references : references.unread(), lifetime, budgets)
            .withDefaults(section, root);
    section.done();
    return layer;
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
    boolean enabled = section.value("enabled", true, Texts::truth);
    Socket socket =
        new Socket(
            section.value("socket", null, text -> file.toAbsolutePath().resolveSibling(text)),
            section.value("mode", 0660, Texts::socketMode),
            section.value("group", gid, Owners::group));
    int clients = section.number("clients", 256, 1, MOST_CLIENTS);
    int ofUser = section.number("clients-of-user", Math.max(1, clients / 2), 1, MOST_CLIENTS);
    Room room =
        new Room(
            section.number("requests", 1 << 17, 1, MOST_REQUESTS),
            section.number("bytes", 64 << 20, 0, MOST_BYTES));
    int memory = section.number("memory", 4096, 1, MOST_MEBIBYTES);
    section.done();
    return new Attach(enabled, socket, new Clients(clients, ofUser), room, memory);
  }

  private static ReadAhead readAhead(Section section) {
    boolean enabled = section.value("enabled", true, Texts::truth);
    int values = section.number("values", 96, 1, MOST_AHEAD);
    section.done();
    return new ReadAhead(enabled ? values : 0);
  }

  private State state(Section root) {
    Path folder =
        root.value("state", null, text -> file.toAbsolutePath().resolveSibling(text).normalize());
    Section learned = root.section("learned");
    boolean kept = learned.value("keep", true, Texts::truth);
    learned.done();
    return new State(folder, kept);
  }

  private static RefreshAhead refreshAhead(Section section) {
    boolean enabled = section.value("enabled", true, Texts::truth);
    int values = section.number("values", 4096, 1, MOST_REFRESHED);
    section.done();
    return new RefreshAhead(enabled ? values : 0);
  }

  private List<Path> files(Section root, String key, String expected) {
    List<Path> files = new ArrayList<>();
    for (YamlNode item : root.texts(key)) {
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
      item.problem(Texts.quoted(name) + " cannot be read; expected " + expected);
    }
    return files;
  }

  private void warnIfReadableByAll(Includes.Document document) {
    if (!references.isAnySecretIn(document.content())) {
      return;
    }
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(document.file());
      if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
        warnings.add(
            document.file()
                + ": holds secrets and can be read by every user; run 'chmod 600 "
                + document.file()
                + "', or use ${env:NAME} or ${file:PATH}");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // A file system without permissions: nothing to warn about.
    }
  }
}
