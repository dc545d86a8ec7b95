package org.aeiou.daemon.attach;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;

/** How paths are spelled. */
final class Paths {
  private static final Splitter NAMES = Splitter.on('/').omitEmptyStrings();
  private static final Joiner PATH = Joiner.on('/');

  private Paths() {}

  /** The one spelling of a path: no slash at its beginning or end, and no two together. */
  static String canonical(String path) {
    boolean isCanonical = !path.startsWith("/") && !path.endsWith("/") && !path.contains("//");
    return isCanonical ? path : PATH.join(NAMES.split(path));
  }
}
