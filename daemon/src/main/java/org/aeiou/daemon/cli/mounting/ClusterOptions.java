package org.aeiou.daemon.cli.mounting;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that say what this member of a cluster is, in place of the configuration. */
final class ClusterOptions {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      split = ",",
      description =
          "poll, read or poll,read: whether this member of a cluster asks systems, and whether it"
              + " serves readers (as the configuration says below 'cluster')")
  private List<String> roles = List.of();

  @Option(
      names = "--site",
      paramLabel = "SITE",
      description = "where this member of a cluster is (as the configuration says)")
  private String site;

  @Option(
      names = "--member",
      paramLabel = "NAME",
      description = "what this member of a cluster is called (HOST:PID)")
  private String member;

  /** The keys below the configuration's {@code cluster}, as YAML. */
  List<String> keys() {
    return keys(roles, site, member);
  }

  /** The same of what a list of options says. */
  static List<String> keys(OptionList list) {
    String role = list.value("role");
    return keys(
        role == null ? List.of() : List.of(role.split(",", -1)),
        list.value("site"),
        list.value("member"));
  }

  private static List<String> keys(List<String> roles, String site, String member) {
    List<String> keys = new ArrayList<>();
    if (!roles.isEmpty()) {
      keys.add(
          "role: [" + String.join(", ", roles.stream().map(ClusterOptions::quoted).toList()) + "]");
    }
    if (site != null) {
      keys.add("site: " + quoted(site));
    }
    if (member != null) {
      keys.add("member: " + quoted(member));
    }
    return keys;
  }

  /** As a text of YAML, whatever is in it. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (Character.isISOControl(c)) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
