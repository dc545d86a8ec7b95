package org.aeiou.daemon.config;

import java.util.List;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> errors;

  public ConfigurationException(List<String> errors) {
    super(String.join("\n", errors));
    this.errors = List.copyOf(errors);
  }

  /** One line each, as in {@code net.yaml:12: systems.core1.address: …}. Holds no secret. */
  public List<String> errors() {
    return errors;
  }
}
