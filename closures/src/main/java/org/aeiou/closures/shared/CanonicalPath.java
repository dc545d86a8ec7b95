package org.aeiou.closures.shared;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;

/** How paths are spelled where two processes must spell them alike: in the value table. */
public final class CanonicalPath {
  private static final Splitter NAMES = Splitter.on('/').omitEmptyStrings();
  private static final Joiner PATH = Joiner.on('/');

  private CanonicalPath() {}

  /** The one spelling of a path: no slash at its beginning or end, and no two together. */
  public static String of(String path) {
    boolean isCanonical = !path.startsWith("/") && !path.endsWith("/") && !path.contains("//");
    return isCanonical ? path : PATH.join(NAMES.split(path));
  }
}
