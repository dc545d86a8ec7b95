package org.aeiou.daemon.backend;

import java.util.Map;

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
   * The rest as a person may see it: the keys of the back end's section, with texts, numbers or
   * further keys below them. Shows no secret. May be empty.
   */
  Map<String, Object> shown();
}
