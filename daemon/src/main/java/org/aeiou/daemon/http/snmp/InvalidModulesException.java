package org.aeiou.daemon.http.snmp;

import java.util.List;

/** Files that define modules are wrong. */
public final class InvalidModulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  InvalidModulesException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** Everything that is wrong, each with its file and line. */
  public List<String> problems() {
    return problems;
  }
}
