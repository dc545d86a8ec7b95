package org.aeiou.daemon.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;

/**
 * The configuration in effect, for {@code /.aeiou/config}: defaults filled in, secrets left out.
 */
final class ConfigurationText {
  private ConfigurationText() {}

  static String of(Path file, Configuration configuration) {
    Configuration.Mount mount = configuration.mount();
    StringBuilder text = new StringBuilder();
    text.append("# in effect; from ").append(file).append('\n');
    text.append(
        String.format(
            "mount: {owner: %d, group: %d, mode: \"%04o\", allow-other: %b}%n",
            mount.uid(), mount.gid(), mount.mode(), mount.allowOther()));
    Configuration.Attach attach = configuration.attach();
    text.append(
        String.format(
            "attach: {enabled: %b, mode: \"%04o\", group: %d%s, clients: %d, clients-of-user: %d,"
                + " requests: %d, bytes: %d, memory: %d}%n",
            attach.enabled(),
            attach.mode(),
            attach.gid(),
            attach.socket() == null ? "" : ", socket: \"" + attach.socket() + "\"",
            attach.clients(),
            attach.clientsOfUser(),
            attach.requests(),
            attach.bytes(),
            attach.memory()));
    text.append("systems:\n");
    configuration.systems().values().forEach(system -> append(text, system));
    return text.toString();
  }

  private static void append(StringBuilder text, SystemConfiguration system) {
    text.append("  ").append(system.name()).append(":\n");
    text.append("    address: \"").append(system.settings().address()).append("\"\n");
    String own = system.settings().text();
    text.append("    ").append(system.backend()).append(": {").append(own);
    text.append(own.isEmpty() ? "" : ", ")
        .append("timeout: ")
        .append(written(system.limits().timeout()));
    text.append(", retries: ").append(system.limits().retries());
    text.append(", first-timeout: ").append(written(system.limits().firstTimeout()));
    text.append(", first-retries: ").append(system.limits().firstRetries());
    text.append(", max-in-flight: ").append(system.limits().maxInFlight());
    text.append(", max-batch: ").append(system.limits().maxBatch()).append("}\n");
    text.append("    charset: ").append(system.charset().name()).append('\n');
    text.append("    ttl: {");
    system.ttl().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                text.append(entry.getKey().name().toLowerCase(Locale.ROOT))
                    .append(": ")
                    .append(written(entry.getValue()))
                    .append(", "));
    text.append("grace: ").append(system.grace()).append("}\n");
  }

  private static String written(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
