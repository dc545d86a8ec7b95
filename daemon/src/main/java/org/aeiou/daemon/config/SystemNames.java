package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Which names systems can have: each is a path of directories. */
final class SystemNames {
  private static final int MAX_COMPONENT = 255;

  private SystemNames() {}

  /** What is wrong with a name, or null. */
  static String wrong(String name) {
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
      if (component.codePoints().anyMatch(Character::isISOControl)) {
        return "is not a name; it holds control characters";
      }
    }
    return null;
  }

  /** All directories that hold systems: {@code a} and {@code a/b} for {@code a/b/c}. */
  static Set<String> directories(Collection<String> names) {
    Set<String> directories = new HashSet<>();
    for (String name : names) {
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        directories.add(name.substring(0, slash));
      }
    }
    return directories;
  }
}
