package org.aeiou.daemon.simulator;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlWriter;

/** Writes a configuration that mounts a simulated network. */
final class ConfigurationText {
  /** The fractional part of the golden ratio: its multiples are spread evenly, however many. */
  private static final double SPREAD = 0.618033988749895;

  private final YamlWriter yaml = new YamlWriter();
  private final SimulationOptions options;

  ConfigurationText(SimulationOptions options, List<SimulatedAgent> agents) {
    this.options = options;
    yaml.comment(
        "A simulated network of " + agents.size() + " systems, seed " + options.seed() + ".");
    yaml.comment("Its communities and passwords are examples, and no secrets.");
    Map<String, Object> snmp = new LinkedHashMap<>();
    snmp.put("version", "2c");
    snmp.put("community", options.communities().get(0));
    snmp.put("timeout", "2s");
    snmp.put("retries", 2);
    snmp.put("max-in-flight", 2);
    yaml.begin("defaults").put("snmp", snmp).end();
    if (options.traps() != null) {
      String host = options.traps().getAddress().getHostAddress();
      yaml.put("traps", Map.of("listen", List.of(host + ":" + options.traps().getPort())));
    }
    yaml.begin("systems");
    for (int i = 0; i < agents.size(); i++) {
      system(agents.get(i), i);
    }
  }

  /** Writes a file with mode 0600, at once as a whole. */
  static void write(Path file, String content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path fresh =
        Files.createTempFile(
            folder,
            ".",
            ".yaml",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(fresh, content);
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private void system(SimulatedAgent agent, int position) {
    InetSocketAddress address = agent.address();
    yaml.begin(agent.name())
        .put("address", address.getAddress().getHostAddress() + ":" + address.getPort());
    SimulationOptions.Versions shares = options.versions();
    int total = shares.v1() + shares.v2c() + shares.v3();
    double turn = position * SPREAD % 1 * total;
    if (turn < shares.v1()) {
      yaml.put("snmp", Map.of("version", 1));
    } else if (turn >= shares.v1() + shares.v2c() && !options.users().isEmpty()) {
      yaml.put("snmp", user(options.users().get(position % options.users().size())));
    }
    yaml.end();
  }

  private static Map<String, Object> user(UsmUser user) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("version", 3);
    all.put("user", user.name());
    if (user.authentication() != Authentication.NONE) {
      all.put("auth", secured(user.authentication(), user.authenticationPass()));
    }
    if (user.privacy() != Privacy.NONE) {
      all.put("privacy", secured(user.privacy(), user.privacyPass()));
    }
    return all;
  }

  private static Map<String, Object> secured(Enum<?> protocol, Secret pass) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("protocol", Texts.written(protocol));
    all.put("pass", pass.reveal());
    return all;
  }

  @Override
  public String toString() {
    return yaml.toString();
  }
}
