package org.aeiou.daemon.config;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;

/** Reads {@code http:}, where the daemon answers HTTP. */
final class HttpReader {
  private static final int STANDARD_PORT = 9161;

  /** Each takes a thread. */
  private static final int MOST_ADDRESSES = 8;

  private static final int MOST_CONNECTIONS = 4096;

  /** What can stand in a header, and cannot be guessed by trying. */
  private static final Pattern TOKEN = Pattern.compile("[!-~]{16,512}");

  private final Path file;
  private final References references;
  private final List<String> warnings;

  private HttpReader(Path file, References references, List<String> warnings) {
    this.file = file;
    this.references = references;
    this.warnings = warnings;
  }

  /**
   * Reads the section.
   *
   * @param file the configuration, which other files are relative to
   * @param warnings gets what is allowed and better not so
   */
  static HttpSettings read(
      Section section, Path file, References references, List<String> warnings) {
    return new HttpReader(file, references, warnings).read(section);
  }

  private HttpSettings read(Section section) {
    List<InetSocketAddress> listen = listen(section);
    Secret token = section.value("token", null, this::token);
    TlsFiles tls = tls(section.section("tls"));
    Set<String> hosts = hosts(section);
    int most = HttpSettings.OFF.connections().all();
    int all = section.number("connections", most, 8, MOST_CONNECTIONS);
    HttpSettings.Connections connections =
        new HttpSettings.Connections(
            all,
            section.number("connections-of-address", Math.max(8, all / 2), 1, MOST_CONNECTIONS));
    Section metrics = section.section("metrics");
    boolean systems = metrics.value("systems", true, Texts::truth);
    metrics.done();
    if (listen.isEmpty() && !section.has("listen") && !section.keys().isEmpty()) {
      section.needs("listen", "an address, as in 127.0.0.1:" + STANDARD_PORT);
    }
    section.doneWithSecrets();
    HttpSettings settings = new HttpSettings(listen, token, tls, hosts, connections, systems);
    warnOfWhatCanBeOverheard(settings);
    if (!settings.isSecured() && !section.hasWrongValues()) {
      refuseStrangers(section, listen);
    }
    return settings;
  }

  private static List<InetSocketAddress> listen(Section section) {
    List<InetSocketAddress> listen = new ArrayList<>();
    for (YamlNode item : section.texts("listen")) {
      InetSocketAddress address = address(item);
      if (address != null && address.getPort() > 0 && listen.contains(address)) {
        item.problem(Texts.quoted(item.text()) + " is listed twice; expected it once");
      } else if (address != null) {
        listen.add(address);
      }
    }
    if (listen.size() > MOST_ADDRESSES) {
      section.problem(
          "listen", "has " + listen.size() + " addresses; expected at most " + MOST_ADDRESSES);
    }
    return listen;
  }

  /** Of this machine: null, and a problem, for any name but that of the loopback. */
  private static InetSocketAddress address(YamlNode item) {
    try {
      Texts.Address address = Texts.listening(item.text(), STANDARD_PORT);
      if (address.host().equals("localhost")) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port());
      }
      if (InetAddresses.isInetAddress(address.host())) {
        return new InetSocketAddress(InetAddresses.forString(address.host()), address.port());
      }
      item.problem(
          Texts.quoted(item.text())
              + " is a name; expected an address of this machine, as in 127.0.0.1:"
              + STANDARD_PORT);
    } catch (IllegalArgumentException e) {
      item.problem(e.getMessage());
    }
    return null;
  }

  private static void refuseStrangers(Section section, List<InetSocketAddress> listen) {
    for (InetSocketAddress address : listen) {
      if (!address.getAddress().isLoopbackAddress()) {
        section.problem(
            "listen",
            "'"
                + InetAddresses.toAddrString(address.getAddress())
                + "' is beyond the loopback, so that all who reach this machine could read; expected"
                + " 'token' or 'tls.clients' beside it, or 127.0.0.1");
        return;
      }
    }
  }

  private void warnOfWhatCanBeOverheard(HttpSettings settings) {
    boolean beyond =
        settings.listen().stream().anyMatch(each -> !each.getAddress().isLoopbackAddress());
    if (beyond && settings.token() != null && settings.tls() == null) {
      warnings.add(
          file
              + ": http.token travels unencrypted beyond this machine; set http.tls, or listen at"
              + " 127.0.0.1 behind a proxy that encrypts");
    }
  }

  private Secret token(String text) {
    String token = references.secret(text);
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "is no token; expected at least 16 ASCII characters without blanks, as 'openssl rand -hex"
              + " 16' makes");
    }
    return new Secret(token);
  }

  private TlsFiles tls(Section section) {
    if (section.keys().isEmpty()) {
      return null;
    }
    Path certificate = section.value("certificate", null, this::beside);
    Path key = section.value("key", null, this::beside);
    Path clients = section.value("clients", null, this::beside);
    section.needs("certificate", "expected a file in PEM");
    section.needs("key", "expected a file in PEM");
    section.done();
    TlsFiles files = new TlsFiles(certificate, key, clients);
    if (certificate != null && key != null) {
      try {
        files.identity();
      } catch (IOException e) {
        section.problem(e.getMessage().startsWith(key + ":") ? "key" : "certificate", reason(e));
      }
    }
    if (clients != null) {
      try {
        files.authorities();
      } catch (IOException e) {
        section.problem("clients", reason(e));
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

  private static Set<String> hosts(Section section) {
    Set<String> hosts = new TreeSet<>();
    for (YamlNode item : section.texts("hosts")) {
      try {
        String host = Texts.address(item.text(), 1).host();
        if (item.text().strip().length() > host.length()) {
          item.problem(Texts.quoted(item.text()) + " has more than a name; expected HOST alone");
        }
        hosts.add(host.toLowerCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        item.problem(Texts.quoted(item.text()) + " is not a name of a host");
      }
    }
    return hosts;
  }
}
