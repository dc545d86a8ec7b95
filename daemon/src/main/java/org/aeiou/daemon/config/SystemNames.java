package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which names systems can have: each is a path of directories. */
public final class SystemNames {
  /** The kernel's NAME_MAX. */
  private static final int MAX_COMPONENT = 255;

  /** A quarter of the kernel's PATH_MAX: the mount point and the tree below need room, too. */
  private static final int MAX_NAME = 1024;

  private SystemNames() {}

  /** What is wrong with a name, or null. */
  public static String wrong(String name) {
    if (!UTF_8.newEncoder().canEncode(name)) {
      return "is not a name; it cannot be written in UTF-8";
    }
    if (name.getBytes(UTF_8).length > MAX_NAME) {
      return "is not a name; it is longer than " + MAX_NAME + " bytes";
    }
    for (String component : name.split("/", -1)) {
      if (component.isEmpty()) {
        return "is not a name; a part between slashes is empty";
      }
      if (component.startsWith(".")) {
        return "is not a name; names that begin with a dot are the daemon's own";
      }
      if (component.getBytes(UTF_8).length > MAX_COMPONENT) {
        return "is not a name; a part between slashes is longer than " + MAX_COMPONENT + " bytes";
      }
      if (!component.equals(component.strip())) {
        return "is not a name; a part between slashes begins or ends with a space";
      }
      if (component.codePoints().anyMatch(Character::isISOControl)) {
        return "is not a name; it holds control characters";
      }
    }
    return null;
  }

  /**
   * All directories that hold systems, with the first of these systems: {@code a} and {@code a/b}
   * for {@code a/b/c}.
   */
  public static Map<String, String> directories(Collection<String> names) {
    Map<String, String> directories = new HashMap<>();
    for (String name : names) {
      if (name.length() > MAX_NAME) {
        // It is wrong anyway, and may be all slashes.
        continue;
      }
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        directories.putIfAbsent(name.substring(0, slash), name);
      }
    }
    return directories;
  }
}
