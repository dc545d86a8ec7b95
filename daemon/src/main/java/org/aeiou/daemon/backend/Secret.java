package org.aeiou.daemon.backend;

import java.util.Objects;

/** A community, password or the like. Nothing that prints it shows it. */
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = Objects.requireNonNull(value);
  }

  /** The secret itself: for the protocol, never for a message, a log line or a file. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** Three asterisks. */
  @Override
  public String toString() {
    return "***";
  }
}
