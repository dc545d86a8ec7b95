package org.aeiou.daemon.attach;

import org.aeiou.closures.shared.Operation;
import org.aeiou.daemon.tree.View;

/** Which view a path is looked for in. */
final class Paths {
  /** The daemon's own files, which no view changes: reading them asks no network. */
  private static final String OWN = ".aeiou";

  private Paths() {}

  /**
   * The path of the same thing in the view that a request's flags ask for.
   *
   * @param path in its one spelling
   * @return null if the path is in the opposite view
   */
  static String viewed(String path, int flags) {
    if ((flags & Operation.HIT_ONLY) != 0) {
      return viewed(path, View.CACHED, View.UNCACHED);
    }
    return (flags & Operation.FORCE_MISS) != 0 ? viewed(path, View.UNCACHED, View.CACHED) : path;
  }

  private static String viewed(String path, View wanted, View opposite) {
    int slash = path.indexOf('/');
    String first = slash < 0 ? path : path.substring(0, slash);
    if (first.equals(opposite.directory())) {
      return null;
    }
    return first.equals(wanted.directory()) || first.equals(OWN)
        ? path
        : wanted.directory() + "/" + path;
  }
}
