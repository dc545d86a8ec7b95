package org.aeiou.daemon.cli.mounting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aeiou.daemon.document.Spelling;

/**
 * Options of a mount in a list, as mount(8) and fstab(5) have them: {@code rw,allow_other,uid=ops}.
 * A value with a comma stands in double quotes.
 */
final class OptionList {
  /** Those that say something to this program, and what they take. */
  private static final Map<String, String> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put("allow_other", "");
    KNOWN.put("ro", "");
    KNOWN.put("rw", "");
    KNOWN.put("uid", "USER");
    KNOWN.put("gid", "GROUP");
    KNOWN.put("mode", "DIGITS");
    KNOWN.put("channel", "KIND");
    KNOWN.put("no_kernel_cache", "");
    KNOWN.put("role", "ROLE");
    KNOWN.put("site", "SITE");
    KNOWN.put("member", "NAME");
    KNOWN.put("log", "FILE");
    KNOWN.put("verbose", "");
  }

  /**
   * Those that say something to mount(8), to the service manager or to other file systems. That
   * there are no devices, programs and setuid bits in the mount is always so.
   */
  private static final Set<String> FOR_OTHERS =
      Set.of(
          "defaults",
          "auto",
          "noauto",
          "nofail",
          "_netdev",
          "user",
          "nouser",
          "users",
          "nousers",
          "owner",
          "noowner",
          "group",
          "nogroup",
          "comment",
          "uhelper",
          "helper",
          "suid",
          "nosuid",
          "dev",
          "nodev",
          "exec",
          "noexec",
          "atime",
          "noatime",
          "diratime",
          "nodiratime",
          "relatime",
          "norelatime",
          "strictatime",
          "nostrictatime",
          "lazytime",
          "nolazytime",
          "sync",
          "async",
          "dirsync",
          "silent",
          "loud",
          "mand",
          "nomand",
          "iversion",
          "noiversion",
          "nosymfollow",
          "symfollow",
          "default_permissions",
          "subtype");

  /** A list that cannot be followed; the message says why. */
  static final class NotUnderstoodException extends Exception {
    private static final long serialVersionUID = 1L;

    NotUnderstoodException(String message) {
      super(message);
    }
  }

  private final Map<String, String> values = new LinkedHashMap<>();

  private OptionList() {}

  /**
   * Reads a list.
   *
   * @param sloppy whether options that are not known are passed over
   */
  static OptionList of(String list, boolean sloppy) throws NotUnderstoodException {
    OptionList options = new OptionList();
    for (String option : split(list)) {
      int sign = option.indexOf('=');
      String name = sign < 0 ? option : option.substring(0, sign);
      String value = sign < 0 ? "" : unquoted(option.substring(sign + 1));
      if (!name.isEmpty()) {
        options.add(name, value, sloppy);
      }
    }
    return options;
  }

  private void add(String name, String value, boolean sloppy) throws NotUnderstoodException {
    String takes = KNOWN.get(name);
    if (takes != null) {
      if (takes.isEmpty() != value.isEmpty()) {
        throw new NotUnderstoodException(
            takes.isEmpty()
                ? "the option '" + name + "' takes no value"
                : "the option '" + name + "' takes a value: " + name + "=" + takes);
      }
      // The last one counts, and of two that exclude each other, too.
      values.remove(name.equals("ro") ? "rw" : name.equals("rw") ? "ro" : name);
      values.put(name, value);
    } else if (name.equals("remount")) {
      throw new NotUnderstoodException(
          "a mount cannot be changed by 'remount': 'aeiou reload MOUNTPOINT' makes its daemon read"
              + " the configuration again; other options take a new mount: umount, and mount");
    } else if (!FOR_OTHERS.contains(name) && !name.startsWith("x-") && !name.startsWith("X-")) {
      if (!sloppy) {
        throw new NotUnderstoodException(unknown(name));
      }
    }
  }

  private static String unknown(String name) {
    String nearest = Spelling.nearest(name, List.copyOf(KNOWN.keySet()));
    return "'"
        + name
        + "' is not an option of a mount"
        + (nearest == null ? "" : "; did you mean '" + nearest + "'?")
        + "; there are "
        + all();
  }

  /** All that there are, for people. */
  static String all() {
    List<String> all = new ArrayList<>();
    KNOWN.forEach((name, takes) -> all.add(takes.isEmpty() ? name : name + "=" + takes));
    return String.join(", ", all);
  }

  private static List<String> split(String list) {
    List<String> options = new ArrayList<>();
    StringBuilder option = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      quoted ^= c == '"';
      if (c == ',' && !quoted) {
        options.add(option.toString());
        option.setLength(0);
      } else {
        option.append(c);
      }
    }
    options.add(option.toString());
    return options;
  }

  private static String unquoted(String value) {
    boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return isQuoted ? value.substring(1, value.length() - 1) : value;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value of an option; null if it is not in the list. */
  String value(String name) {
    return values.get(name);
  }
}
