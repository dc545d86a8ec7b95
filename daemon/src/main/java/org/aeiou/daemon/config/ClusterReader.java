package org.aeiou.daemon.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.config.ClusterSettings.Credentials;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;

/** Reads {@code cluster:}, where the other machines are that poll or read the same systems. */
final class ClusterReader {
  private static final int STANDARD_PORT = 4222;
  private static final int MOST_SERVERS = 16;
  private static final int STANDARD_SLOTS = 256;
  private static final int MOST_SLOTS = 4096;

  /** As many as JetStream allows. */
  private static final int MOST_REPLICAS = 5;

  private static final String STANDARD_NAME = "main";
  private static final Duration STANDARD_TTL = Duration.ofSeconds(10);
  private static final Duration LEAST_TTL = Duration.ofSeconds(2);
  private static final Duration MOST_TTL = Duration.ofMinutes(5);

  /** A part of a subject and of a bucket's name. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  /** What people read in lists: no blanks at its ends, nothing that a terminal takes for more. */
  private static final Pattern LABEL =
      Pattern.compile("[\\p{L}\\p{N}._:@/-]([\\p{L}\\p{N}._:@/ -]{0,62}[\\p{L}\\p{N}._:@/-])?");

  private static final Pattern SEED = Pattern.compile("S[A-Z2-7]{57}");

  private static final String SERVER = "nats://HOST:4222 or tls://HOST:4222";

  private final Path file;
  private final References references;

  private ClusterReader(Path file, References references) {
    this.file = file;
    this.references = references;
  }

  /**
   * Reads the section.
   *
   * @param file the configuration, which other files are relative to
   * @return null if it is not there
   */
  static ClusterSettings read(Section root, Path file, References references) {
    return root.has("cluster")
        ? new ClusterReader(file, references).read(root.section("cluster"))
        : null;
  }

  private ClusterSettings read(Section section) {
    section.needs("servers", "expected a list of " + SERVER);
    List<String> servers = servers(section);
    String name = section.value("name", STANDARD_NAME, ClusterReader::name);
    Set<String> roles = roles(section);
    String member = section.value("member", null, ClusterReader::label);
    int slots = section.number("slots", STANDARD_SLOTS, 1, MOST_SLOTS);
    List<ClusterSettings.Site> sites = SitesReader.read(section, slots);
    String site = section.value("site", "", text -> SitesReader.name(label(text), sites));
    Duration ttl = section.value("ttl", STANDARD_TTL, ClusterReader::ttl);
    boolean pollsAlone = section.value("alone", true, ClusterReader::alone);
    int replicas = section.number("replicas", 1, 1, MOST_REPLICAS);
    TlsFiles tls = tls(section);
    Credentials credentials = credentials(section);
    section.doneWithSecrets();
    return new ClusterSettings(
        servers,
        name,
        roles.contains("poll"),
        roles.contains("read"),
        site,
        member,
        slots,
        sites,
        ttl,
        pollsAlone,
        replicas,
        tls,
        credentials);
  }

  private List<String> servers(Section section) {
    List<String> servers = new ArrayList<>();
    List<YamlNode> items = section.texts("servers");
    for (YamlNode item : items) {
      try {
        String server = server(references.resolve(item.text()));
        if (servers.contains(server)) {
          item.problem(Texts.quoted(item.text()) + " is listed twice; expected it once");
        } else {
          servers.add(server);
        }
      } catch (IllegalArgumentException e) {
        item.problem(e.getMessage());
      }
    }
    if (section.has("servers") && items.isEmpty()) {
      section.problem("servers", "is empty; expected at least one, as in " + SERVER);
    }
    if (servers.size() > MOST_SERVERS) {
      section.problem(
          "servers", "has " + servers.size() + " of them; expected at most " + MOST_SERVERS);
    }
    return servers;
  }

  private static String server(String text) {
    String given = text.strip();
    if (given.contains("@")) {
      // Not shown: a password may stand before it.
      throw new IllegalArgumentException(
          "holds a user or a token; expected "
              + SERVER
              + ", and 'user' and 'password', or 'token', beside 'servers'");
    }
    int colon = given.indexOf("://");
    String scheme = colon < 0 ? "nats" : given.substring(0, colon);
    if (!scheme.equals("nats") && !scheme.equals("tls")) {
      throw new IllegalArgumentException(
          Texts.quoted(text) + " is not a server of NATS; expected " + SERVER);
    }
    String rest = colon < 0 ? given : given.substring(colon + 3);
    try {
      Texts.Address address =
          Texts.address(
              rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest, STANDARD_PORT);
      String host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
      return scheme + "://" + host + ":" + address.port();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          Texts.quoted(text) + " is not a server of NATS; expected " + SERVER, e);
    }
  }

  private static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          Texts.quoted(text)
              + " is not a name of a cluster; expected letters, digits, '-' and '_', 32 at most");
    }
    return text;
  }

  /** What people call a member or a site. */
  static String label(String text) {
    if (!LABEL.matcher(text).matches()) {
      throw new IllegalArgumentException(
          Texts.quoted(text)
              + " is not a name here; expected letters, digits and ._:@/- or spaces between, 64 at"
              + " most");
    }
    return text;
  }

  private static Duration ttl(String text) {
    Duration ttl = Texts.duration(text);
    if (ttl.compareTo(LEAST_TTL) < 0 || ttl.compareTo(MOST_TTL) > 0) {
      throw new IllegalArgumentException(
          Texts.quoted(text)
              + " is not how long a slot may wait for its owner; expected from 2s to 5m");
    }
    return ttl;
  }

  private static boolean alone(String text) {
    return switch (text) {
      case "poll" -> true;
      case "stop" -> false;
      default ->
          throw new IllegalArgumentException(
              Texts.quoted(text)
                  + " is not what a member does while no server of NATS listens; expected poll,"
                  + " which goes on with the systems that it owns, or stop, which ends with their"
                  + " leases");
    };
  }

  private static Set<String> roles(Section section) {
    Set<String> roles = new TreeSet<>();
    for (YamlNode item : section.texts("role")) {
      switch (item.text().strip()) {
        case "poll", "read" -> roles.add(item.text().strip());
        default ->
            item.problem(
                Texts.quoted(item.text())
                    + " is not a role; expected poll, which asks systems, or read, which shows"
                    + " them, or both");
      }
    }
    if (roles.isEmpty()) {
      roles.add("poll");
      roles.add("read");
    }
    return roles;
  }

  /** Files are looked at when the broker is connected to: there they are read anew each time. */
  private TlsFiles tls(Section above) {
    Section section = above.section("tls");
    if (!above.has("tls")) {
      return null;
    }
    Path certificate = section.value("certificate", null, this::beside);
    Path key = section.value("key", null, this::beside);
    Path authorities = section.value("authorities", null, this::beside);
    if (key != null) {
      section.needs("certificate", "expected a file in PEM, which 'key' belongs to");
    }
    if (certificate != null) {
      section.needs("key", "expected a file in PEM, which 'certificate' belongs to");
    }
    section.done();
    TlsFiles files = new TlsFiles(certificate, key, authorities);
    if (certificate != null && key != null) {
      try {
        files.identity();
      } catch (IOException e) {
        section.problem(e.getMessage().startsWith(key + ":") ? "key" : "certificate", reason(e));
      }
    }
    if (authorities != null) {
      try {
        files.authorities();
      } catch (IOException e) {
        section.problem("authorities", reason(e));
      }
    }
    return files;
  }

  private static String reason(IOException e) {
    return "cannot be used: " + e.getMessage();
  }

  private Path beside(String name) {
    return file.toAbsolutePath().resolveSibling(name).normalize();
  }

  private Credentials credentials(Section section) {
    String user = section.value("user", null, references::resolve);
    Secret password = section.value("password", null, text -> secret(text, "a password"));
    Secret token = section.value("token", null, text -> secret(text, "a token"));
    Secret nkey = section.value("nkey", null, this::seed);
    Path credentials = section.value("credentials", null, this::readable);
    if (section.has("password")) {
      section.needs("user", "expected the name that 'password' belongs to");
    }
    if (section.has("user")) {
      section.needs("password", "expected the password of 'user', as in \"${env:NAME}\"");
    }
    List<String> said = new ArrayList<>();
    for (String key : List.of("user", "token", "nkey", "credentials")) {
      if (section.has(key)) {
        said.add(key);
      }
    }
    for (String second : said.subList(Math.min(1, said.size()), said.size())) {
      section.problem(
          second, "is a second way to show who this is; expected this or '" + said.get(0) + "'");
    }
    return new Credentials(user, password, token, nkey, credentials);
  }

  private Secret secret(String text, String expected) {
    String secret = references.secret(text);
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("is empty; expected " + expected);
    }
    return new Secret(secret);
  }

  private Secret seed(String text) {
    String seed = references.secret(text).strip();
    if (!SEED.matcher(seed).matches()) {
      throw new IllegalArgumentException(
          "is no seed; expected 58 letters and digits that begin with SU, as 'nk -gen user' writes");
    }
    return new Secret(seed);
  }

  private Path readable(String name) {
    Path path = beside(references.resolve(name));
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          Texts.quoted(name) + " cannot be read; expected a file as 'nsc generate creds' writes");
    }
    return path;
  }
}
