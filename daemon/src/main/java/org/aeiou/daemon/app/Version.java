package org.aeiou.daemon.app;

import java.util.Objects;

/** The version of the program. */
public final class Version {

  private Version() {}

  /** What the jar was built as. */
  public static String text() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "development");
  }
}
