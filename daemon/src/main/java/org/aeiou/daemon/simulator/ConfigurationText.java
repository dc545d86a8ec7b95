package org.aeiou.daemon.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Authentication;
import org.aeiou.daemon.backend.snmp.SnmpSettings.Privacy;
import org.aeiou.daemon.backend.snmp.SnmpSettings.User;

/** Writes a configuration that mounts a simulated network. */
final class ConfigurationText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*[0-9]");

  /** The fractional part of the golden ratio: its multiples are spread evenly, however many. */
  private static final double SPREAD = 0.618033988749895;

  private final StringBuilder text = new StringBuilder();
  private final SimulationOptions options;

  ConfigurationText(SimulationOptions options, List<SimulatedAgent> agents) {
    this.options = options;
    line("# A simulated network of " + agents.size() + " systems, seed " + options.seed() + ".");
    line("# Its communities and passwords are examples, and no secrets.");
    line("defaults:");
    line(
        "  snmp: {version: 2c, community: "
            + quoted(options.communities().get(0))
            + ", timeout: 2s, retries: 2, max-in-flight: 2}");
    line(agents.isEmpty() ? "systems: {}" : "systems:");
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
    String name = agent.name();
    line("  " + (PLAIN.matcher(name).matches() ? name : quoted(name)) + ":");
    line(
        "    address: "
            + agent.address().getAddress().getHostAddress()
            + ":"
            + agent.address().getPort());
    SimulationOptions.Versions shares = options.versions();
    int total = shares.v1() + shares.v2c() + shares.v3();
    double turn = position * SPREAD % 1 * total;
    if (turn < shares.v1()) {
      line("    snmp: {version: 1}");
    } else if (turn >= shares.v1() + shares.v2c() && !options.users().isEmpty()) {
      line("    snmp: " + user(options.users().get(position % options.users().size())));
    }
  }

  private static String user(User user) {
    StringBuilder all = new StringBuilder("{version: 3, user: ").append(quoted(user.name()));
    if (user.authentication() != Authentication.NONE) {
      all.append(", auth: {protocol: ")
          .append(user.authentication().name().replace('_', '-'))
          .append(", pass: ")
          .append(quoted(user.authenticationPass().reveal()))
          .append('}');
    }
    if (user.privacy() != Privacy.NONE) {
      all.append(", privacy: {protocol: ")
          .append(user.privacy().name().replace('_', '-'))
          .append(", pass: ")
          .append(quoted(user.privacyPass().reveal()))
          .append('}');
    }
    return all.append('}').toString();
  }

  /** A double-quoted scalar of YAML. */
  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
