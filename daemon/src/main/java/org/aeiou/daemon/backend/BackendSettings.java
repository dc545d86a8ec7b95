package org.aeiou.daemon.backend;

/**
 * How a back end asks one system. Only the back end that read it knows what is in it. Immutable,
 * with value equality.
 */
public interface BackendSettings {

  /** Whether both lead to the same agent: readings by one are readings by the other. */
  boolean isSameAgent(BackendSettings other);

  /** Where the system is, as the configuration writes it: {@code 10.0.0.1:161}. */
  String address();

  /**
   * The rest as a person may see it: keys and values of YAML, {@code version: 2c, community:
   * "***"}. Shows no secret. May be empty.
   */
  String text();
}
