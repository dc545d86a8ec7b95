package org.aeiou.daemon.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.member.Slots;
import org.aeiou.daemon.cluster.nats.NatsSettings;
import org.aeiou.daemon.config.ClusterSettings;
import org.aeiou.daemon.config.TlsFiles;

/** What the configuration says of a cluster, as its rooms understand it. */
final class Settings {
  private Settings() {}

  /**
   * This process.
   *
   * @param id random
   * @param digest of its configuration
   * @param slots in which slot it has each system
   * @param version of the program
   */
  static Member self(
      ClusterSettings settings,
      long id,
      String digest,
      Slots slots,
      String version,
      long startedMillis) {
    return new Member(
        "%016x".formatted(id),
        settings.member() == null ? hostAndProcess() : settings.member(),
        roles(settings),
        settings.site(),
        digest,
        slots.digest(),
        version,
        startedMillis);
  }

  /** In which slot each system is. */
  static Slots slots(ClusterSettings settings) {
    return new Slots(
        settings.slots(),
        settings.sites().stream()
            .map(site -> new Slots.Site(site.name(), site.patterns()))
            .toList());
  }

  /** The same with another configuration. */
  static Member withDigest(Member self, String digest) {
    return new Member(
        self.id(),
        self.name(),
        self.roles(),
        self.site(),
        digest,
        self.map(),
        self.version(),
        self.startedMillis());
  }

  private static Set<Role> roles(ClusterSettings settings) {
    Set<Role> roles = new HashSet<>();
    if (settings.polls()) {
      roles.add(Role.POLL);
    }
    if (settings.reads()) {
      roles.add(Role.READ);
    }
    return roles;
  }

  /** As in {@code web-1:4711}; a name service is not asked. */
  private static String hostAndProcess() {
    String host;
    try {
      host = Files.readString(Path.of("/proc/sys/kernel/hostname"), UTF_8).strip();
    } catch (IOException e) {
      host = "host";
    }
    return host + ":" + ProcessHandle.current().pid();
  }

  /** Where the broker is, and as what this member logs in. */
  static NatsSettings nats(ClusterSettings settings, String member) {
    ClusterSettings.Credentials shown = settings.credentials();
    NatsSettings.Login login = new NatsSettings.Login.None();
    if (shown.user() != null) {
      login = new NatsSettings.Login.Password(shown.user(), shown.password());
    } else if (shown.token() != null) {
      login = new NatsSettings.Login.Token(shown.token());
    } else if (shown.nkey() != null) {
      login = new NatsSettings.Login.Nkey(shown.nkey());
    } else if (shown.file() != null) {
      login = new NatsSettings.Login.Credentials(shown.file());
    }
    TlsFiles files = settings.tls();
    return new NatsSettings(
        settings.servers(),
        settings.name(),
        member,
        login,
        files == null
            ? null
            : new NatsSettings.Tls(files.clients(), files.certificate(), files.key()),
        settings.ttl(),
        settings.replicas());
  }
}
