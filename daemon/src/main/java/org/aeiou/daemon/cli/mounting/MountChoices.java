package org.aeiou.daemon.cli.mounting;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.app.MountedDaemon.ChannelKind;
import org.aeiou.daemon.cli.mounting.OptionList.NotUnderstoodException;
import org.aeiou.daemon.config.Configuration;
import picocli.CommandLine.TypeConversionException;

/**
 * What the command that mounts says, in place of what the configuration says or the program would
 * do. It stays so at a reload.
 *
 * @param mount the keys below the configuration's {@code mount}, as YAML
 * @param cluster the keys below the configuration's {@code cluster}, as YAML
 * @param readOnly whether nothing may be written, whatever the configuration allows
 * @param log where the log goes in the background; null for the system's log
 */
record MountChoices(
    List<String> mount,
    List<String> cluster,
    boolean readOnly,
    ChannelKind channel,
    boolean keepNothing,
    boolean verbose,
    Path log) {

  /** Names and numbers of users and groups: nothing that means anything to YAML. */
  private static final String ACCOUNT = "[A-Za-z0-9_][A-Za-z0-9_.@-]*\\$?";

  /** What a list of options says. */
  static MountChoices of(OptionList list) throws NotUnderstoodException {
    List<String> mount = new ArrayList<>();
    if (list.has("allow_other")) {
      mount.add("allow-other: true");
    }
    add(mount, "owner", list, "uid", ACCOUNT, "the name or number of a user");
    add(mount, "group", list, "gid", ACCOUNT, "the name or number of a group");
    add(mount, "mode", list, "mode", "0?[0-7]{3}", "three octal digits");
    String log = list.value("log");
    return new MountChoices(
        mount,
        ClusterOptions.keys(list),
        list.has("ro"),
        channel(list.value("channel")),
        list.has("no_kernel_cache"),
        list.has("verbose"),
        log == null ? null : Path.of(log));
  }

  private static void add(
      List<String> mount, String key, OptionList list, String name, String shape, String expected)
      throws NotUnderstoodException {
    String value = list.value(name);
    if (value == null) {
      return;
    }
    if (!value.matches(shape)) {
      throw new NotUnderstoodException(name + "=" + value + ": expected " + expected);
    }
    mount.add(key + ": \"" + value + "\"");
  }

  private static ChannelKind channel(String text) throws NotUnderstoodException {
    try {
      return text == null ? null : new ChannelKindConverter().convert(text);
    } catch (TypeConversionException e) {
      throw new NotUnderstoodException("channel=" + text + ": " + e.getMessage());
    }
  }

  /** These, with what options of their own say besides; null where they say nothing. */
  MountChoices with(ChannelKind kind, boolean keepNothing, boolean verbose, Path log) {
    ChannelKind chosen = kind == null ? channel : kind;
    return new MountChoices(
        mount,
        cluster,
        readOnly,
        chosen == null ? ChannelKind.AUTO : chosen,
        this.keepNothing || keepNothing,
        this.verbose || verbose,
        log == null ? this.log : log);
  }

  /** The same for a member of a cluster that is what these keys say, each in place of its own. */
  MountChoices inCluster(List<String> keys) {
    List<String> all = new ArrayList<>(keys);
    for (String key : cluster) {
      String name = key.substring(0, key.indexOf(':') + 1);
      if (keys.stream().noneMatch(other -> other.startsWith(name))) {
        all.add(key);
      }
    }
    return new MountChoices(mount, all, readOnly, channel, keepNothing, verbose, log);
  }

  /** What stands in place of keys of the configuration. */
  String asYaml() {
    String cluster = clusterAsYaml(this.cluster);
    return "{mount: {"
        + String.join(", ", mount)
        + "}"
        + (cluster.equals("{}") ? "" : ", " + cluster.substring(1, cluster.length() - 1))
        + "}";
  }

  /** What stands in place of keys below {@code cluster}, where anything does. */
  static String clusterAsYaml(List<String> keys) {
    return keys.isEmpty() ? "{}" : "{cluster: {" + String.join(", ", keys) + "}}";
  }

  Configuration applyTo(Configuration configuration) {
    return readOnly ? configuration.readOnly() : configuration;
  }
}
